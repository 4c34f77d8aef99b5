namespace HvBindgen.Testing;

/// <summary>How a program ended and what it printed.</summary>
/// <param name="ExitCode">Its exit code; 128 and more where a signal ended it.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record Ending(int ExitCode, string Out, string Error);
