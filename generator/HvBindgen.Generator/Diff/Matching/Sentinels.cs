namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Names of values that only say where a list ends, and so move with every addition.</summary>
internal static class Sentinels
{
    private static readonly string[] Endings = ["_MAX", "_COUNT", "_LAST", "_END", "_NUM", "_NR", "_SENTINEL"];

    internal static bool Contains(string name)
    {
        ReadOnlySpan<char> trimmed = name.AsSpan().TrimEnd('_');
        foreach (string ending in Endings)
        {
            if (trimmed.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
