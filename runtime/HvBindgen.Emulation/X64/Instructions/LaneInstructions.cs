using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Moves of lanes: pieces of a vector register of 8, 16 or 32 bytes. A mask chooses elements, which are smaller.</summary>
internal sealed class LaneInstructions(
    X64Context context, X64AddressSpace space, X64Operands operands, X64VectorOperands vectors, MaskedMoveInstructions masked)
{
    private const int MaxBytes = 64;
    private const int MaxLaneBytes = 32;

    /// <summary>VINSERTF128 and its kin: a lane of a register from memory or another register.</summary>
    internal bool Insert(int laneBytes, int elementBytes)
    {
        Span<byte> value = stackalloc byte[MaxBytes];
        Span<byte> lane = stackalloc byte[MaxLaneBytes];
        lane = lane[..laneBytes];

        if (!vectors.TryUse() || !vectors.TryRead(2, lane, isAligned: false))
        {
            return false;
        }

        value = value[..vectors.SizeBytes(0)];
        vectors.Read(1, value);
        lane.CopyTo(value[PlaceBytes(value.Length, laneBytes)..]);
        vectors.Merge(value, elementBytes);
        return vectors.TryWrite(value);
    }

    /// <summary>VEXTRACTF128 and its kin: a lane of a register to memory or another register.</summary>
    internal bool Extract(int laneBytes, int elementBytes)
    {
        if (!vectors.TryUse())
        {
            return false;
        }

        Span<byte> value = stackalloc byte[MaxBytes];
        value = value[..vectors.SizeBytes(1)];
        MappedMemory target = default;

        // Memory is asked for the whole lane, whatever the mask says.
        if (operands.IsMemory(0) && !vectors.TryMap(laneBytes, isAligned: false, AccessKind.Write, out target))
        {
            return false;
        }

        vectors.Read(1, value);
        Span<byte> lane = value.Slice(PlaceBytes(value.Length, laneBytes), laneBytes);

        if (!operands.IsMemory(0))
        {
            vectors.Merge(lane, elementBytes);
            return vectors.TryWrite(lane);
        }

        if (context.Instruction.HasOpMask)
        {
            return masked.TryMove(lane, Chosen(laneBytes, elementBytes), elementBytes, isStore: true);
        }

        space.StoreBytes(target, lane);
        return true;
    }

    /// <summary>VBROADCASTF128 and its kin: one lane, in all places. What no element wants is not read.</summary>
    internal bool Broadcast(int laneBytes, int elementBytes)
    {
        Span<byte> value = stackalloc byte[MaxBytes];
        Span<byte> lane = stackalloc byte[MaxLaneBytes];
        lane = lane[..laneBytes];
        lane.Clear();

        if (!vectors.TryUse())
        {
            return false;
        }

        value = value[..vectors.SizeBytes(0)];

        if (context.Instruction.HasOpMask && operands.IsMemory(1))
        {
            ulong wanted = 0;

            for (ulong rest = Chosen(value.Length, elementBytes); rest != 0; rest >>= laneBytes / elementBytes)
            {
                wanted |= rest & ((1UL << (laneBytes / elementBytes)) - 1);
            }

            if (!masked.TryMove(lane, wanted, elementBytes, isStore: false))
            {
                return false;
            }
        }
        else if (!vectors.TryRead(1, lane, isAligned: false))
        {
            return false;
        }

        for (int at = 0; at < value.Length; at += laneBytes)
        {
            lane.CopyTo(value[at..]);
        }

        vectors.Merge(value, elementBytes);
        return vectors.TryWrite(value);
    }

    private int PlaceBytes(int sizeBytes, int laneBytes) =>
        context.Instruction.Immediate8 % (sizeBytes / laneBytes) * laneBytes;

    // Which elements of so many bytes the mask chooses.
    private ulong Chosen(int sizeBytes, int elementBytes) => vectors.Mask & (ulong.MaxValue >> (64 - (sizeBytes / elementBytes)));
}
