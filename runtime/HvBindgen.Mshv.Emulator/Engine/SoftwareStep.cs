using System.Buffers.Binary;
using HvBindgen.Mshv.Emulation;
using HvBindgen.Mshv.Memory;

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

    private readonly IProcessorEngine engine;
    private readonly X64Emulator emulator;
    private ProcessorExit access;
    private bool isDeviceAccess;

    internal SoftwareStep(IProcessorEngine engine, IGuestPhysicalMemory memory)
    {
        this.engine = engine;
        emulator = new X64Emulator(memory, this, this);
    }

    /// <summary>Executes the instruction at RIP.</summary>
    /// <param name="exit">The intercept, when the instruction reaches a device; registers are then as before.</param>
    /// <param name="outcome">How it ended.</param>
    /// <returns>Whether there is an intercept.</returns>
    internal bool Execute(ref ProcessorExit exit, out EmulationOutcome outcome)
    {
        ProcessorState from = engine.State;
        X64State state = new()
        {
            Rip = from.Rip,
            Rflags = from.Rflags,
            Cr0 = from.Cr0,
            Cr2 = from.Cr2,
            Cr3 = from.Cr3,
            Cr4 = from.Cr4,
            Cr8 = from.Cr8,
            Efer = from.Efer,
            Xcr0 = engine.ReadXcr0(),
        };
        ((ReadOnlySpan<ulong>)from.General).CopyTo(state.Gpr);
        for (int segment = 0; segment <= ProcessorState.Gs; segment++)
        {
            state.Segments[segment] = from.Segments[segment];
        }

        isDeviceAccess = false;
        EmulationInput input = new() { PortAccessIsGranted = true, MaxIterations = 1 };
        outcome = emulator.Execute(ref state, in input);
        if (isDeviceAccess)
        {
            exit = access;
            return true;
        }

        if (outcome.Result is EmulationResult.Completed or EmulationResult.Continue or EmulationResult.Fault)
        {
            ((ReadOnlySpan<ulong>)state.Gpr).CopyTo(from.General);
            from.Rip = state.Rip;
            from.Rflags = state.Rflags;
            from.GeneralChanged = true;
        }

        return false;
    }

    public void ReadMemory(ulong gpa, Span<byte> data)
    {
        data.Clear();
        Record(ProcessorExitKind.Memory, gpa, data.Length, isWrite: false);
    }

    public void WriteMemory(ulong gpa, ReadOnlySpan<byte> data) => Record(ProcessorExitKind.Memory, gpa, data.Length, isWrite: true);

    public uint ReadPort(ushort port, int sizeBytes)
    {
        Record(ProcessorExitKind.Port, port, sizeBytes, isWrite: false);
        return 0;
    }

    public void WritePort(ushort port, int sizeBytes, uint value) => Record(ProcessorExitKind.Port, port, sizeBytes, isWrite: true);

    public void ReadVector(int index, Span<byte> value)
    {
        byte[] area = new byte[engine.XsaveSizeBytes];
        engine.ReadXsave(area);
        area.AsSpan(XmmOffset + (index * XmmBytes), XmmBytes).CopyTo(value);
        if (value.Length > XmmBytes)
        {
            area.AsSpan(UpperYmmOffset + (index * XmmBytes), XmmBytes).CopyTo(value[XmmBytes..]);
        }
    }

    public void WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper)
    {
        byte[] area = new byte[engine.XsaveSizeBytes];
        engine.ReadXsave(area);
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
        present |= Sse | (Avx & engine.ReadXcr0()); // SSE works without XCR0; unmarked, its registers count as zero
        BinaryPrimitives.WriteUInt64LittleEndian(area.AsSpan(HeaderOffset), present);
        _ = engine.TryWriteXsave(area);
    }

    // The first access decides: the client executes the instruction.
    private void Record(ProcessorExitKind kind, ulong address, int sizeBytes, bool isWrite)
    {
        if (isDeviceAccess)
        {
            return;
        }

        isDeviceAccess = true;
        access = new ProcessorExit
        {
            Kind = kind,
            Gpa = kind == ProcessorExitKind.Memory ? address : 0,
            Port = kind == ProcessorExitKind.Port ? (ushort)address : (ushort)0,
            SizeBytes = (byte)sizeBytes,
            IsWrite = isWrite,
        };
    }
}
