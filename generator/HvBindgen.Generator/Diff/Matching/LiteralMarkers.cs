using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>
/// Macros that mark the end of a list of macros by a number of their own: FOO_MAX beside FOO_A and FOO_B. They are known by the list:
/// on both sides the number is its greatest, or one above, and the list itself has got longer.
/// </summary>
internal sealed class LiteralMarkers
{
    private readonly Dictionary<string, Int128> before;
    private readonly Dictionary<string, Int128> after;
    private readonly EquatableArray<AbiIoctl> requestsBefore;
    private readonly EquatableArray<AbiIoctl> requestsAfter;

    internal LiteralMarkers(NamedNumbers before, NamedNumbers after)
    {
        (this.before, requestsBefore) = (before.Values, before.Requests);
        (this.after, requestsAfter) = (after.Values, after.Requests);
    }

    internal bool Moved(string name, Int128 old, Int128 now) =>
        now > old && PrefixesOf(name).Exists(prefix =>
            IsEnd(prefix, old, now)
            || AreEnds(Greatest(requestsBefore, prefix, old), Greatest(requestsAfter, prefix, now), old, now)
            || IsEndOfRange(prefix, old, now));

    // A number that stood above the old end before shows that it was no end.
    private bool IsEnd(string prefix, Int128 old, Int128 now) =>
        Greatest(before, prefix, now) is { } last && last <= old && AreEnds(last, Greatest(after, prefix, now), old, now);

    // FOO_BAR_START stays, FOO_BAR_END moves, and what stands at the end of the range is called FOO_A: the first word is all they share.
    private bool IsEndOfRange(string prefix, Int128 old, Int128 now)
    {
        string first = prefix[..(prefix.IndexOf('_', 1) + 1)];
        return Array.Exists(["START", "BEGIN", "FIRST"], word =>
            before.TryGetValue(prefix + word, out Int128 start) && after.TryGetValue(prefix + word, out Int128 newStart)
            && start == newStart && start < old && IsEnd(first, old, now));
    }

    // The list has got longer, and its end stands where it stood, at the greatest or one above.
    private static bool AreEnds(Int128? last, Int128? newLast, Int128 old, Int128 now) =>
        newLast > last && old - last == now - newLast && old - last <= 1;

    private static Int128? Greatest(EquatableArray<AbiIoctl> requests, string prefix, Int128 end)
    {
        string first = prefix[..(prefix.IndexOf('_', 1) + 1)];
        Int128? greatest = null;
        foreach (AbiIoctl request in requests)
        {
            if (request.Name.StartsWith(first, StringComparison.Ordinal) && request.Number <= end && !(request.Number <= greatest))
            {
                greatest = request.Number;
            }
        }

        return greatest;
    }

    // FOO_ of FOO_MAX, FOO_MAX_ID and NUM_FOO; nothing of FOO_MAX_PAGES_OF_BAR, which is a limit.
    private static List<string> PrefixesOf(string name)
    {
        const int MostWords = 2;
        const int ShortestPrefix = 2;
        List<string> prefixes = [];
        int end = name.Length;
        for (int words = 0; words < MostWords && end > 0; words++)
        {
            end = name.LastIndexOf('_', end - 1);
            if (end + 1 >= ShortestPrefix && IsEndWord(name[(end + 1)..].Split('_')[0]))
            {
                prefixes.Add(name[..(end + 1)]);
            }
        }

        string bare = name.TrimStart('_');
        int first = bare.IndexOf('_', StringComparison.Ordinal);
        if (first > 0 && EndMarkers.IsNamedSo(bare[..first]))
        {
            prefixes.Add($"{bare[(first + 1)..]}_");
        }

        // NSIGSEGV counts what SEGV_ begins; which part of the word that is the list itself shows.
        const int ShortestList = 3;
        for (int start = 1; name[0] == 'N' && !name.Contains('_', StringComparison.Ordinal) && start <= name.Length - ShortestList; start++)
        {
            prefixes.Add($"{name[start..]}_");
        }

        return prefixes;
    }

    // __NR_syscalls counts what __NR_ begins, of which the names are numbers themselves.
    private static bool IsEndWord(string words) => EndMarkers.IsNamedSo(words) || words == "syscalls";

    private static Int128? Greatest(Dictionary<string, Int128> numbers, string prefix, Int128 end)
    {
        Int128? greatest = null;
        foreach ((string name, Int128 value) in numbers)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && !IsEndWord(name[prefix.Length..]) && value <= end
                && !(value <= greatest))
            {
                greatest = value;
            }
        }

        return greatest;
    }
}
