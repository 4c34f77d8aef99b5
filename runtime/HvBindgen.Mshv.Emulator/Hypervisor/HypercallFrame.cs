using System.Runtime.InteropServices;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>A hypercall's pages and counters, as the hypervisor sees them.</summary>
/// <param name="input">Input page: what the caller gave, and zeros.</param>
/// <param name="output">Output page.</param>
/// <param name="reps">Number of repetitions; 0 for a simple call.</param>
internal ref struct HypercallFrame(Span<byte> input, Span<byte> output, int reps)
{
    internal readonly Span<byte> Input = input;
    internal readonly Span<byte> Output = output;
    internal readonly int Reps = reps;
    internal int RepsCompleted;

    /// <summary>The fixed part of the input.</summary>
    internal readonly T Read<T>()
        where T : unmanaged => MemoryMarshal.Read<T>(Input);

    /// <summary>Writes the output of a simple call.</summary>
    internal readonly void Write<T>(in T value)
        where T : unmanaged => MemoryMarshal.Write(Output, in value);
}
