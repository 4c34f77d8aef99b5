namespace HvBindgen.Uapi.Names;

/// <summary>Patterns of names: <c>*</c> is any run of characters, <c>?</c> any single one.</summary>
internal static class NamePattern
{
    internal static bool IsPattern(string text) => text.IndexOfAny(['*', '?']) >= 0;

    /// <summary>What stands before the first character that is not fixed.</summary>
    internal static string PrefixOf(string pattern) => pattern.Substring(0, pattern.IndexOfAny(['*', '?']));

    /// <summary>Whether a name matches. Linear but for the product of both lengths, whatever the pattern.</summary>
    internal static bool Matches(string pattern, string name)
    {
        int at = 0;
        int next = 0;
        int star = -1;
        int retry = 0;
        while (next < name.Length)
        {
            if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == name[next]))
            {
                at++;
                next++;
            }
            else if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                retry = next;
            }
            else if (star >= 0)
            {
                at = star + 1;
                next = ++retry;
            }
            else
            {
                return false;
            }
        }

        return pattern.Skip(at).All(letter => letter == '*');
    }
}
