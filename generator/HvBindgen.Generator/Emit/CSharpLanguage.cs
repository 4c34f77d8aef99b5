namespace HvBindgen.Generator.Emit;

/// <summary>The version of C# that generated code is written in.</summary>
public enum CSharpLanguage
{
    /// <summary>C# 14: what names pointers says <c>unsafe</c>.</summary>
    CSharp14 = 14,

    /// <summary>
    /// C# 15 with its feature <c>updated-memory-safety-rules</c>: what only a caller can know to be right says <c>unsafe</c>, and what
    /// the compiler cannot judge by itself says <c>safe</c>.
    /// </summary>
    CSharp15 = 15,
}
