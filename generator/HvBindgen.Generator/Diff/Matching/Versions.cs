namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Tells constants that count versions of an interface: each kernel may have a later one, and programs ask for it.</summary>
internal static class Versions
{
    private static readonly HashSet<string> Others = new(
        ["MASK", "SHIFT", "OFFSET", "MIN", "MAX", "LEN", "LENGTH", "SIZE", "BITS", "WIDTH", "FLAG", "ID", "TYPE", "CMD"],
        StringComparer.OrdinalIgnoreCase);

    internal static bool IsVersion(string name)
    {
        string[] words = name.Split('_');
        return Array.Exists(words, static word => word.Equals("VERSION", StringComparison.OrdinalIgnoreCase)
                || word.Equals("PATCHLEVEL", StringComparison.OrdinalIgnoreCase)
                    || word.Equals("SUBLEVEL", StringComparison.OrdinalIgnoreCase))
            && !Array.Exists(words, Others.Contains);
    }
}
