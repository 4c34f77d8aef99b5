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

    // What MarkdownReport.MaximumLength leaves of a comment, with room for what whoever posts it adds.
    private const int MaximumMarkdown = 4_000;

    /// <summary>Writes findings as plain text: the gravest first, what a rule means once.</summary>
    /// <param name="results">One for each set.</param>
    /// <param name="paint">Puts colour around a severity's word; null for none.</param>
    /// <returns>Lines ending in line feeds.</returns>
    public static string Write(IReadOnlyList<LintResult> results, Func<LintSeverity, string, string>? paint = null)
    {
        StringBuilder text = new();
        foreach (LintResult result in results)
        {
            text.Append(text.Length > 0 ? "\n" : "")
                .Append($"{VisibleText.Of(result.Set)}: {Counts(result)} on {string.Join(", ", result.Targets)}\n");
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

    /// <summary>Writes findings as a folded part of a comment on a pull request.</summary>
    /// <param name="results">One for each set.</param>
    /// <returns>Markdown ending in a line feed; empty without findings.</returns>
    public static string WriteMarkdown(IReadOnlyList<LintResult> results)
    {
        int all = results.Sum(result => result.Findings.Count);
        if (all == 0)
        {
            return "";
        }

        StringBuilder text = new($"\n<details><summary>New declarations: {all} to look at</summary>\n\n");
        int shown = 0;
        foreach (LintFinding finding in results.SelectMany(result => result.Findings).OrderByDescending(finding => finding.Severity))
        {
            string row = $"{finding.Symbol}: {finding.Message} ({finding.Location})";
            row = $"- {finding.Severity.ToText()} {finding.Rule.Id} {finding.Rule.Title}: `{VisibleText.Of(row).Replace('`', '\'')}`\n";
            if (text.Length + row.Length > MaximumMarkdown)
            {
                break;
            }

            text.Append(row);
            shown++;
        }

        return text.Append(shown < all ? $"- and {all - shown} more: hvbindgen lint\n" : "").Append("\n</details>\n").ToString();
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
