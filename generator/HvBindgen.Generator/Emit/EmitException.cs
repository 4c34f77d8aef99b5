namespace HvBindgen.Generator.Emit;

/// <summary>A declaration that cannot be expressed in C# as it is.</summary>
/// <param name="message">What, and why not.</param>
public sealed class EmitException(string message) : Exception(message);
