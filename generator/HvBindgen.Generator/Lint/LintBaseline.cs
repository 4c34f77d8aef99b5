using System.IO.Enumeration;
using System.Text.Json;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint;

/// <summary>One accepted finding, or several of a rule.</summary>
/// <param name="Rule">Id of the rule.</param>
/// <param name="Symbol">Pattern of symbols; <c>*</c> is any run of characters.</param>
/// <param name="Reason">Why it is accepted.</param>
public sealed record AcceptedFinding(string Rule, string Symbol, string Reason);

/// <summary>
/// Findings that were accepted, read from a file: what was released stays as it is, what is new is looked at. An entry that accepts
/// nothing is an error, so that the list stays true.
/// </summary>
public sealed class LintBaseline
{
    private readonly string source;
    private readonly List<AcceptedFinding> items;

    private LintBaseline(string source, List<AcceptedFinding> items)
    {
        this.source = source;
        this.items = items;
    }

    /// <summary>The accepted findings in the order of the file.</summary>
    public IReadOnlyList<AcceptedFinding> Items => items;

    /// <summary>Reads a file: <c>{"accepted": [{"rule", "symbol", "reason"}]}</c>.</summary>
    /// <param name="json">Content of the file.</param>
    /// <param name="source">Name of the file, for messages.</param>
    /// <returns>The baseline.</returns>
    /// <exception cref="DiffException">The file is damaged, or names a rule that does not exist.</exception>
    public static LintBaseline Read(ReadOnlyMemory<byte> json, string source) =>
        new(source, EntryList.Read(json, source, "accepted", "entry", ReadItem));

    /// <summary>Writes a file that accepts all findings, each by its rule and symbol.</summary>
    /// <param name="results">One for each set.</param>
    /// <returns>JSON that <see cref="Read"/> reads, by <c>headers/lint-baseline.schema.json</c>; sorted, one entry a line.</returns>
    public static string Write(IReadOnlyList<LintResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        IEnumerable<string> entries = results.SelectMany(result => result.Findings.Concat(result.Accepted))
            .Select(finding => (finding.Rule.Id, finding.Symbol)).Distinct()
            .OrderBy(entry => entry.Id, StringComparer.Ordinal).ThenBy(entry => entry.Symbol, StringComparer.Ordinal)
            .Select(entry => $"    {{\"rule\": \"{entry.Id}\", \"symbol\": \"{JsonEncodedText.Encode(entry.Symbol)}\", "
                + "\"reason\": \"there when the baseline was written\"}");
        string list = string.Join(",\n", entries);
        return list.Length == 0 ? "{\n  \"accepted\": []\n}\n" : $"{{\n  \"accepted\": [\n{list}\n  ]\n}}\n";
    }

    /// <summary>Takes accepted findings out of results.</summary>
    /// <param name="results">One for each set.</param>
    /// <returns>The results with those findings among the accepted ones.</returns>
    /// <exception cref="DiffException">Entries accept nothing in any set; all such are named.</exception>
    public IReadOnlyList<LintResult> Apply(IReadOnlyList<LintResult> results)
    {
        HashSet<AcceptedFinding> used = [];
        List<LintResult> left = [];
        foreach (LintResult result in results)
        {
            ILookup<bool, LintFinding> byFate = result.Findings.ToLookup(finding => IsAccepted(finding, used));
            left.Add(result with
            {
                Findings = EquatableArray.From(byFate[false]),
                Accepted = EquatableArray.From([.. result.Accepted, .. byFate[true]]),
            });
        }

        string[] faults =
        [
            .. items.Where(item => !used.Contains(item))
                .Select(item => $"{source}: {item.Rule} for {item.Symbol} is found no more: remove it"),
        ];
        return faults.Length == 0 ? left : throw new DiffException(string.Join('\n', faults));
    }

    private bool IsAccepted(LintFinding finding, HashSet<AcceptedFinding> used)
    {
        bool isAccepted = false;
        foreach (AcceptedFinding item in items)
        {
            if (string.Equals(item.Rule, finding.Rule.Id, StringComparison.OrdinalIgnoreCase)
                && FileSystemName.MatchesSimpleExpression(item.Symbol, finding.Symbol, ignoreCase: false))
            {
                used.Add(item);
                isAccepted = true;
            }
        }

        return isAccepted;
    }

    private static AcceptedFinding ReadItem(JsonElement element, string place)
    {
        string rule = EntryList.Text(element, "rule", place);
        return LintRules.All.Find(rule) is not null
            ? new AcceptedFinding(rule, EntryList.Text(element, "symbol", place), EntryList.Text(element, "reason", place))
            : throw new DiffException($"{place}: there is no rule {rule} of lint; hvbindgen explain lists them");
    }
}
