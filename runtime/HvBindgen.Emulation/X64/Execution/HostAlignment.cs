using System.Runtime.InteropServices;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>Where a processor that runs the emulator makes one access of its own, however many bytes it has.</summary>
/// <remarks>
/// The guest's operands lie anywhere. An x86 host takes them at any address, locked ones too. On others what .NET makes of a volatile or
/// interlocked access (on arm64 a load-acquire, a store-release, an exclusive or a compare-and-swap) raises an alignment fault where the
/// address is no multiple of the size.
/// </remarks>
/// <param name="architecture">Architecture of the host.</param>
internal sealed unsafe class HostAlignment(Architecture architecture)
{
    private readonly bool takesAny = architecture is Architecture.X64 or Architecture.X86;

    /// <summary>That of the processor under this process.</summary>
    internal static HostAlignment OfThisProcess { get; } = new(RuntimeInformation.ProcessArchitecture);

    /// <summary>Whether an operand can be one access.</summary>
    /// <param name="address">Where it lies.</param>
    /// <param name="sizeBytes">Its size: a power of two.</param>
    internal bool Allows(byte* address, int sizeBytes) => takesAny || ((nuint)address & (nuint)(sizeBytes - 1)) == 0;
}
