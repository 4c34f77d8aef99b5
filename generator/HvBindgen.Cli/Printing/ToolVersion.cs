namespace HvBindgen.Cli.Printing;

/// <summary>Version of this program, as generated files name it.</summary>
internal static class ToolVersion
{
    /// <summary>Three numbers, without the commit: generated files must not change with every commit.</summary>
    internal static string Text { get; } = typeof(ToolVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
