using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Executes, aside, the instruction that a processor stands in front of, up to what it cannot reach. Nothing is changed.</summary>
internal sealed class TrialRun : IX64Bus, IX64VectorRegisters
{
    private readonly ProcessorState registers;
    private readonly IStoredState stored;
    private readonly IGuestPhysicalMemory memory;
    private readonly StoredVectors vectors;
    private readonly X64Emulator emulator;
    private DeviceAccess? access;

    internal TrialRun(ProcessorState registers, IStoredState stored, IGuestPhysicalMemory memory)
    {
        this.registers = registers;
        this.stored = stored;
        this.memory = memory;
        vectors = new StoredVectors(stored);
        emulator = new X64Emulator(new UnchangedMemory(memory), this, this);
    }

    /// <summary>Executes the instruction.</summary>
    /// <returns>Its first access that no memory answers; null where there is none, or where it is not executed in software.</returns>
    internal DeviceAccess? Execute()
    {
        X64State state = SoftwareStep.StateOf(registers, stored);
        EmulationInput input = new() { PortAccessIsGranted = true, MaxIterations = 1 };
        access = null;
        try
        {
            _ = emulator.Execute(ref state, in input);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }

        return access is { IsPort: false } ? access : null;
    }

    bool IMemoryBus.TryReadMemory(ulong gpa, Span<byte> data) => Record(isPort: false, gpa, data.Length, isWrite: false);

    // What is meant for memory comes here too.
    bool IMemoryBus.TryWriteMemory(ulong gpa, ReadOnlySpan<byte> data) =>
        (memory.TryResolve(gpa, out HostRange range) && range.IsWritable) || Record(isPort: false, gpa, data.Length, isWrite: true);

    bool IX64Bus.TryReadPort(ushort port, int sizeBytes, out uint value)
    {
        value = 0;
        return Record(isPort: true, port, sizeBytes, isWrite: false);
    }

    bool IX64Bus.TryWritePort(ushort port, int sizeBytes, uint value) => Record(isPort: true, port, sizeBytes, isWrite: true);

    void IX64VectorRegisters.ReadVector(int index, Span<byte> value) => vectors.ReadVector(index, value);

    void IX64VectorRegisters.WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper)
    {
        // Nothing is changed.
    }

    bool IX64VectorRegisters.HasFloatingPoint => vectors.HasFloatingPoint;

    void IX64VectorRegisters.ReadFloatingPoint(Span<byte> image) => vectors.ReadFloatingPoint(image);

    void IX64VectorRegisters.WriteFloatingPoint(ReadOnlySpan<byte> image)
    {
        // Nothing is changed.
    }

    private bool Record(bool isPort, ulong address, int sizeBytes, bool isWrite)
    {
        access ??= new DeviceAccess(isPort, address, sizeBytes, isWrite);
        return false;
    }
}
