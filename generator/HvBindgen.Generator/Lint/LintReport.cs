using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using HvBindgen.Generator.Output;

namespace HvBindgen.Generator.Lint;

/// <summary>Findings for people and for programs.</summary>
public static class LintReport
{
    /// <summary>Version of the JSON; it rises with every incompatible change.</summary>
    public const int Schema = 1;

    /// <summary>Writes findings as plain text: the gravest first, what a rule means once.</summary>
    /// <param name="results">One for each set.</param>
    /// <param name="paint">Puts colour around a severity's word; null for none.</param>
    /// <returns>Lines ending in line feeds.</returns>
    public static string Write(IReadOnlyList<LintResult> results, Func<LintSeverity, string, string>? paint = null)
    {
        StringBuilder text = new();
        foreach (LintResult result in results)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append($"{result.Set}: {Counts(result)} on {string.Join(", ", result.Targets)}\n");
            string previous = "";
            foreach (LintFinding finding in result.Findings
                .OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Rule.Id, StringComparer.Ordinal))
            {
                string word = finding.Severity.ToText();
                string heading = $"{paint?.Invoke(finding.Severity, word) ?? word} {finding.Rule.Id}: {finding.Rule.Title}\n";
                text.Append(heading == previous ? "" : $"\n{heading}");
                previous = heading;
                string only = finding.Targets.Count < result.Targets.Count ? $" (only on {string.Join(", ", finding.Targets)})" : "";
                text.Append("    ").Append(VisibleText.Of($"{finding.Location}: {finding.Symbol}: {finding.Message}{only}")).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>Writes findings as JSON.</summary>
    /// <param name="results">One for each set.</param>
    /// <returns>JSON ending in a line feed.</returns>
    public static string WriteJson(IReadOnlyList<LintResult> results) => JsonText.Write(
        new LintDocument(Schema, [.. results.Select(result => new LintSetDocument(
            result.Set, [.. result.Targets], FindingsOf(result.Findings), FindingsOf(result.Accepted)))]),
        LintJsonContext.Text.LintDocument);

    private static LintFindingDocument[] FindingsOf(IEnumerable<LintFinding> findings) =>
    [
        .. findings.Select(finding => new LintFindingDocument(
            finding.Rule.Id, finding.Rule.Title, finding.Severity.ToText(), finding.Symbol, finding.Message, finding.Location.Header,
            finding.Location.Line, [.. finding.Targets])),
    ];

    private static string Counts(LintResult result)
    {
        List<string> counts = [];
        foreach (LintSeverity severity in LintSeverityText.All.Reverse())
        {
            int count = result.Findings.Count(finding => finding.Severity == severity);
            if (count > 0)
            {
                counts.Add($"{count} {severity.ToText()}{(count > 1 ? "s" : "")}");
            }
        }

        string accepted = result.Accepted.Count > 0 ? $" ({result.Accepted.Count} accepted)" : "";
        return (counts.Count > 0 ? string.Join(", ", counts) : "nothing found") + accepted;
    }
}

internal sealed record LintDocument(int Schema, IReadOnlyList<LintSetDocument> Sets);

internal sealed record LintSetDocument(
    string Set, IReadOnlyList<string> Targets, IReadOnlyList<LintFindingDocument> Findings, IReadOnlyList<LintFindingDocument> Accepted);

internal sealed record LintFindingDocument(
    string Rule, string Title, string Severity, string Symbol, string Message, string Header, int Line, IReadOnlyList<string> Targets);

[JsonSerializable(typeof(LintDocument))]
internal sealed partial class LintJsonContext : JsonSerializerContext
{
    internal static LintJsonContext Text { get; } = new(JsonText.Options(JsonNamingPolicy.SnakeCaseLower));
}
