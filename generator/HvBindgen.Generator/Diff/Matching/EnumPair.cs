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
                if (candidate.Value == now.Value && Sentinels.Contains(candidate.Name) == Sentinels.Contains(now.Name))
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
