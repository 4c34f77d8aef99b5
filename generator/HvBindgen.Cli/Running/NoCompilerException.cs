namespace HvBindgen.Cli.Running;

/// <summary>There is no C compiler for a target, or not the one that was asked for.</summary>
/// <param name="message">Which one is missing.</param>
/// <param name="remedy">How to get it.</param>
internal sealed class NoCompilerException(string message, string remedy) : Exception(message)
{
    /// <summary>How to get it.</summary>
    internal string Remedy { get; } = remedy;
}
