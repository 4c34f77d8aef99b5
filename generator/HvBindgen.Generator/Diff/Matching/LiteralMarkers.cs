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

    internal LiteralMarkers(AbiModel before, AbiModel after)
    {
        this.before = Numbers(before);
        this.after = Numbers(after);
    }

    internal bool Moved(string name, Int128 old, Int128 now)
    {
        if (now <= old || !EndMarkers.IsNamedSo(name) || PrefixOf(name) is not { Length: > 1 } prefix)
        {
            return false;
        }

        return Greatest(before, prefix, old) is { } last
            && Greatest(after, prefix, now) is { } newLast && newLast > last && old - last == now - newLast;
    }

    // FOO_ of FOO_MAX and of FOO_MAX_ID; nothing of FOO_MAX_PAGES_OF_BAR, which is a limit.
    private static string PrefixOf(string name)
    {
        int end = name.Length;
        while (end > 0 && EndMarkers.IsNamedSo(name[..end]))
        {
            end = name.LastIndexOf('_', end - 1);
        }

        const int MostWords = 2;
        return end > 0 && name[(end + 1)..].Split('_').Length <= MostWords ? name[..(end + 1)] : "";
    }

    // The greatest of the list that is not above its end; null unless it stands right there.
    private static Int128? Greatest(Dictionary<string, Int128> numbers, string prefix, Int128 end)
    {
        Int128? greatest = null;
        foreach ((string name, Int128 value) in numbers)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && !EndMarkers.IsNamedSo(name) && value <= end && !(value <= greatest))
            {
                greatest = value;
            }
        }

        return greatest >= end - 1 ? greatest : null;
    }

    private static Dictionary<string, Int128> Numbers(AbiModel model)
    {
        Dictionary<string, Int128> numbers = new(StringComparer.Ordinal);
        foreach (AbiConstant constant in model.Constants)
        {
            if (constant.Value is IntegerValue integer)
            {
                numbers[constant.Name] = integer.Value;
            }
        }

        return numbers;
    }
}
