using HvBindgen.Generator.Model;
using HvBindgen.Generator.Output;

namespace HvBindgen.Generator.Diff.Reports;

/// <summary>The result as SARIF 2.1.0, which code review services show beside the header's line.</summary>
public static class SarifReport
{
    private const string SchemaUri = "https://json.schemastore.org/sarif-2.1.0.json";

    /// <summary>Writes the report. All sets are results of one run: a service shows one run for each tool.</summary>
    /// <param name="comparison">The answer.</param>
    /// <param name="pathOf">Path of a header within the repository; the header's name where null.</param>
    /// <param name="toolVersion">Version of the tool.</param>
    /// <returns>JSON ending in a line feed.</returns>
    public static string Write(AbiComparison comparison, Func<SourceLocation, string>? pathOf = null, string toolVersion = "0.1.0") =>
        JsonText.Write(
            new SarifDocument(
                SchemaUri,
                "2.1.0",
                [new SarifRun(ToolOf(toolVersion), "utf16CodeUnits", [.. comparison.Sets.SelectMany(diff => ResultsOf(diff, pathOf))])]),
            SarifJsonContext.Text.SarifDocument);

    /// <summary>SARIF's levels are fewer than ours.</summary>
    internal static string LevelOf(Verdict verdict) => verdict switch
    {
        Verdict.Break => "error",
        Verdict.SourceBreak or Verdict.Conditional => "warning",
        Verdict.Additive => "note",
        _ => "none",
    };

    private static SarifTool ToolOf(string version) => new(new SarifDriver("hvbindgen", version, [.. RuleSet.All.Select(rule => new SarifRule(
        rule.Id,
        new SarifMessage(rule.Title),
        new SarifMessage(rule.Explanation),
        new SarifMessage(rule.Remedy),
        new SarifConfiguration(LevelOf(rule.Severity))))]));

    private static IEnumerable<SarifResult> ResultsOf(AbiDiff diff, Func<SourceLocation, string>? pathOf) =>
    [
        .. diff.Changes.Select(change => ResultOf(diff, change, pathOf, suppressions: null)),
        .. diff.Suppressed.Select(change => ResultOf(diff, change, pathOf, [new SarifSuppression("external")])),
    ];

    private static SarifResult ResultOf(
        AbiDiff diff, AbiChange change, Func<SourceLocation, string>? pathOf, IReadOnlyList<SarifSuppression>? suppressions) => new(
            change.Rule.Id,
            IndexOf(change.Rule),
            LevelOf(change.Verdict),
            // Only a failure has a level other than none.
            change.Verdict == Verdict.None ? "informational" : "fail",
            new SarifMessage(MessageOf(diff, change)),
            [
                new SarifLocation(
                    new SarifPhysicalLocation(
                        new SarifArtifact(Uri(pathOf?.Invoke(change.Location) ?? change.Location.Header)),
                        // A snapshot knows no lines, and code review shows nothing without one.
                        new SarifRegion(Math.Max(1, change.Location.Line), change.Location.Column > 0 ? change.Location.Column : null)),
                    [new SarifLogicalLocation(change.Symbol)]),
            ],
            // One finding keeps its identity when lines move: set, rule, symbol and targets make it.
            new Dictionary<string, string>
            {
                ["hvbindgen/v1"] = $"{diff.Set}/{change.Rule.Id}/{change.Symbol}/{ReportText.Join(change.Targets)}",
            },
            suppressions);

    private static string Uri(string path) => string.Join('/', Array.ConvertAll(path.Split('/'), System.Uri.EscapeDataString));

    private static string MessageOf(AbiDiff diff, AbiChange change)
    {
        string text = $"{change.Symbol}: {change.Rule.Title}";
        string transition = ReportText.Transition(change);
        string only = ReportText.OnlyOn(diff, change);
        int below = ReportText.CountBelow(change);
        text += transition.Length > 0 ? $": {transition}" : "";
        text += only.Length > 0 ? $" ({only})" : "";
        text += change.Judgement.Condition.Length > 0 ? $". Safe if {change.Judgement.Condition}" : "";
        return text + (below > 0 ? $". {below} further change{(below > 1 ? "s" : "")} follow{(below > 1 ? "" : "s")}." : ".");
    }

    private static int IndexOf(RuleInfo rule)
    {
        for (int index = 0; index < RuleSet.All.Count; index++)
        {
            if (RuleSet.All[index].Id == rule.Id)
            {
                return index;
            }
        }

        return -1;
    }
}
