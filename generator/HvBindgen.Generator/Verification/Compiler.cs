namespace HvBindgen.Generator.Verification;

/// <summary>A C compiler that has been seen to compile for a target.</summary>
/// <param name="Name">Name it was found by, for example <c>aarch64-linux-gnu-gcc</c>.</param>
/// <param name="Path">The program.</param>
/// <param name="BaseArguments">Arguments that make it compile for the target; empty where it does so by itself.</param>
/// <param name="VersionText">First line of what it says of its version.</param>
public sealed record Compiler(string Name, string Path, IReadOnlyList<string> BaseArguments, string VersionText)
{
    /// <summary>Whether it is clang; anything else is asked in gcc's words.</summary>
    public bool IsClang => Name.Contains("clang", StringComparison.Ordinal);
}
