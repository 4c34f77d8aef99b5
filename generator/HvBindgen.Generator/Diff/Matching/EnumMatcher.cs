using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Pairs enums by name, and those without one, or with another one, by the enumerators they share.</summary>
internal static class EnumMatcher
{
    internal static List<EnumPair> Match(MatchContext context)
    {
        List<EnumPair> pairs = [];
        List<AbiEnum> gone = [];
        List<AbiEnum> added = [];
        foreach (AbiEnum @enum in context.Before.Enums)
        {
            if (@enum.Name.Length == 0 || context.After.Index.FindEnum(@enum.CName) is not { } now)
            {
                gone.Add(@enum);
            }
            else if (!@enum.Equals(now))
            {
                pairs.Add(new EnumPair(@enum, now, context));
            }
        }

        foreach (AbiEnum @enum in context.After.Enums)
        {
            if (@enum.Name.Length == 0 || context.Before.Index.FindEnum(@enum.CName) is null)
            {
                added.Add(@enum);
            }
        }

        MatchByEnumerators(gone, added, context, pairs);
        return pairs;
    }

    private static void MatchByEnumerators(List<AbiEnum> gone, List<AbiEnum> added, MatchContext context, List<EnumPair> pairs)
    {
        Dictionary<string, AbiEnum> owners = new(StringComparer.Ordinal);
        foreach (AbiEnum @enum in gone)
        {
            foreach (AbiEnumerator enumerator in @enum.Enumerators)
            {
                owners[enumerator.Name] = @enum;
            }
        }

        // The pair that shares most comes first, so that an enum split in two goes on in its larger half.
        List<(AbiEnum Old, AbiEnum Now, int Shared)> candidates = [];
        foreach (AbiEnum now in added)
        {
            Dictionary<AbiEnum, int> shared = new(ReferenceEqualityComparer.Instance);
            foreach (AbiEnumerator enumerator in now.Enumerators)
            {
                if (owners.TryGetValue(enumerator.Name, out AbiEnum? old))
                {
                    shared[old] = shared.GetValueOrDefault(old) + 1;
                }
            }

            foreach ((AbiEnum old, int count) in shared)
            {
                candidates.Add((old, now, count));
            }
        }

        candidates.Sort(static (left, right) => right.Shared.CompareTo(left.Shared));
        HashSet<AbiEnum> done = new(ReferenceEqualityComparer.Instance);
        foreach ((AbiEnum old, AbiEnum now, _) in candidates)
        {
            if (done.Contains(old) || done.Contains(now))
            {
                continue;
            }

            done.Add(old);
            done.Add(now);
            if (old.Name != now.Name && old.Name.Length > 0 && now.Name.Length > 0)
            {
                context.Types.AddRename(old.CName, now.CName);
            }

            if (!old.Equals(now))
            {
                pairs.Add(new EnumPair(old, now, context));
            }
        }

        AddUnmatched(gone, added, done, context, pairs);
    }

    private static void AddUnmatched(
        List<AbiEnum> gone, List<AbiEnum> added, HashSet<AbiEnum> done, MatchContext context, List<EnumPair> pairs)
    {
        foreach (AbiEnum old in gone)
        {
            if (!done.Contains(old) && context.OwnBefore.Contains(old.Location))
            {
                pairs.Add(new EnumPair(old, null, context));
            }
        }

        foreach (AbiEnum now in added)
        {
            if (!done.Contains(now) && context.OwnAfter.Contains(now.Location))
            {
                pairs.Add(new EnumPair(null, now, context));
            }
        }
    }
}
