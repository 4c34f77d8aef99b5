using HvBindgen.Generator.Model;
using HvBindgen.Generator.Output;

namespace HvBindgen.Generator.Diff.Reports;

/// <summary>The result as SARIF 2.1.0, which code review services show beside the header's line.</summary>
public static class SarifReport
{
    /// <summary>Most findings of a report: code scanning shows as many of a run, and refuses a file of very many.</summary>
    public const int MaximumResults = 5_000;

    private const string SchemaUri = "https://json.schemastore.org/sarif-2.1.0.json";

    /// <summary>
    /// Writes the report, at most <see cref="MaximumResults"/> findings, the gravest. All sets are results of one run: a service shows one
    /// run for each tool.
    /// </summary>
    /// <param name="comparison">The answer.</param>
    /// <param name="pathOf">Path of a header within the repository; the header's name where null.</param>
    /// <param name="toolVersion">Version of the tool.</param>
    /// <returns>JSON ending in a line feed.</returns>
    public static string Write(AbiComparison comparison, Func<SourceLocation, string>? pathOf = null, string toolVersion = "0.1.0")
    {
        List<Finding> findings = [.. comparison.Sets.SelectMany(FindingsOf)];
        int all = findings.Count + comparison.News.Count;
        IEnumerable<Finding> shown = findings.Count <= MaximumResults
            ? findings
            : findings.OrderBy(finding => finding.IsSuppressed).ThenByDescending(finding => finding.Change.Verdict).Take(MaximumResults);
        SarifRule[] rules = RulesOf(comparison.News);
        Dictionary<string, int> indices = rules.Select((rule, index) => (rule.Id, index)).ToDictionary(pair => pair.Id, pair => pair.index);
        SarifResult[] results =
        [
            .. shown.Select(finding => ResultOf(comparison, finding, indices, pathOf)),
            .. comparison.News.Select(finding => ResultOf(finding, indices, pathOf)),
        ];
        SarifRun run = new(
            new SarifTool(new SarifDriver("hvbindgen", toolVersion, rules)),
            "utf16CodeUnits",
            [.. results.Take(MaximumResults)],
            NotificationsOf(comparison, all) is { Count: > 0 } notifications
                ? [new SarifInvocation(comparison.Unjudged.Count == 0, notifications)]
                : null);
        return JsonText.Write(new SarifDocument(SchemaUri, "2.1.0", [run]), SarifJsonContext.Text.SarifDocument);
    }

    /// <summary>SARIF's levels are fewer than ours.</summary>
    internal static string LevelOf(Verdict verdict) => verdict switch
    {
        Verdict.Break => "error",
        Verdict.SourceBreak or Verdict.Conditional => "warning",
        Verdict.Additive => "note",
        _ => "none",
    };

    // Those of the differ, and of lint those that found something.
    private static SarifRule[] RulesOf(IReadOnlyList<NewFinding> news) =>
    [
        .. RuleSet.All.Select(rule => new SarifRule(
            rule.Id, new SarifMessage(rule.Title), new SarifMessage(rule.Explanation), new SarifMessage(rule.Remedy),
            new SarifConfiguration(LevelOf(rule.Severity)))),
        .. news.DistinctBy(finding => finding.Rule).OrderBy(finding => finding.Rule, StringComparer.Ordinal)
            .Select(finding => new SarifRule(
            finding.Rule, new SarifMessage(finding.Title), new SarifMessage(finding.Explanation), new SarifMessage(finding.Remedy),
            new SarifConfiguration(finding.Severity))),
    ];

    private static IEnumerable<Finding> FindingsOf(AbiDiff diff) =>
    [
        .. diff.Changes.Select(change => new Finding(diff, change, false)),
        .. diff.Suppressed.Select(change => new Finding(diff, change, true)),
    ];

    // What is left out, and what could not be judged, is said where SARIF has a place for it.
    private static List<SarifNotification> NotificationsOf(AbiComparison comparison, int all)
    {
        List<SarifNotification> notifications =
            [.. comparison.Unjudged.Select(left => new SarifNotification(
                "error", new SarifMessage($"not judged: {ReportText.NameOf(left)}: {left.Reason}")))];
        notifications.AddRange(comparison.Lost.Select(lost => new SarifNotification("warning", new SarifMessage($"lost: {lost}"))));
        if (all > MaximumResults)
        {
            notifications.Add(new SarifNotification(
                "warning",
                new SarifMessage($"{all} findings, of which the gravest {MaximumResults} are here; the JSON report has all of them.")));
        }

        return notifications;
    }

