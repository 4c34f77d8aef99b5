namespace HvBindgen.Generator.Headers;

/// <summary>Order of Debian package versions: <c>7.3.4-1~bpo13+1</c> is before <c>7.3.4-1</c>, which is before <c>7.3.10-1</c>.</summary>
internal static class DebianVersion
{
    /// <summary>Negative when the first is older, zero when they are equal, positive when it is newer.</summary>
    internal static int Compare(string first, string second)
    {
        (int epoch, string upstream, string revision) left = Split(first);
        (int epoch, string upstream, string revision) right = Split(second);
        int order = left.epoch.CompareTo(right.epoch);
        order = order != 0 ? order : ComparePart(left.upstream, right.upstream);
        return order != 0 ? order : ComparePart(left.revision, right.revision);
    }

    /// <summary>The version of the upstream release: <c>7.3.4</c> of <c>7.3.4-1~bpo13+1</c>.</summary>
    internal static string Upstream(string version) => Split(version).Upstream;

    private static (int Epoch, string Upstream, string Revision) Split(string version)
    {
        int colon = version.IndexOf(':', StringComparison.Ordinal);
        string rest = version[(colon + 1)..];
        int epoch = colon > 0 && int.TryParse(version[..colon], out int number) ? number : 0;
        int dash = rest.LastIndexOf('-');
        return dash < 0 ? (epoch, rest, "") : (epoch, rest[..dash], rest[(dash + 1)..]);
    }

    // Runs of other characters and runs of digits alternate.
    private static int ComparePart(string left, string right)
    {
        int i = 0;
        int j = 0;
        while (i < left.Length || j < right.Length)
        {
            while ((i < left.Length && !char.IsAsciiDigit(left[i])) || (j < right.Length && !char.IsAsciiDigit(right[j])))
            {
                int order = Weight(left, i).CompareTo(Weight(right, j));
                if (order != 0)
                {
                    return order;
                }

                i++;
                j++;
            }

            string leftDigits = TakeDigits(left, ref i);
            string rightDigits = TakeDigits(right, ref j);
            int byLength = leftDigits.Length.CompareTo(rightDigits.Length);
            int byValue = byLength != 0 ? byLength : string.CompareOrdinal(leftDigits, rightDigits);
            if (byValue != 0)
            {
                return byValue;
            }
        }

        return 0;
    }

    // '~' sorts before the end, the end and digits before letters, letters before everything else.
    private static int Weight(string text, int at) => at >= text.Length || char.IsAsciiDigit(text[at]) ? 0
        : text[at] == '~' ? -1
        : char.IsAsciiLetter(text[at]) ? text[at]
        : text[at] + 256;

    private static string TakeDigits(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return text[start..at].TrimStart('0');
    }
}
