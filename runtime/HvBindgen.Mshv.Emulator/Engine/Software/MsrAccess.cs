namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>An access to a model-specific register that the processor has stopped for.</summary>
internal readonly record struct MsrAccess(uint Index, ulong Value, bool IsWrite, bool IsIntercepted);
