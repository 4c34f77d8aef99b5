using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>
/// Finds the enumerators that only say where their list ends: no program stores them, and they move with every addition. Their
/// place tells; the name is asked only because the last real value stands there too in a list without a marker.
/// </summary>
internal static class EndMarkers
{
    // Words between underscores. NUM_FOO, FOO_MAX_ID and __FOO_CNT are markers, FOO_MAXIMUM_WAIT is none.
    private static readonly HashSet<string> Words = new(
        ["MAX", "NUM", "COUNT", "CNT", "LAST", "END", "NR", "NBITS", "SENTINEL", "TOTAL", "SUPPORTED"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the words of a name are those that markers have.</summary>
    internal static bool IsNamedSo(string name)
    {
        foreach (string word in name.Split('_'))
        {
            if (Words.Contains(word))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The markers of an enum: at its end, one above the value before them, equal to it, the bit above its flags, or made of another
    /// marker.
    /// </summary>
    /// <param name="enum">The enum.</param>
    /// <param name="namesOf">What an enumerator is made of.</param>
    /// <remarks>
    /// A name that begins with two underscores is nobody's value either. Values behind a gap belong to another list. The first that only
    /// counts on, from the end, stands behind the last real value, whatever that one is called: <c>GET_COUNT, __MAX</c>.
    /// </remarks>
    internal static HashSet<string> Of(AbiEnum @enum, Func<string, IReadOnlyList<string>> namesOf)
    {
        HashSet<string> markers = new(StringComparer.Ordinal);
        ReadOnlySpan<AbiEnumerator> all = @enum.Enumerators.AsSpan();
        for (int index = all.Length - 1; index >= 0; index--)
        {
            AbiEnumerator candidate = all[index];
            Int128 previous = index == 0 ? -1 : all[index - 1].Value;
            bool isDerived = IsMadeOfOthers(all[..index], namesOf(candidate.Name));
            bool isBehindFlags = candidate.Value == previous * 2 && AreFlags(all[..index]);
            bool isAtEnd = candidate.Value == previous + 1 || (index > 0 && candidate.Value == previous) || isBehindFlags;
            bool isMarkerName = IsNamedSo(candidate.Name) || candidate.Name.StartsWith("__", StringComparison.Ordinal);
            bool isOfMarker = isDerived && IsOfMarker(all[..index], namesOf(candidate.Name));
            if (isMarkerName && (isAtEnd || isOfMarker))
            {
                markers.Add(candidate.Name);
            }

            // What counts on from a value ends the search; what counts on from a marker that is made of others is behind the list.
            bool isBehindDerived = index > 0 && IsMadeOfOthers(all[..(index - 1)], namesOf(all[index - 1].Name));
            if (!isDerived && !isBehindDerived && (candidate.Value == previous + 1 || isBehindFlags))
            {
                break;
            }
        }

        return markers;
    }

    // A = 1 << 0, B = 1 << 1, MAX = 1 << 2: the last two are flags, and the marker is the next bit.
    private static bool AreFlags(ReadOnlySpan<AbiEnumerator> others) =>
        others is [.., { Value: var one }, { Value: var last }] && one > 0 && last > one
        && Int128.PopCount(one) == 1 && Int128.PopCount(last) == 1;

    // MAX = __MAX - 1.
    private static bool IsOfMarker(ReadOnlySpan<AbiEnumerator> others, IReadOnlyList<string> names)
    {
        foreach (AbiEnumerator other in others)
        {
            if (names.Contains(other.Name) && (IsNamedSo(other.Name) || other.Name.StartsWith("__", StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMadeOfOthers(ReadOnlySpan<AbiEnumerator> others, IReadOnlyList<string> names)
    {
        foreach (AbiEnumerator other in others)
        {
            if (names.Contains(other.Name))
            {
                return true;
            }
        }

        return false;
    }
}
