using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Linking;

/// <summary>
/// Tells a change once that several sets see, because they include the header where it was made: in the set of that header, else in the
/// first, with what follows from it in all of them.
/// </summary>
internal static class SharedChanges
{
    internal static List<AbiDiff> Merge(IReadOnlyList<AbiDiff> diffs)
    {
        Dictionary<Key, int> homes = FindHomes(diffs);
        Dictionary<Key, List<(string Set, AbiChange Change)>> guests = [];
        foreach ((AbiDiff diff, int index) in diffs.Select((diff, index) => (diff, index)))
        {
            foreach (AbiChange change in diff.Changes)
            {
                Key key = Key.Of(change);
                if (homes[key] != index)
                {
                    (guests.TryGetValue(key, out List<(string, AbiChange)>? list) ? list : guests[key] = []).Add((diff.Set, change));
                }
            }
        }

        if (guests.Count == 0)
        {
            return [.. diffs];
        }

        Dictionary<LayoutChange, int> layouts = FindLayouts(diffs);
        return [.. diffs.Select((diff, index) => diff with
        {
            Changes = TargetMerger.Ordered(
            [
                .. diff.Changes.Where(change => homes[Key.Of(change)] == index).Select(change =>
                    guests.TryGetValue(Key.Of(change), out List<(string Set, AbiChange Change)>? others) ? Join(change, others) : change),
            ]),
            Layouts = EquatableArray.From([.. diff.Layouts.Where(layout => layouts[layout] == index)]),
        })];
    }

    private static Dictionary<Key, int> FindHomes(IReadOnlyList<AbiDiff> diffs)
    {
        Dictionary<Key, int> homes = [];
        for (int index = 0; index < diffs.Count; index++)
        {
            foreach (AbiChange change in diffs[index].Changes)
            {
                Key key = Key.Of(change);
                if (!homes.TryAdd(key, index) && diffs[index].Set == change.Location.Header)
                {
                    homes[key] = index;
                }
            }
        }

        return homes;
    }

    // A picture is drawn where the header's own set is, else at first.
    private static Dictionary<LayoutChange, int> FindLayouts(IReadOnlyList<AbiDiff> diffs)
    {
        Dictionary<LayoutChange, int> homes = [];
        for (int index = 0; index < diffs.Count; index++)
        {
            foreach (LayoutChange layout in diffs[index].Layouts)
            {
                if (!homes.TryAdd(layout, index) && diffs[index].Set == layout.After.Location.Header)
                {
                    homes[layout] = index;
                }
            }
        }

        return homes;
    }

    private static AbiChange Join(AbiChange change, List<(string Set, AbiChange Change)> others)
    {
        List<AbiChange> consequences = [.. change.Consequences];
        SortedSet<string> reach = new(change.Reach, StringComparer.Ordinal);
        foreach ((_, AbiChange other) in others)
        {
            consequences.AddRange(other.Consequences.Where(more => !consequences.Exists(known => Key.Of(known) == Key.Of(more))));
            reach.UnionWith(other.Reach);
        }

        return change.Followed(TargetMerger.Ordered(consequences), change.Targets, EquatableArray.From([.. reach])) with
        {
            AlsoIn = EquatableArray.From([.. others.Select(other => other.Set)]),
        };
    }

    private readonly record struct Key(
        string Rule, string Symbol, string Before, string After, Judgement Judgement, string Header, EquatableArray<string> Targets)
    {
        internal static Key Of(AbiChange change) => new(
            change.Rule.Id, change.Symbol, change.Before, change.After, change.Judgement, change.Location.Header, change.Targets);
    }
}
