using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Two generations of an enum, enumerator by enumerator.</summary>
internal sealed class EnumPair : DeclarationPair<AbiEnum>
{
    internal EnumPair(AbiEnum? before, AbiEnum? after, MatchContext context)
        : base((after ?? before)!.CName, NameOf((after ?? before)!), before, after, context) =>
        Enumerators = before is null || after is null ? [] : EnumeratorPair.Match(before, after);

    /// <summary>Enumerators that differ.</summary>
    internal IReadOnlyList<EnumeratorPair> Enumerators { get; }

    /// <summary>Enumerators are found without their enum in C; a name in front only helps the reader.</summary>
    internal string SymbolOf(string enumerator) => (After ?? Before)!.Name.Length > 0 ? $"{Name}.{enumerator}" : enumerator;

    /// <summary>
    /// What an enumerator's value follows from: the names it is made of, or, where it only counts on, the enumerator before it.
    /// Empty for a value that is written as a number of its own.
    /// </summary>
    internal IReadOnlyList<CauseKey> CausesOf(EnumeratorPair enumerator)
    {
        if (enumerator is not { Before: { } old, After: { } now })
        {
            return [];
        }

        List<CauseKey> sources = Context.Derivations.ChangedSources(now.Name);
        sources.Remove(CauseKey.OfEnumerator(now.Name));
        if (sources.Count > 0 && Context.Derivations.CausesOf(now.Name).Count == 0)
        {
            return [];
        }

        if (sources.Count > 0 || !CountsOn(Before!, old) || !CountsOn(After!, now))
        {
            return sources;
        }

        AbiEnumerator? cause = LastDifferent(After!, now) ?? LastDifferent(Before!, old);
        return cause is null ? [] : [CauseKey.OfEnumerator(cause.Name)];
    }

    // The enumerator before; of several that were added or removed in a row the first.
    private AbiEnumerator? LastDifferent(AbiEnum @enum, AbiEnumerator enumerator)
    {
        AbiEnumerator? found = Previous(@enum, enumerator);
        if (found is null || PairOf(found.Name) is not { } pair)
        {
            return null;
        }

        while ((pair.Before is null || pair.After is null) && Previous(@enum, found) is { } previous
            && PairOf(previous.Name) is { } before && (before.Before is null) == (pair.Before is null)
                && (before.After is null) == (pair.After is null))
        {
            found = previous;
        }

        return found;
    }

    private EnumeratorPair? PairOf(string name)
    {
        foreach (EnumeratorPair pair in Enumerators)
        {
            if (pair.Before?.Name == name || pair.After?.Name == name)
            {
                return pair;
            }
        }

        return null;
    }

    // One above the enumerator before it, or zero at the start.
    private static bool CountsOn(AbiEnum @enum, AbiEnumerator enumerator) =>
        enumerator.Value == (Previous(@enum, enumerator)?.Value ?? -1) + 1;

    private static AbiEnumerator? Previous(AbiEnum @enum, AbiEnumerator enumerator)
    {
        int index = @enum.Enumerators.AsSpan().IndexOf(enumerator);
        return index > 0 ? @enum.Enumerators[index - 1] : null;
    }

    private static string NameOf(AbiEnum @enum) => @enum.Name.Length > 0 ? @enum.Name : @enum.CName;
}

/// <summary>An enumerator that differs: added, removed, renamed, or of another value.</summary>
/// <param name="Before">The enumerator before; null when there was none.</param>
/// <param name="After">The enumerator after; null when there is none.</param>
internal sealed record EnumeratorPair(AbiEnumerator? Before, AbiEnumerator? After)
{
    internal string Name => (After ?? Before)!.Name;

    internal bool IsRenamed => Before is not null && After is not null && Before.Name != After.Name;

    internal static List<EnumeratorPair> Match(AbiEnum before, AbiEnum after)
    {
        Dictionary<string, AbiEnumerator> gone = new(StringComparer.Ordinal);
        foreach (AbiEnumerator enumerator in before.Enumerators)
        {
            gone[enumerator.Name] = enumerator;
        }

        List<EnumeratorPair> pairs = [];
        List<AbiEnumerator> added = [];
        foreach (AbiEnumerator now in after.Enumerators)
        {
            if (!gone.Remove(now.Name, out AbiEnumerator? old))
            {
                added.Add(now);
            }
            else if (old.Value != now.Value)
            {
                pairs.Add(new EnumeratorPair(old, now));
            }
        }

        foreach (AbiEnumerator now in added)
        {
            AbiEnumerator? old = null;
            foreach (AbiEnumerator candidate in gone.Values)
            {
                if (candidate.Value == now.Value && EndMarkers.IsNamedSo(candidate.Name) == EndMarkers.IsNamedSo(now.Name))
                {
                    old = candidate;
                    break;
                }
            }

            if (old is not null)
            {
                gone.Remove(old.Name);
            }

            pairs.Add(new EnumeratorPair(old, now));
        }

        foreach (AbiEnumerator old in gone.Values)
        {
            pairs.Add(new EnumeratorPair(old, null));
        }

        return pairs;
    }
}
