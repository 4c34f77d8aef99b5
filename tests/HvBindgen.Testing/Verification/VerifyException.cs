namespace HvBindgen.Testing.Verification;

/// <summary>A text is not the verified one: where both are, what differs, how to accept it.</summary>
/// <param name="message">All of that.</param>
public sealed class VerifyException(string message) : Exception(message);
