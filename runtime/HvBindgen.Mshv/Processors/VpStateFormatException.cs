namespace HvBindgen.Mshv.Processors;

/// <summary>Bytes are not a processor's state.</summary>
/// <param name="message">What is wrong, and at which byte.</param>
public sealed class VpStateFormatException(string message) : Exception(message);
