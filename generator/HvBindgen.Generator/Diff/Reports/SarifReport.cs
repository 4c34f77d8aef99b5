using System.Text.Json;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Reports;

/// <summary>The result as SARIF 2.1.0, which code review services show beside the header's line.</summary>
public static class SarifReport
{
    private const string SchemaUri = "https://json.schemastore.org/sarif-2.1.0.json";

    /// <summary>Writes the report.</summary>
    /// <param name="diff">The result.</param>
    /// <param name="headerRoot">Folder of the headers within the repository, put in front of their names; empty for none.</param>
    /// <param name="toolVersion">Version of the tool.</param>
    /// <returns>JSON ending in a line feed.</returns>
    public static string Write(AbiDiff diff, string headerRoot = "", string toolVersion = "0.1.0") => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("$schema", SchemaUri);
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        WriteTool(json, toolVersion);
        json.WriteString("columnKind", "utf16CodeUnits");
        json.WriteStartArray("results");
        foreach (AbiChange change in diff.Changes)
        {
            WriteResult(json, diff, change, headerRoot, isSuppressed: false);
        }

        foreach (AbiChange change in diff.Suppressed)
        {
            WriteResult(json, diff, change, headerRoot, isSuppressed: true);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

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

    private static void WriteResult(Utf8JsonWriter json, AbiDiff diff, AbiChange change, string headerRoot, bool isSuppressed)
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
        json.WriteString("uri", Uri(headerRoot, change.Location));
        json.WriteEndObject();
        if (change.Location.Line > 0)
        {
            json.WriteStartObject("region");
            json.WriteNumber("startLine", change.Location.Line);
            if (change.Location.Column > 0)
            {
                json.WriteNumber("startColumn", change.Location.Column);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartArray("logicalLocations");
        json.WriteStartObject();
        json.WriteString("fullyQualifiedName", change.Symbol);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();

        // One finding keeps its identity when lines move: rule, symbol and targets make it.
        json.WriteStartObject("partialFingerprints");
        json.WriteString("hvbindgen/v1", $"{change.Rule.Id}/{change.Symbol}/{ReportText.Join(change.Targets)}");
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

    private static string Uri(string headerRoot, SourceLocation location)
    {
        string path = headerRoot.Length == 0 ? location.Header : $"{headerRoot.TrimEnd('/')}/{location.Header}";
        return string.Join('/', Array.ConvertAll(path.Split('/'), System.Uri.EscapeDataString));
    }

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
