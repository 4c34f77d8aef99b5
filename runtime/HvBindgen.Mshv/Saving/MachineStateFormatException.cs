namespace HvBindgen.Mshv.Saving;

/// <summary>Bytes that are no saved machine, are damaged, or are one that does not fit the machine they shall go into.</summary>
/// <param name="message">What is wrong.</param>
public sealed class MachineStateFormatException(string message) : Exception(message);
