namespace HvBindgen.Templates;

/// <summary>The layout that C# gave the records of this assembly, compared with the C compiler's.</summary>
public static class AbiLayout
{
    /// <summary>Compares every size, offset and bit. Takes about a millisecond; a program may call it once when it starts.</summary>
    /// <param name="facts">Number of facts compared.</param>
    /// <returns>What differs, one line each; empty when C# and C agree.</returns>
    public static IReadOnlyList<string> FindMismatches(out int facts)
    {
        using LayoutCheck check = new();
        facts = check.Facts;
        return check.Mismatches;
    }
}
