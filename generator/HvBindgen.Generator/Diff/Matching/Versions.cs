namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Tells constants that count versions of an interface: each kernel may have a later one, and programs ask for it.</summary>
internal static class Versions
{
    private static readonly HashSet<string> Others = new(
        ["MASK", "SHIFT", "OFFSET", "MIN", "MAX", "LEN", "LENGTH", "SIZE", "BITS", "WIDTH", "FLAG", "ID", "TYPE", "CMD"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> LowerParts = new(
        ["MINOR", "PATCH", "PATCHLEVEL", "SUBLEVEL", "EXTRA", "REVISION"], StringComparer.OrdinalIgnoreCase);

    internal static bool IsVersion(string name)
    {
        string[] words = name.Split('_');
        bool isOne = Has(words, "VERSION") || Has(words, "PATCHLEVEL") || Has(words, "SUBLEVEL")
            || (Has(words, "ABI") && words[^1].ToUpperInvariant() is "MAJOR" or "MINOR" or "PATCH");
        return isOne && !Array.Exists(words, Others.Contains);
    }

    /// <summary>Whether a version is a later one. A lower part of one starts anew when a higher part is raised.</summary>
    internal static bool IsRaised(string name, Int128 old, Int128 now) =>
        IsVersion(name) && (now > old || Array.Exists(name.Split('_'), LowerParts.Contains));

    private static bool Has(string[] words, string wanted) =>
        Array.Exists(words, word => word.Equals(wanted, StringComparison.OrdinalIgnoreCase));
}
