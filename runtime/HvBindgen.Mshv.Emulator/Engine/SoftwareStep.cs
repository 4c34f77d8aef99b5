using System.Buffers.Binary;
using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Executes one instruction in software, for an engine that cannot.</summary>
internal sealed class SoftwareStep : IX64Bus, IX64VectorRegisters
{
    // SDM volume 1, 10.5.1 and 13.4: XMM registers in the legacy area, upper halves of YMM in component 2.
    private const int XmmOffset = 160;
    private const int HeaderOffset = 512;
    private const int UpperYmmOffset = 576;
    private const int XmmBytes = 16;
    private const ulong Sse = 2;
    private const ulong Avx = 4;

    private readonly ProcessorState registers;
    private readonly IStoredState stored;
    private readonly X64Emulator emulator;

    internal SoftwareStep(ProcessorState registers, IStoredState stored, IGuestPhysicalMemory memory)
    {
        this.registers = registers;
        this.stored = stored;
        emulator = new X64Emulator(memory, this, this);
    }

    /// <summary>Where the instruction reached a device; registers are then as before.</summary>
    internal DeviceAccess? Access { get; private set; }

    /// <summary>Executes the instruction at RIP.</summary>
    /// <returns>How it ended.</returns>
    internal EmulationOutcome Execute()
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

    public bool TryReadMemory(ulong gpa, Span<byte> data) => Record(isPort: false, gpa, data.Length, isWrite: false);

    public bool TryWriteMemory(ulong gpa, ReadOnlySpan<byte> data) => Record(isPort: false, gpa, data.Length, isWrite: true);

    public bool TryReadPort(ushort port, int sizeBytes, out uint value)
    {
        value = 0;
        return Record(isPort: true, port, sizeBytes, isWrite: false);
    }

    public bool TryWritePort(ushort port, int sizeBytes, uint value) => Record(isPort: true, port, sizeBytes, isWrite: true);

    public void ReadVector(int index, Span<byte> value)
    {
        byte[] area = new byte[stored.XsaveSizeBytes];
        stored.ReadXsave(area);
        area.AsSpan(XmmOffset + (index * XmmBytes), XmmBytes).CopyTo(value);
        if (value.Length > XmmBytes)
        {
            area.AsSpan(UpperYmmOffset + (index * XmmBytes), XmmBytes).CopyTo(value[XmmBytes..]);
        }
    }

    public void WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper)
    {
        byte[] area = new byte[stored.XsaveSizeBytes];
        stored.ReadXsave(area);
        value[..XmmBytes].CopyTo(area.AsSpan(XmmOffset + (index * XmmBytes)));
        Span<byte> upper = area.AsSpan(UpperYmmOffset + (index * XmmBytes), XmmBytes);
        if (value.Length > XmmBytes)
        {
            value[XmmBytes..].CopyTo(upper);
        }
        else if (clearUpper)
        {
            upper.Clear();
        }

        ulong present = BinaryPrimitives.ReadUInt64LittleEndian(area.AsSpan(HeaderOffset));
        present |= Sse | (Avx & stored.ReadXcr0()); // SSE works without XCR0; unmarked, its registers count as zero
        BinaryPrimitives.WriteUInt64LittleEndian(area.AsSpan(HeaderOffset), present);
        _ = stored.TryWriteXsave(area);
    }

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
