
namespace HvBindgen.Generator.Diff.Reports;

/// <summary>What stands at the top of every form: what was compared, the verdict, and how many sets are behind it.</summary>
/// <param name="comparison">The answer.</param>
internal sealed class ReportHead(AbiComparison comparison)
{
    /// <summary>The word where nothing differs and everything was judged.</summary>
    internal const string NoChange = "no ABI change";

    /// <summary>Sets in which something changed, the gravest first.</summary>
    internal IReadOnlyList<AbiDiff> Changed { get; } =
    [
        .. comparison.Sets.Where(diff => diff.Changes.Count > 0).OrderByDescending(diff => diff.Verdict)
            .ThenBy(diff => diff.Set, StringComparer.Ordinal),
    ];

    /// <summary>Whether one set is all that there is to tell of.</summary>
    internal bool IsOne => comparison is { Sets.Count: 1, Unjudged.Count: 0, SameHeaders: 0 };

    // What is judged on some targets is among the sets.
    private int Left => comparison.Unjudged.Count(left => left.Targets.Count == 0);

    private int Unchanged => comparison.Sets.Count(diff => diff.Changes.Count == 0 && diff.Presence == SetPresence.Both)
        + comparison.SameHeaders;

    /// <summary>The verdict in one word.</summary>
    internal string Word => Changed.Count > 0 || comparison.RuleChanges.Count > 0 ? comparison.Verdict.ToText()
        : comparison.Unjudged.Count > 0 ? "not judged in full"
        : NoChange;

    /// <summary>How many changes of which verdict, in how many sets, and what became of the others.</summary>
    internal string Counts()
    {
        List<string> parts = [];
        string changes = ReportText.Counts(Changed.SelectMany(diff => diff.Changes));
        int all = comparison.Sets.Count + comparison.SameHeaders + Left;
        parts.Add(Changed.Count == 0 ? $"{all} compared" : $"{changes} in {Changed.Count} of {all}");
        parts.AddRange(Unchanged > 0 ? [$"{Unchanged} unchanged"] : []);
        parts.AddRange(Left > 0 ? [$"{Left} not judged"] : []);
        parts.AddRange(comparison.Unjudged.Count > Left ? [$"{comparison.Unjudged.Count - Left} not on all targets"] : []);
        int accepted = comparison.Sets.Sum(diff => diff.Suppressed.Count);
        parts.AddRange(accepted > 0 ? [$"{accepted} accepted before"] : []);
        return string.Join("; ", parts);
    }

    /// <summary>The machines, as far as all sets agree on them.</summary>
    internal IReadOnlyList<string> Targets() => [.. comparison.Sets.SelectMany(diff => (IEnumerable<string>)diff.Targets).Distinct()];
}
