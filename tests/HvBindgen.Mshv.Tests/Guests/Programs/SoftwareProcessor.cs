using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Handlers;
using Xunit;

namespace HvBindgen.Mshv.Tests.Guests.Programs;

/// <summary>Executes a program in software alone, one instruction after the other, with a copy of a guest's memory.</summary>
internal sealed class SoftwareProcessor(FlatMemory memory, MachineHandlers handlers) : IX64Bus, IX64VectorRegisters
{
    private const int MaxInstructions = 1_000_000;
    private const int VectorBytes = 32;

    private readonly byte[] vectors = new byte[16 * VectorBytes];
    private X64State state;
    private ushort endsAt;
    private bool hasEnded;

    /// <summary>Its registers.</summary>
    internal ref X64State State => ref state;

    /// <summary>How many instructions it has executed.</summary>
    internal int Instructions { get; private set; }

    /// <summary>64-bit code of the kernel, with the page tables that the guest has.</summary>
    internal void Start(ulong rip, ReadOnlySpan<ulong> general, ulong pageTables)
    {
        state = new X64State { Rip = rip, Rflags = 2, Cr0 = 0x8000_0031, Cr3 = pageTables, Cr4 = 0x620, Efer = 0x500, Xcr0 = 3 };
        general.CopyTo(state.Gpr);
        for (int index = X64SegmentFile.Es; index <= X64SegmentFile.Gs; index++)
        {
            state.Segments[index] = new X64SegmentState
            {
                Limit = uint.MaxValue,
                Type = index == X64SegmentFile.Cs ? 0xb : 3,
                IsCodeOrData = true,
                IsPresent = true,
                IsLong = index == X64SegmentFile.Cs,
            };
        }
    }

    /// <summary>Executes until the program writes to its port of end.</summary>
    internal void RunTo(ushort endPort)
    {
        X64Emulator emulator = new(memory, this, this);
        endsAt = endPort;
        hasEnded = false;
        for (Instructions = 0; !hasEnded; Instructions++)
        {
            ulong rip = state.Rip;
            EmulationOutcome outcome = emulator.Execute(ref state, new EmulationInput { PortAccessIsGranted = true });
            Assert.True(
                outcome.Result is EmulationResult.Completed or EmulationResult.Continue && Instructions < MaxInstructions,
                $"the software alone cannot execute what is at 0x{rip:x}: {outcome.Result} {outcome.InstructionName}");
        }
    }

    public bool TryReadMemory(ulong gpa, Span<byte> data) => handlers.Mmio.TryRead(0, gpa, data);

    public bool TryWriteMemory(ulong gpa, ReadOnlySpan<byte> data) => handlers.Mmio.TryWrite(0, gpa, data);

    public bool TryReadPort(ushort port, int sizeBytes, out uint value) => handlers.Ports.TryRead(0, port, sizeBytes, out value);

    public bool TryWritePort(ushort port, int sizeBytes, uint value)
    {
        hasEnded = port == endsAt;
        return hasEnded || handlers.Ports.TryWrite(0, port, sizeBytes, value);
    }

    public void ReadVector(int index, Span<byte> value) => vectors.AsSpan(index * VectorBytes, value.Length).CopyTo(value);

    public void WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper)
    {
        Span<byte> whole = vectors.AsSpan(index * VectorBytes, VectorBytes);
        if (clearUpper)
        {
            whole.Clear();
        }

        value.CopyTo(whole);
    }
}
