using System.Buffers.Binary;

namespace HvBindgen.Emulation.A64;

/// <summary>Finishes loads and stores of A64 that a device is to answer.</summary>
/// <remarks>
/// Data is little-endian; what a guest that has switched its data to big-endian accesses is refused. Allocates nothing.
/// The bus is touched only if the instruction is carried out, and the state changes only if the bus answers; of a pair of vector registers
/// the first may have been written then.
/// </remarks>
public static class A64Emulator
{
    private const ulong PageMask = 0xFFF;
    private const int InstructionBytes = 4;

    /// <summary>Carries out the access a syndrome describes.</summary>
    /// <param name="state">State before and after.</param>
    /// <param name="abort">The syndrome, with <see cref="A64DataAbort.IsDescribed"/> set.</param>
    /// <param name="gpa">Guest-physical address of the access.</param>
    /// <param name="bus">The device.</param>
    public static A64Refusal Execute(ref A64State state, A64DataAbort abort, ulong gpa, IMemoryBus bus)
    {
        ArgumentNullException.ThrowIfNull(bus);

        if (!abort.IsDescribed)
        {
            return A64Refusal.NotLoadStore;
        }

        A64LoadStore access = abort.AsLoadStore();

        if (access.SizeBytes > 1 && state.IsDataBigEndian)
        {
            return A64Refusal.BigEndianData;
        }

        if ((gpa & PageMask) + (uint)access.SizeBytes > PageMask + 1)
        {
            return A64Refusal.CrossesPage;
        }

        if (!TryMoveGeneral(ref state, access, access.Rt, gpa, bus))
        {
            return A64Refusal.Unanswered;
        }

        state.EndInstruction(abort.InstructionSizeBytes);
        return A64Refusal.None;
    }

    /// <summary>Carries out an instruction that was decoded from its bytes, because the syndrome does not describe it.</summary>
    /// <param name="state">State before and after.</param>
    /// <param name="access">The instruction.</param>
    /// <param name="gva">Reported virtual address: anywhere within the access.</param>
    /// <param name="gpa">Reported guest-physical address. Only its page is used.</param>
    /// <param name="bus">The device.</param>
    /// <param name="vectors">Vector registers; without them instructions that use one are refused.</param>
    public static A64Refusal Execute(
        ref A64State state, in A64LoadStore access, ulong gva, ulong gpa, IMemoryBus bus, IA64VectorRegisters? vectors = null)
    {
        ArgumentNullException.ThrowIfNull(bus);

        if (access.IsPrefetch)
        {
            state.EndInstruction(InstructionBytes);
            return A64Refusal.None;
        }

        if (access.SizeBytes > 1 && state.IsDataBigEndian)
        {
            return A64Refusal.BigEndianData;
        }

        if (access.IsVector && vectors is null)
        {
            return A64Refusal.VectorRegisters;
        }

        ulong address = AddressOf(state, access);

        if (address + (uint)access.TotalBytes - 1 < gva || gva < address)
        {
            return A64Refusal.AddressMismatch;
        }

        if ((address & PageMask) + (uint)access.TotalBytes > PageMask + 1)
        {
            return A64Refusal.CrossesPage;
        }

        ulong first = (gpa & ~PageMask) | (address & PageMask);
        A64State moved = state;

        if (!TryMove(ref moved, access, access.Rt, first, bus, vectors)
            || (access.IsPair && !TryMove(ref moved, access, access.Rt2, first + (uint)access.SizeBytes, bus, vectors)))
        {
            return A64Refusal.Unanswered;
        }

        state = moved;

        if (access.Addressing is A64Addressing.PreIndex or A64Addressing.PostIndex)
        {
            // Unpredictable overlaps of base and data have been refused in decoding.
            state.WriteBase(access.Rn, state.ReadBase(access.Rn) + (ulong)access.OffsetBytes);
        }

        state.EndInstruction(InstructionBytes);
        return A64Refusal.None;
    }

    /// <summary>The virtual address a decoded instruction accesses first.</summary>
    /// <param name="state">State before the instruction.</param>
    /// <param name="access">The instruction.</param>
    public static ulong AddressOf(in A64State state, in A64LoadStore access)
    {
        switch (access.Addressing)
        {
            case A64Addressing.Literal:
                return state.Pc + (ulong)access.OffsetBytes;
            case A64Addressing.PostIndex:
                return state.ReadBase(access.Rn);
            case A64Addressing.Register:
                ulong offset = state.Read(access.Rm);

                if (access.IsOffset32Bit)
                {
                    offset = access.IsOffsetSigned ? (ulong)(int)offset : (uint)offset;
                }

                return state.ReadBase(access.Rn) + (offset << access.OffsetShift);
            default:
                return state.ReadBase(access.Rn) + (ulong)access.OffsetBytes;
        }
    }

    private static bool TryMove(
        ref A64State state, in A64LoadStore access, int register, ulong gpa, IMemoryBus bus, IA64VectorRegisters? vectors)
    {
        if (!access.IsVector)
        {
            return TryMoveGeneral(ref state, access, register, gpa, bus);
        }

        Span<byte> value = stackalloc byte[16];
        value.Clear();

        if (access.IsLoad)
        {
            if (!bus.TryReadMemory(gpa, value[..access.SizeBytes]))
            {
                return false;
            }

            vectors!.WriteVector(register, value);
            return true;
        }

        vectors!.ReadVector(register, value);
        return bus.TryWriteMemory(gpa, value[..access.SizeBytes]);
    }

    private static bool TryMoveGeneral(ref A64State state, in A64LoadStore access, int register, ulong gpa, IMemoryBus bus)
    {
        Span<byte> bytes = stackalloc byte[8];

        if (!access.IsLoad)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, state.Read(register));
            return bus.TryWriteMemory(gpa, bytes[..access.SizeBytes]);
        }

        bytes.Clear();

        if (!bus.TryReadMemory(gpa, bytes[..access.SizeBytes]))
        {
            return false;
        }

        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);

        if (access.IsSigned)
        {
            int unused = 64 - (access.SizeBytes * 8);
            value = (ulong)((long)(value << unused) >> unused);
        }

        state.Write(register, access.Is64Bit ? value : (uint)value);
        return true;
    }
}
