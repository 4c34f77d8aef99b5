namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>What a case needs before it can begin was refused.</summary>
internal sealed class ConformanceException(string message) : Exception(message);
