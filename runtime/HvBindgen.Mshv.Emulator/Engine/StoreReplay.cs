using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>A write to a device, or a piece of one.</summary>
/// <param name="Gpa">Where.</param>
/// <param name="SizeBytes">How much, at most 8.</param>
/// <param name="Value">What.</param>
internal readonly record struct DeviceStore(ulong Gpa, int SizeBytes, ulong Value)
{
    /// <summary>The byte at an address, null where the write has none.</summary>
    internal byte? ByteAt(ulong gpa) => gpa - Gpa < (ulong)SizeBytes ? (byte)(Value >> (int)((gpa - Gpa) * 8)) : null;
}

/// <summary>Whether an instruction has made a write.</summary>
internal enum ReplayResult
{
    /// <summary>It writes this and nothing else, and leaves the registers as they were found.</summary>
    Agrees,

    /// <summary>It does something else.</summary>
    Differs,

    /// <summary>It cannot be executed in software.</summary>
    Unknown,
}

/// <summary>
/// Executes, aside, an instruction that may have written to a device: whether it would have written what was written, and left behind what
/// was found. Nothing is changed by it, neither registers nor memory.
/// </summary>
internal sealed class StoreReplay : IX64Bus
{
    private readonly IGuestPhysicalMemory memory;
    private readonly SoftwareProcessor processor;
    private readonly UnchangedVectors vectors;
    private readonly List<DeviceStore> writes = [];
    private bool doesMore;

    internal StoreReplay(ProcessorState registers, IStoredState stored, IGuestPhysicalMemory memory)
    {
        this.memory = memory;
        vectors = new UnchangedVectors(stored);
        processor = new SoftwareProcessor(registers, stored, new UnchangedMemory(memory), this, vectors);
    }

    /// <summary>Executes the instruction at an offset of the code segment, with the registers as they are.</summary>
    /// <param name="rip">The offset.</param>
    /// <param name="pieces">What was written.</param>
    /// <param name="after">What was found behind it.</param>
    internal ReplayResult Compare(ulong rip, List<DeviceStore> pieces, in RegisterSnapshot after)
    {
        X64State state = processor.State();
        state.Rip = rip;
        writes.Clear();
        doesMore = false;
        vectors.WouldChange = false;
        if (!processor.TryExecute(ref state, out EmulationOutcome outcome))
        {
            return ReplayResult.Unknown;
        }

        if (doesMore || vectors.WouldChange)
        {
            return ReplayResult.Differs;
        }

        if (outcome.Result is EmulationResult.Unsupported)
        {
            return ReplayResult.Unknown;
        }

        // A repetition is found at its instruction as long as the processor has not seen that nothing is left to count.
        bool hasEnded = state.Rip == after.Rip || (rip == after.Rip && after.General[ProcessorState.Rcx] == 0);
        return outcome.Result is EmulationResult.Completed or EmulationResult.Continue
            && hasEnded
            && ((ReadOnlySpan<ulong>)state.Gpr).SequenceEqual(after.General)
            && ((state.Rflags ^ after.Rflags) & ~X64Bits.FlagRf) == 0
            && HasWritten(pieces)
            ? ReplayResult.Agrees
            : ReplayResult.Differs;
    }

    // The processor would have stopped for a read of a device before it came to the write.
    bool IMemoryBus.TryReadMemory(ulong gpa, Span<byte> data) => Refuse();

    bool IMemoryBus.TryWriteMemory(ulong gpa, ReadOnlySpan<byte> data)
    {
        for (int at = 0; at < data.Length; at++)
        {
            writes.Add(new DeviceStore(gpa + (ulong)at, 1, data[at]));
        }

        return true;
    }

    bool IX64Bus.TryReadPort(ushort port, int sizeBytes, out uint value)
    {
        value = 0;
        return Refuse();
    }

    bool IX64Bus.TryWritePort(ushort port, int sizeBytes, uint value) => Refuse();

    private bool Refuse()
    {
        doesMore = true;
        return false;
    }

    // Every byte of the pieces, and beside them only what memory has already.
    private bool HasWritten(List<DeviceStore> pieces)
    {
        int missing = 0;
        foreach (DeviceStore piece in pieces)
        {
            missing += piece.SizeBytes;
        }

        Span<byte> current = stackalloc byte[1];
        foreach (DeviceStore write in writes)
        {
            if (ByteOf(pieces, write.Gpa) is { } written)
            {
                if (written != (byte)write.Value)
                {
                    return false;
                }

                missing--;
            }
            else if (memory.Read(write.Gpa, current) == 0 || current[0] != (byte)write.Value)
            {
                return false;
            }
        }

        return missing == 0;
    }

    private static byte? ByteOf(List<DeviceStore> pieces, ulong gpa)
    {
        foreach (DeviceStore piece in pieces)
        {
            if (piece.ByteAt(gpa) is { } value)
            {
                return value;
            }
        }

        return null;
    }
}
