using System.Globalization;
using System.Text.Json;
using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff;

/// <summary>
/// Accepted changes, read from a file, and taken out of results. One that no longer applies is an error, so that the list stays true.
/// </summary>
public sealed class Suppressions
{
    private readonly string source;
    private readonly List<Suppression> items;

    private Suppressions(string source, List<Suppression> items)
    {
        this.source = source;
        this.items = items;
    }

    /// <summary>The suppressions in the order of the file.</summary>
    public IReadOnlyList<Suppression> Items => items;

    /// <summary>Reads a file: <c>{"suppressions": [{"rule", "symbol", "target"?, "reason", "expires"}]}</c>.</summary>
    /// <param name="json">Content of the file.</param>
    /// <param name="source">Name of the file, for messages.</param>
    /// <returns>The suppressions.</returns>
    /// <exception cref="DiffException">The file is damaged, or names a rule or target that does not exist.</exception>
    public static Suppressions Read(ReadOnlyMemory<byte> json, string source) =>
        new(source, EntryList.Read(json, source, "suppressions", "suppression", ReadItem));

    /// <summary>Takes the accepted changes out of results; a consequence can be accepted without its cause.</summary>
    /// <param name="diffs">The results, one for each set.</param>
    /// <param name="today">The day that expiry is counted from.</param>
    /// <param name="isKept">Which suppressions must still be true; null for all. One that is being removed need not be.</param>
    /// <returns>The results with those changes among the suppressed ones.</returns>
    /// <exception cref="DiffException">A suppression has expired or matches nothing in any set; all such are named.</exception>
    public IReadOnlyList<AbiDiff> Apply(IReadOnlyList<AbiDiff> diffs, DateOnly today, Func<Suppression, bool>? isKept = null)
    {
        HashSet<Suppression> used = [];
        List<AbiDiff> left = [];
        foreach (AbiDiff diff in diffs)
        {
            List<AbiChange> suppressed = [];
            List<AbiChange> kept = [];
            foreach (AbiChange change in diff.Changes)
            {
                Keep(change, used, suppressed, kept);
            }

            left.Add(
                diff with { Changes = TargetMerger.Ordered(kept), Suppressed = EquatableArray.From([.. diff.Suppressed, .. suppressed]) });
        }

        CheckAll(used, today, isKept);
        return left;
    }

    private void CheckAll(HashSet<Suppression> used, DateOnly today, Func<Suppression, bool>? isKept)
    {
        List<string> faults = [];
        foreach (Suppression item in items)
        {
            if (isKept?.Invoke(item) == false)
            {
                continue;
            }

            if (item.Expires < today)
            {
                faults.Add($"{source}: {item} expired on {item.Expires:yyyy-MM-dd} ({item.Reason}): decide again");
            }
            else if (!used.Contains(item))
            {
                faults.Add($"{source}: {item} matches no change any more: remove it");
            }
        }

        if (faults.Count > 0)
        {
            throw new DiffException(string.Join('\n', faults));
        }
    }

    private void Keep(AbiChange change, HashSet<Suppression> used, List<AbiChange> suppressed, List<AbiChange> kept)
    {
        List<string> targets = [.. change.Targets];
        foreach (Suppression item in items)
        {
            if (item.Matches(change))
            {
                used.Add(item);
                targets.RemoveAll(target => item.Target is null || item.Target == target);
            }
        }

        if (targets.Count < change.Targets.Count)
        {
            AbiChange accepted = Restrict(change, [.. change.Targets.Except(targets)])!;
            List<AbiChange> graver = [];
            suppressed.Add(WithoutGraver(accepted, accepted.Judgement.Level, graver));
            foreach (AbiChange consequence in graver)
            {
                Keep(consequence, used, suppressed, kept);
            }

            if (targets.Count == 0)
            {
                return;
            }

            change = Restrict(change, targets)!;
        }

        List<AbiChange> consequences = [];
        foreach (AbiChange consequence in change.Consequences)
        {
            Keep(consequence, used, suppressed, consequences);
        }

        kept.Add(change.Followed(EquatableArray.From(consequences), change.Targets, change.Reach));
    }

    // Who accepts a change accepts what follows from it, but nothing worse: an enumerator that is added is harmless, and the values that
    // it moves are not.
    private static AbiChange WithoutGraver(AbiChange change, Verdict level, List<AbiChange> graver)
    {
        List<AbiChange> left = [];
        foreach (AbiChange consequence in change.Consequences)
        {
            if (consequence.Judgement.Level > level)
            {
                graver.Add(consequence);
            }
            else
            {
                left.Add(WithoutGraver(consequence, level, graver));
            }
        }

        return graver.Count == 0 ? change : change.Followed(EquatableArray.From(left), change.Targets, change.Reach);
    }

    // What follows from a change is accepted with it, on the same targets.
    private static AbiChange? Restrict(AbiChange change, List<string> targets)
    {
        List<string> seen = [.. change.Targets.Where(targets.Contains)];
        if (seen.Count == 0)
        {
            return null;
        }

        List<AbiChange> consequences = [.. change.Consequences.Select(consequence => Restrict(consequence, targets)).OfType<AbiChange>()];
        return change.Followed(EquatableArray.From(consequences), EquatableArray.From(seen), change.Reach);
    }

    private static Suppression ReadItem(JsonElement element, string place)
    {
        string rule = EntryList.Text(element, "rule", place);
        if (RuleSet.All.Find(rule) is null)
        {
            throw new DiffException($"{place}: there is no rule {rule}; hvbindgen explain lists them");
        }

        string? target = element.TryGetProperty("target", out _) ? EntryList.Text(element, "target", place) : null;
        if (target is not null && TargetInfo.Find(target) is null)
        {
            throw new DiffException($"{place}: target \"{target}\" is not known");
        }

        string reason = EntryList.Text(element, "reason", place);
        string expires = EntryList.Text(element, "expires", place);
        return DateOnly.TryParseExact(expires, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? new Suppression(rule, EntryList.Text(element, "symbol", place), target, reason, day)
            : throw new DiffException($"{place}: \"expires\" is \"{expires}\", not a day such as 2026-12-31");
    }
}
