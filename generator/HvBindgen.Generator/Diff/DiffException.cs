namespace HvBindgen.Generator.Diff;

/// <summary>Two sides that cannot be compared, or accepted changes or findings that cannot be applied. There is no result then.</summary>
/// <param name="message">What is wrong and what to do about it.</param>
/// <param name="inner">What a reader below refused, if anything.</param>
public sealed class DiffException(string message, Exception? inner = null) : Exception(message, inner);
