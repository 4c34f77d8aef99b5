using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Executes one instruction in software, for an engine that cannot.</summary>
internal sealed class SoftwareStep : IX64Bus
{
    private readonly ProcessorState registers;
    private readonly IStoredState stored;
    private readonly X64Emulator emulator;

    internal SoftwareStep(ProcessorState registers, IStoredState stored, IGuestPhysicalMemory memory)
    {
        this.registers = registers;
        this.stored = stored;
        emulator = new X64Emulator(memory, this, new StoredVectors(stored));
    }

    /// <summary>Where the instruction reached a device; registers are then as before.</summary>
    internal DeviceAccess? Access { get; private set; }

    /// <summary>Executes the instruction at RIP.</summary>
    /// <returns>How it ended.</returns>
    internal EmulationOutcome Execute()
    {
        X64State state = StateOf(registers, stored);
        Access = null;
        EmulationInput input = new() { PortAccessIsGranted = true, MaxIterations = 1 };
        EmulationOutcome outcome = emulator.Execute(ref state, in input);
        if (Access is null && outcome.Result is EmulationResult.Completed or EmulationResult.Continue or EmulationResult.Fault)
        {
            ((ReadOnlySpan<ulong>)state.Gpr).CopyTo(registers.General);
            registers.Rip = state.Rip;
            registers.Rflags = state.Rflags;
            registers.GeneralChanged = true;
        }

        return outcome;
    }

    /// <summary>A processor's registers as the software takes them.</summary>
    internal static X64State StateOf(ProcessorState registers, IStoredState stored)
    {
        X64State state = new()
        {
            Rip = registers.Rip,
            Rflags = registers.Rflags,
            Cr0 = registers.Cr0,
            Cr2 = registers.Cr2,
            Cr3 = registers.Cr3,
            Cr4 = registers.Cr4,
            Cr8 = registers.Cr8,
            Efer = registers.Efer,
            Xcr0 = stored.ReadXcr0(),
        };
        ((ReadOnlySpan<ulong>)registers.General).CopyTo(state.Gpr);
        ReadOnlySpan<hv_x64_segment_register> segments = registers.Segments;
        SegmentRegisters.AsStates(segments[..(ProcessorState.Gs + 1)]).CopyTo(state.Segments);
        return state;
    }

    public bool TryReadMemory(ulong gpa, Span<byte> data) => Record(isPort: false, gpa, data.Length, isWrite: false);

    public bool TryWriteMemory(ulong gpa, ReadOnlySpan<byte> data) => Record(isPort: false, gpa, data.Length, isWrite: true);

    public bool TryReadPort(ushort port, int sizeBytes, out uint value)
    {
        value = 0;
        return Record(isPort: true, port, sizeBytes, isWrite: false);
    }

    public bool TryWritePort(ushort port, int sizeBytes, uint value) => Record(isPort: true, port, sizeBytes, isWrite: true);

    // The client executes the instruction: it is abandoned at its first access.
    private bool Record(bool isPort, ulong address, int sizeBytes, bool isWrite)
    {
        Access = new DeviceAccess(isPort, address, sizeBytes, isWrite);
        return false;
    }
}

/// <summary>An access that leaves the processor.</summary>
/// <param name="IsPort">Whether to a port, not to memory.</param>
/// <param name="Address">Port or guest-physical address.</param>
/// <param name="SizeBytes">Size.</param>
/// <param name="IsWrite">Direction.</param>
internal readonly record struct DeviceAccess(bool IsPort, ulong Address, int SizeBytes, bool IsWrite);