    private static SarifResult ResultOf(
        NewFinding finding, Dictionary<string, int> indices, Func<SourceLocation, string>? pathOf) => new(
        finding.Rule,
        indices[finding.Rule],
        finding.Severity,
        "fail",
        new SarifMessage($"{finding.Symbol}: {finding.Title}: {finding.Message}. New: it can be changed until it is released."),
        [LocationOf(finding.Location, finding.Symbol, pathOf)],
        new Dictionary<string, string>
        {
            ["hvbindgen/v1"] =
                $"{finding.Set}/{finding.Rule}/{finding.Symbol}/{ReportText.Join(finding.Targets)}/{finding.Message}",
        },
        null,
        null);

    private static SarifLocation LocationOf(SourceLocation location, string symbol, Func<SourceLocation, string>? pathOf) => new(
        new SarifPhysicalLocation(
            new SarifArtifact(Uri(pathOf?.Invoke(location) ?? location.Header)),
            // A snapshot knows no lines: the file as a whole, rather than a line that it isn't.
            location.Line > 0 ? new SarifRegion(location.Line, location.Column > 0 ? location.Column : null) : null),
        [new SarifLogicalLocation(symbol)]);

    private static SarifResult ResultOf(
        AbiComparison comparison, Finding finding, Dictionary<string, int> indices, Func<SourceLocation, string>? pathOf)
    {
        (AbiDiff diff, AbiChange change, bool isSuppressed) = finding;
        return new SarifResult(
            change.Rule.Id,
            indices[change.Rule.Id],
            LevelOf(change.Verdict),
            // Only a failure has a level other than none.
            change.Verdict == Verdict.None ? "informational" : "fail",
            new SarifMessage(MessageOf(diff, change)),
            [LocationOf(change.Location, change.Symbol, pathOf)],
            // One finding keeps its identity when lines move: set, rule, symbol and targets make it.
            new Dictionary<string, string>
            {
                ["hvbindgen/v1"] = $"{diff.Set}/{change.Rule.Id}/{change.Symbol}/{ReportText.Join(change.Targets)}",
            },
            isSuppressed ? [new SarifSuppression("external")] : null,
            comparison.ShowsEvidence ? new SarifProperties(ReportText.Evidence(comparison, change)) : null);
    }

    private static string Uri(string path) => string.Join('/', Array.ConvertAll(path.Split('/'), System.Uri.EscapeDataString));

    private static string MessageOf(AbiDiff diff, AbiChange change)
    {
        string text = $"{change.Symbol}: {change.Rule.Title}";
        string transition = ReportText.Transition(change);
        string only = ReportText.OnlyOn(diff, change);
        int below = ReportText.CountBelow(change);
        text += transition.Length > 0 ? $": {transition}" : "";
        text += only.Length > 0 ? $" ({only})" : "";
        text += change.Judgement.Condition.Length > 0 && !ReportText.IsGraver(change) ? $". Safe if {change.Judgement.Condition}" : "";
        text += change.IsGone && change.Location.Line > 0 ? ". The place is that of the old header" : "";
        return text + (below > 0
            ? $". {below} further change{(below > 1 ? "s" : "")} follow{(below > 1 ? "" : "s")}{WhatBreaks(change)}." : ".");
    }

    // A reader of "error" beside a harmless line wants to know what it is that breaks.
    private static string WhatBreaks(AbiChange change)
    {
        if (!ReportText.IsGraver(change))
        {
            return "";
        }

        AbiChange worst = ReportText.Gravest(change);
        string transition = ReportText.Transition(worst);
        return $", among them {worst.Judgement.Level.ToText()}: {worst.Symbol}, {worst.Rule.Title}"
            + (transition.Length > 0 ? $": {transition}" : "");
    }

    private readonly record struct Finding(AbiDiff Diff, AbiChange Change, bool IsSuppressed);
}
