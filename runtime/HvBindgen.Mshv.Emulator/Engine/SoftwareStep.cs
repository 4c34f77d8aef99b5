using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Executes one instruction in software, for an engine that cannot.</summary>
internal sealed class SoftwareStep : IX64Bus, IX64VectorRegisters
{
    private const int XmmBytes = 16;

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
        MemoryMarshal.AsBytes((Span<hv_u128>)Fixed(area).Legacy.Xmm).Slice(index * XmmBytes, XmmBytes).CopyTo(value);
        if (value.Length > XmmBytes)
        {
            UpperHalf(area, index).CopyTo(value[XmmBytes..]);
        }
    }

    public void WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper)
    {
        byte[] area = new byte[stored.XsaveSizeBytes];
        stored.ReadXsave(area);
        Fixed(area).Legacy.Xmm[index] = MemoryMarshal.Read<hv_u128>(value);
        if (value.Length > XmmBytes)
        {
            value[XmmBytes..].CopyTo(UpperHalf(area, index));
        }
        else if (clearUpper)
        {
            UpperHalf(area, index).Clear();
        }

        // SSE works without XCR0; unmarked, its registers count as zero.
        Fixed(area).Header.Present |= XsaveHeader.Sse | (XsaveHeader.Avx & stored.ReadXcr0());
        _ = stored.TryWriteXsave(area);
    }

    private static ref XsaveArea Fixed(byte[] area) => ref MemoryMarshal.AsRef<XsaveArea>(area.AsSpan());

    // AVX is the first component behind the fixed part.
    private static Span<byte> UpperHalf(byte[] area, int index) =>
        area.AsSpan(Unsafe.SizeOf<XsaveArea>() + (index * XmmBytes), XmmBytes);

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
