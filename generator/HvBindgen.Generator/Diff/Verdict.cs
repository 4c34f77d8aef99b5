namespace HvBindgen.Generator.Diff;

/// <summary>What a change means for whoever relies on the ABI, from harmless to fatal.</summary>
public enum Verdict
{
    /// <summary>Nothing that a program could notice.</summary>
    None,

    /// <summary>Something new; what was there stays as it was.</summary>
    Additive,

    /// <summary>Safe if the stated condition holds, which headers alone cannot show.</summary>
    Conditional,

    /// <summary>Programs go on running, but no longer compile as they are.</summary>
    SourceBreak,

    /// <summary>Programs that run today stop working.</summary>
    Break,
}

/// <summary>What a change does to code that uses the generated C#.</summary>
[Flags]
public enum CSharpEffects
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It may no longer compile.</summary>
    Source = 1,

    /// <summary>Assemblies compiled before no longer work with the new generated assembly.</summary>
    Binary = 2,

    /// <summary>Both: a name or a type that is used in C# is another one, or gone.</summary>
    Both = Source | Binary,
}

/// <summary>Words for <see cref="Verdict"/> and <see cref="CSharpEffects"/> in reports, files and options.</summary>
public static class VerdictText
{
    /// <summary>All verdicts in rising order.</summary>
    public static IReadOnlyList<Verdict> All { get; } =
        [Verdict.None, Verdict.Additive, Verdict.Conditional, Verdict.SourceBreak, Verdict.Break];

    /// <summary>The word for a verdict.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <returns>For example <c>source-break</c>.</returns>
    public static string ToText(this Verdict verdict) => verdict switch
    {
        Verdict.None => "none",
        Verdict.Additive => "additive",
        Verdict.Conditional => "conditional",
        Verdict.SourceBreak => "source-break",
        _ => "break",
    };

    /// <summary>Finds a verdict by its word.</summary>
    /// <param name="text">Word as <see cref="ToText(Verdict)"/> gives it.</param>
    /// <returns>The verdict, or null when the word names none.</returns>
    public static Verdict? Find(string text)
    {
        foreach (Verdict verdict in All)
        {
            if (verdict.ToText() == text)
            {
                return verdict;
            }
        }

        return null;
    }

    /// <summary>The words for what happens to users of the generated C#.</summary>
    /// <param name="effects">The effects.</param>
    /// <returns>For example <c>source, binary</c>; <c>none</c> without an effect.</returns>
    public static string ToText(this CSharpEffects effects) => effects switch
    {
        CSharpEffects.None => "none",
        CSharpEffects.Source => "source",
        CSharpEffects.Binary => "binary",
        _ => "source, binary",
    };

    internal static Verdict Worst(Verdict left, Verdict right) => left > right ? left : right;
}
