using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Reports;

/// <summary>Phrases that all reports share.</summary>
internal static class ReportText
{
    private const int MaximumNames = 5;

    /// <summary>The two forms of a change in one phrase.</summary>
    internal static string Transition(AbiChange change) => (change.Before.Length, change.After.Length) switch
    {
        (0, 0) => "",
        (0, _) => change.After,
        (_, 0) => $"was {change.Before}",
        _ => $"{change.Before} -> {change.After}",
    };

    /// <summary>Where only some targets see a change; empty where all do.</summary>
    internal static string OnlyOn(AbiDiff diff, AbiChange change) =>
        diff.IsPartial(change) ? $"only on {Join(change.Targets)}" : "";

    /// <summary>What becomes of programs, in both directions, and of C# code.</summary>
    internal static string Directions(AbiChange change)
    {
        Judgement judgement = change.Judgement;
        return $"old program on new kernel: {judgement.OldProgram.ToText()}; new program on old kernel: {judgement.NewProgram.ToText()}; "
            + $"C#: {judgement.CSharp.ToText()}";
    }

    /// <summary>The first of many names, and how many more there are.</summary>
    internal static string Some(EquatableArray<string> names) => names.Count <= MaximumNames
        ? Join(names)
        : $"{Join(names.Take(MaximumNames))} and {names.Count - MaximumNames} more";

    /// <summary>What could not be judged, and where that is not everywhere, on which targets.</summary>
    internal static string NameOf(Unjudged left) => left.Targets.Count == 0 ? left.Set : $"{left.Set} on {Join(left.Targets)}";

    /// <summary>What could not be judged, by cause, the most frequent first.</summary>
    internal static IReadOnlyList<IGrouping<string, Unjudged>> CausesOf(IReadOnlyList<Unjudged> unjudged) =>
    [
        .. unjudged.GroupBy(left => left.Cause, StringComparer.Ordinal).OrderByDescending(cause => cause.Count())
            .ThenBy(cause => cause.Key, StringComparer.Ordinal),
    ];

    internal static string Join(IEnumerable<string> words) => string.Join(", ", words);

    /// <summary>Whether it is safe, in one sentence.</summary>
    internal static string Answer(Verdict verdict) => verdict switch
    {
        Verdict.Break => "Not safe: programs that run today stop working.",
        Verdict.SourceBreak => "Safe for compiled programs; sources must be touched before they compile again.",
        Verdict.Conditional => "Safe only if the stated conditions hold, which headers alone cannot show.",
        Verdict.Additive => "Safe: something new, and what was there stays as it was.",
        _ => "Safe: no program can notice a difference.",
    };

    /// <summary>The suggestion in one line.</summary>
    internal static string NextVersion(VersionSuggestion suggestion) =>
        $"next version {suggestion.Next} ({suggestion.Step.ToString().ToLowerInvariant()})";

    /// <summary>One line on the whole: how many changes of which verdict.</summary>
    internal static string Summary(AbiDiff diff) =>
        diff.Changes.Count == 0 ? $"{diff.Set}: no ABI change on {Join(diff.Targets)}" : $"{diff.Set}: {Counts(diff)}";

    /// <summary>How many changes of which verdict.</summary>
    internal static string Counts(AbiDiff diff) => Counts(diff.Changes);

    /// <summary>How many changes of which verdict.</summary>
    internal static string Counts(IEnumerable<AbiChange> changes)
    {
        AbiChange[] all = [.. changes];
        List<string> counts = [];
        for (Verdict verdict = Verdict.Break; verdict >= Verdict.None; verdict--)
        {
            int count = all.Count(change => change.Verdict == verdict);
            if (count > 0)
            {
                counts.Add($"{count} {(verdict == Verdict.None ? "without effect" : verdict.ToText())}");
            }
        }

        return Join(counts);
    }

    /// <summary>The gravest of what follows from a change, the first of its kind.</summary>
    internal static AbiChange Gravest(AbiChange change)
    {
        AbiChange worst = change;
        foreach (AbiChange consequence in change.Consequences)
        {
            AbiChange inner = Gravest(consequence);
            worst = inner.Judgement.Level > worst.Judgement.Level ? inner : worst;
        }

        return worst;
    }

    /// <summary>Whether what follows from a change is graver than the change itself.</summary>
    internal static bool IsGraver(AbiChange change) => change.Verdict > change.Judgement.Level;

    /// <summary>Where a change stands, and whether that is the old place of something that is gone; empty where nothing is known.</summary>
    internal static string Place(AbiChange change) =>
        change.Location.Header.Length == 0 ? "" : $"{(change.IsGone ? "was at " : "")}{change.Location}";

    /// <summary>By what a change is known: machines, compiler, and the places on both sides.</summary>
    internal static string Evidence(AbiComparison comparison, AbiChange change)
    {
        string old = change.OldLocation is { Header.Length: > 0 } was ? was.ToString() : "nothing";
        string now = change.IsGone ? "nothing" : change.Location.Header.Length > 0 ? change.Location.ToString() : "a part of its record";
        (string first, string second) = (comparison.Sides?.Before.Reader ?? "", comparison.Sides?.After.Reader ?? "");
        return first == second
            ? $"seen on {Join(change.Targets)}{(first.Length > 0 ? $" by {first}" : "")}; before: {old}; after: {now}"
            : $"seen on {Join(change.Targets)}; before: {old} by {first}; after: {now} by {second}";
    }

    internal static int CountBelow(AbiChange change)
    {
        int count = change.Consequences.Count;
        foreach (AbiChange consequence in change.Consequences)
        {
            count += CountBelow(consequence);
        }

        return count;
    }
}
