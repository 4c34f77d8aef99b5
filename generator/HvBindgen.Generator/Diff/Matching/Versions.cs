namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Tells constants that count versions of an interface: each kernel may have a later one, and programs ask for it.</summary>
internal static class Versions
{
    // What may stand behind the word: VERSION_2 names one version for ever, VERSION_MAGIC and VERSION_OFFSET are no versions.
    private static readonly HashSet<string> Parts = new(
        [
            "MAJOR", "MINOR", "PATCH", "PATCHLEVEL", "SUBLEVEL", "EXTRA", "REVISION", "CODE", "STR", "STRING", "NUMBER", "LATEST",
            "CURRENT", "BUILD", "DATE",
        ],
        StringComparer.OrdinalIgnoreCase);

    // GET_VERSION is a command, ATTR_VERSION an attribute: numbers of a list.
    private static readonly HashSet<string> Lists = new(
        [
            "GET", "SET", "QUERY", "READ", "WRITE", "CHECK", "REQ", "REQUEST", "REPLY", "ATTR", "OP", "OPCODE", "NR", "REG", "TAG",
            "FIELD",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Names = new(
        ["VERSION", "SUBVERSION", "PATCHLEVEL", "SUBLEVEL"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> LowerParts = new(
        ["MINOR", "PATCH", "PATCHLEVEL", "SUBLEVEL", "EXTRA", "REVISION"], StringComparer.OrdinalIgnoreCase);

    internal static bool IsVersion(string name)
    {
        string[] words = name.Split('_');
        int at = Array.FindLastIndex(words, Names.Contains);
        bool isOne = at >= 0
            ? Array.TrueForAll(words[(at + 1)..], Parts.Contains)
            : Has(words, "ABI") && words[^1].ToUpperInvariant() is "MAJOR" or "MINOR" or "PATCH";
        return isOne && !Array.Exists(words, Lists.Contains);
    }

    /// <summary>Whether a constant is the oldest version that is still served, and that went up.</summary>
    internal static bool IsFloorRaised(string name, Int128 old, Int128 now) =>
        now > old && name.EndsWith("_MIN", StringComparison.OrdinalIgnoreCase) && IsVersion(name[..^"_MIN".Length]);

    /// <summary>Whether a version is a later one. A lower part of one starts anew when a higher part is raised.</summary>
    internal static bool IsRaised(string name, Int128 old, Int128 now) =>
        IsVersion(name) && (now > old || Array.Exists(name.Split('_'), LowerParts.Contains));

    /// <summary>Whether a name says that it stands for the last of a list: V_CURRENT = V_2.</summary>
    internal static bool IsNewest(string name) => Array.Exists(name.Split('_'), static word => word is "CURRENT" or "LATEST" or "NEWEST");

    private static bool Has(string[] words, string wanted) =>
        Array.Exists(words, word => word.Equals(wanted, StringComparison.OrdinalIgnoreCase));
}
