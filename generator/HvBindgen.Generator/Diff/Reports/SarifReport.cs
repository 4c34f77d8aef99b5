using System.Text.Json;
using HvBindgen.Generator.Model;

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
    public static string Write(AbiComparison comparison, Func<SourceLocation, string>? pathOf = null, string toolVersion = "0.1.0") => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("$schema", SchemaUri);
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        WriteTool(json, toolVersion);
        json.WriteString("columnKind", "utf16CodeUnits");
        json.WriteStartArray("results");
        foreach (AbiDiff diff in comparison.Sets)
        {
            WriteResults(json, diff, diff.Changes, pathOf, isSuppressed: false);
            WriteResults(json, diff, diff.Suppressed, pathOf, isSuppressed: true);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteResults(
        Utf8JsonWriter json, AbiDiff diff, EquatableArray<AbiChange> changes, Func<SourceLocation, string>? pathOf, bool isSuppressed)
    {
        foreach (AbiChange change in changes)
        {
            WriteResult(json, diff, change, pathOf?.Invoke(change.Location) ?? change.Location.Header, isSuppressed);
        }
    }

    /// <summary>SARIF's levels are fewer than ours.</summary>
    internal static string LevelOf(Verdict verdict) => verdict switch
    {
        Verdict.Break => "error",
        Verdict.SourceBreak or Verdict.Conditional => "warning",
        Verdict.Additive => "note",
        _ => "none",
    };

    private static void WriteTool(Utf8JsonWriter json, string toolVersion)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "hvbindgen");
        json.WriteString("semanticVersion", toolVersion);
        json.WriteStartArray("rules");
        foreach (RuleInfo rule in RuleSet.All)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            WriteMessage(json, "shortDescription", rule.Title);
            WriteMessage(json, "fullDescription", rule.Explanation);
            WriteMessage(json, "help", rule.Remedy);
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", LevelOf(rule.Severity));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, AbiDiff diff, AbiChange change, string path, bool isSuppressed)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", change.Rule.Id);
        json.WriteNumber("ruleIndex", IndexOf(change.Rule));
        json.WriteString("level", LevelOf(change.Verdict));

        // Only a failure has a level other than none.
        json.WriteString("kind", change.Verdict == Verdict.None ? "informational" : "fail");
        WriteMessage(json, "message", MessageOf(diff, change));
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", Uri(path));
        json.WriteEndObject();

        // A snapshot knows no lines, and code review shows nothing without one.
        json.WriteStartObject("region");
        json.WriteNumber("startLine", Math.Max(1, change.Location.Line));
        if (change.Location.Column > 0)
        {
            json.WriteNumber("startColumn", change.Location.Column);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("logicalLocations");
        json.WriteStartObject();
        json.WriteString("fullyQualifiedName", change.Symbol);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();

        // One finding keeps its identity when lines move: set, rule, symbol and targets make it.
        json.WriteStartObject("partialFingerprints");
        json.WriteString("hvbindgen/v1", $"{diff.Set}/{change.Rule.Id}/{change.Symbol}/{ReportText.Join(change.Targets)}");
        json.WriteEndObject();
        if (isSuppressed)
        {
            json.WriteStartArray("suppressions");
            json.WriteStartObject();
            json.WriteString("kind", "external");
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
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

    private static void WriteMessage(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
