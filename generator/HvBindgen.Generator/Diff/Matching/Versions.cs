namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Tells constants that count versions of an interface: each kernel may have a later one, and programs ask for it.</summary>
internal static class Versions
{
    private static readonly HashSet<string> Others = new(
        ["MASK", "SHIFT", "OFFSET", "MIN", "MAX", "LEN", "LENGTH", "SIZE", "BITS", "WIDTH", "FLAG", "ID", "TYPE", "CMD"],
        StringComparer.OrdinalIgnoreCase);

    // GET_VERSION is a command, ATTR_VERSION an attribute: numbers of a list.
    private static readonly HashSet<string> Lists = new(
        [
            "GET", "SET", "QUERY", "READ", "WRITE", "CHECK", "REQ", "REQUEST", "REPLY", "ATTR", "OP", "OPCODE", "NR", "REG", "TAG",
            "FIELD",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> LowerParts = new(
        ["MINOR", "PATCH", "PATCHLEVEL", "SUBLEVEL", "EXTRA", "REVISION"], StringComparer.OrdinalIgnoreCase);

    internal static bool IsVersion(string name)
    {
        string[] words = name.Split('_');
        bool isOne = Has(words, "VERSION") || Has(words, "PATCHLEVEL") || Has(words, "SUBLEVEL")
            || (Has(words, "ABI") && words[^1].ToUpperInvariant() is "MAJOR" or "MINOR" or "PATCH");
        return isOne && !IsOneOfMany(words) && !Array.Exists(words, word => Others.Contains(word) || Lists.Contains(word));
    }

    /// <summary>Whether a version is a later one. A lower part of one starts anew when a higher part is raised.</summary>
    internal static bool IsRaised(string name, Int128 old, Int128 now) =>
        IsVersion(name) && (now > old || Array.Exists(name.Split('_'), LowerParts.Contains));

    // VERSION_2 names one version for ever.
    private static bool IsOneOfMany(string[] words) =>
        words[^1].TrimStart('v', 'V') is { Length: > 0 } last && last.All(char.IsAsciiDigit);

    private static bool Has(string[] words, string wanted) =>
        Array.Exists(words, word => word.Equals(wanted, StringComparison.OrdinalIgnoreCase));
}
