using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff;

/// <summary>The answer to one question: all sets that were compared, and what is to be said beside them.</summary>
/// <param name="Sets">One result for each set.</param>
public sealed record AbiComparison(IReadOnlyList<AbiDiff> Sets)
{
    /// <summary>What was left out on request, in whole sentences: an answer that is not complete says so.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>
    /// What differs in the rules themselves, in whole sentences: which headers are looked at and how, and what is accepted. Judged was by
    /// those of the first side, so the answer holds for them alone.
    /// </summary>
    public IReadOnlyList<string> RuleChanges { get; init; } = [];

    /// <summary>The two sides, for the head of a report; null where nobody named them.</summary>
    public (ComparedSide Before, ComparedSide After)? Sides { get; init; }

    /// <summary>
    /// Whether reports say of each change on which machines, by which compiler and at which lines of both sides it was seen.
    /// </summary>
    public bool ShowsEvidence { get; init; }

    /// <summary>What the rules about new declarations found; no verdict depends on it.</summary>
    public IReadOnlyList<NewFinding> News { get; init; } = [];

    /// <summary>
    /// What was lost between header and model, or is looked at in another way, in whole sentences: what looks removed may be that.
    /// </summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    /// <summary>What could not be compared; the answer holds for the rest.</summary>
    public IReadOnlyList<Unjudged> Unjudged { get; init; } = [];

    /// <summary>Headers that are the same text on both sides, with all that they include, and needed no comparison.</summary>
    public int SameHeaders { get; init; }

    /// <summary>The next version of the generated package; null when nobody asked.</summary>
    public VersionSuggestion? Suggestion { get; init; }

    /// <summary>The worst verdict of all sets; conditional at least where rules differ.</summary>
    public Verdict Verdict
    {
        get
        {
            Verdict verdict = OfRules;
            foreach (AbiDiff diff in Sets)
            {
                verdict = VerdictText.Worst(verdict, diff.Verdict);
            }

            return verdict;
        }
    }

    private Verdict OfRules => RuleChanges.Count > 0 ? Verdict.Conditional : Verdict.None;

    /// <summary>Compares two sides, each with any number of sets.</summary>
    /// <param name="before">The old generation.</param>
    /// <param name="after">The new generation.</param>
    /// <param name="optionsOf">How to compare a set; the defaults where null.</param>
    /// <param name="skipsNew">Leave out sets and targets that only the new side has, with a note, instead of refusing.</param>
    /// <returns>One result for each set.</returns>
    /// <exception cref="DiffException">The sides hold different sets or targets, so that no answer would be complete.</exception>
    public static AbiComparison Of(
        IReadOnlyList<AbiModel> before, IReadOnlyList<AbiModel> after, Func<string, DiffOptions>? optionsOf = null, bool skipsNew = false)
    {
        List<string> notes = [];
        List<AbiDiff> diffs = [];
        string[] sets = [.. before.Concat(after).Select(model => model.Set).Distinct().Order(StringComparer.Ordinal)];
        foreach (string set in sets)
        {
            List<AbiModel> old = [.. before.Where(model => model.Set == set)];
            List<AbiModel> now = [.. after.Where(model => model.Set == set)];
            if (old.Count == 0 && now.Count > 0 && skipsNew)
            {
                notes.Add($"Set {set} is new and has nothing to be compared with.");
                continue;
            }

            if (skipsNew)
            {
                foreach (AbiModel model in now.ToList().Where(model => !old.Exists(other => other.Target.Name == model.Target.Name)))
                {
                    notes.Add($"Target {model.Target.Name} of {set} is new and has nothing to be compared with.");
                    now.Remove(model);
                }
            }

            CheckBothHave(set, before, after, old.Count, now.Count);
            diffs.Add(AbiDiffer.Compare(old, now, optionsOf?.Invoke(set)));
        }

        return diffs.Count > 0
            ? new AbiComparison(SharedChanges.Merge(diffs)) { Notes = notes }
            : throw new DiffException("nothing to compare: no set and no target is on both sides");
    }

    private static void CheckBothHave(string set, IReadOnlyList<AbiModel> before, IReadOnlyList<AbiModel> after, int old, int now)
    {
        if (old > 0 && now > 0)
        {
            return;
        }

        // Two different sets are refused with both names, not as sets that the other side lacks.
        if (before.All(model => model.Set == before[0].Set) && after.All(model => model.Set == after[0].Set))
        {
            AbiDiffer.Compare(before, after);
        }

        throw new DiffException($"set \"{set}\" is missing on the {(old == 0 ? "first" : "second")} side: give both sides the same sets");
    }

    /// <summary>The exit code of the command line for this answer.</summary>
    /// <param name="failOn">Lowest verdict below a break that counts as failure.</param>
    /// <returns>0 compatible; 1 conditional or source break at or above the limit; 4 break; 2 no break, and something that could not be
    /// compared.</returns>
    public int ExitCode(Verdict failOn)
    {
        int code = OfRules != Verdict.None && failOn <= OfRules ? 1 : 0;
        foreach (AbiDiff diff in Sets)
        {
            code = Math.Max(code, diff.ExitCode(failOn));
        }

        return code < 4 && Unjudged.Count > 0 ? 2 : code;
    }
}
