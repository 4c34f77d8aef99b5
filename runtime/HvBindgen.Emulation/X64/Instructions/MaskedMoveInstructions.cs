using System.Numerics;
using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Moves of some elements of a vector: the others are not accessed, and cannot fault.</summary>
internal sealed class MaskedMoveInstructions(
    X64Context context, X64AddressSpace space, X64Operands operands, X64VectorOperands vectors)
{
    private const int MaxBytes = 64;

    /// <summary>VMASKMOVPS, VPMASKMOVD and their kin: the top bits of a vector's elements choose.</summary>
    internal bool MoveByVectorMask(int sizeBytes)
    {
        Span<byte> value = stackalloc byte[MaxBytes];
        Span<byte> choice = stackalloc byte[MaxBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        bool isStore = operands.IsMemory(0);
        value = value[..vectors.SizeBytes(1)];
        vectors.Read(1, choice[..value.Length]);
        ulong mask = X64VectorOperands.TopBits(choice[..value.Length], sizeBytes);

        if (!isStore)
        {
            value.Clear();
            return TryMove(value, mask, sizeBytes, isStore: false) && vectors.TryWrite(value);
        }

        vectors.Read(2, value);
        return TryMove(value, mask, sizeBytes, isStore: true);
    }

    /// <summary>MASKMOVDQU: the top bits of a vector's bytes choose which bytes of another go to where RDI points.</summary>
    internal bool MoveBytesToDestination()
    {
        const int SizeBytes = 16;
        Span<byte> value = stackalloc byte[SizeBytes];
        Span<byte> choice = stackalloc byte[SizeBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        vectors.Read(1, value);
        vectors.Read(2, choice);
        return TryMoveToDestination(value, choice);
    }

    /// <summary>Moves the bytes of a value that the top bits of another's choose to where RDI points.</summary>
    internal bool TryMoveToDestination(Span<byte> value, ReadOnlySpan<byte> choice)
    {
        ulong mask = X64VectorOperands.TopBits(choice, sizeBytes: 1);
        ulong offset = context.ReadRegister(context.Instruction.Op0Kind switch
        {
            OpKind.MemorySegDI => Register.DI,
            OpKind.MemorySegEDI => Register.EDI,
            _ => Register.RDI,
        });
        return TryMove(offset, value, mask, sizeBytes: 1, isStore: true);
    }

    /// <summary>A move of whole registers with a mask of AVX-512.</summary>
    /// <param name="isAligned">Whether memory must be aligned to all of the operand.</param>
    /// <param name="sizeBytes">Size of an element.</param>
    internal bool MoveByMask(bool isAligned, int sizeBytes)
    {
        Span<byte> value = stackalloc byte[MaxBytes];
        bool isStore = operands.IsMemory(0);
        value = value[..vectors.SizeBytes(isStore ? 1 : 0)];
        ulong mask = vectors.Mask & (ulong.MaxValue >> (64 - (value.Length / sizeBytes)));

        // Of an operand that is not accessed at all nothing is asked.
        if (isAligned && mask != 0 && (isStore || operands.IsMemory(1))
            && !space.IsAligned(operands.Segment(), operands.EffectiveAddress(0), value.Length))
        {
            return false;
        }

        if (isStore)
        {
            vectors.Read(1, value);
            return TryMove(value, mask, sizeBytes, isStore: true);
        }

        if (!operands.IsMemory(1))
        {
            vectors.Read(1, value);
        }
        else if (!TryMove(value, mask, sizeBytes, isStore: false))
        {
            return false;
        }

        vectors.Merge(value, sizeBytes);
        return vectors.TryWrite(value);
    }

    /// <summary>VMOVSS and VMOVSD with a mask, of which one bit counts.</summary>
    internal bool MoveElementByMask(int sizeBytes)
    {
        Span<byte> value = stackalloc byte[16];
        Span<byte> source = stackalloc byte[16];
        bool isChosen = (vectors.Mask & 1) != 0;
        int last = context.Instruction.OpCount - 1;

        if (operands.IsMemory(0))
        {
            vectors.Read(1, source);
            return TryMove(source[..sizeBytes], isChosen ? 1u : 0, sizeBytes, isStore: true);
        }

        // Between registers the upper part is that of another source; from memory it is zero.
        value.Clear();

        if (!operands.IsMemory(last))
        {
            vectors.Read(1, value);
            vectors.Read(last, source);
        }
        else if (!TryMove(source[..sizeBytes], isChosen ? 1u : 0, sizeBytes, isStore: false))
        {
            return false;
        }

        if (!isChosen)
        {
            source.Clear();

            if (!context.Instruction.ZeroingMasking)
            {
                vectors.Read(0, source);
            }
        }

        source[..sizeBytes].CopyTo(value);
        return vectors.TryWrite(value);
    }

    /// <summary>
    /// Reads a source of arithmetic: a register, memory, or with EVEX one element of memory for all places. What no chosen element wants is
    /// not accessed, and zero, where elements are by themselves.
    /// </summary>
    internal bool TryReadSource(int operand, Span<byte> value, MaskedElements elements) =>
        TryReadSource(operand, value, elements, isAligned: !vectors.IsVex);

    /// <summary>Reads one that must be aligned, or need not.</summary>
    internal bool TryReadSource(int operand, Span<byte> value, MaskedElements elements, bool isAligned)
    {
        bool isBroadcast = context.Instruction.IsBroadcast;
        bool isChosen = context.Instruction.HasOpMask && !elements.AreMixed;

        if (!operands.IsMemory(operand) || (!isChosen && !isBroadcast))
        {
            return vectors.TryRead(operand, value, isAligned);
        }

        ulong mask = isChosen ? vectors.Mask & (ulong.MaxValue >> (64 - (value.Length / elements.SizeBytes))) : ulong.MaxValue;

        if (!isBroadcast)
        {
            value.Clear();
            return TryMove(value, mask, elements.SizeBytes, isStore: false);
        }

        int size = operands.SizeBytes(operand);

        if (mask != 0 && !vectors.TryRead(operand, value[..size], isAligned: false))
        {
            return false;
        }

        for (int at = size; at < value.Length; at += size)
        {
            value[..size].CopyTo(value[at..]);
        }

        return true;
    }

    /// <summary>Moves chosen elements between a vector's value and memory, after all of them are known to be accessible.</summary>
    internal bool TryMove(Span<byte> value, ulong mask, int sizeBytes, bool isStore) =>
        TryMove(operands.EffectiveAddress(0), value, mask, sizeBytes, isStore);

    private bool TryMove(ulong offset, Span<byte> value, ulong mask, int sizeBytes, bool isStore)
    {
        Span<MappedMemory> mapped = stackalloc MappedMemory[MaxBytes];
        AccessKind access = isStore ? AccessKind.Write : AccessKind.Read;
        int segment = operands.Segment();

        for (ulong rest = mask; rest != 0; rest &= rest - 1)
        {
            int element = BitOperations.TrailingZeroCount(rest);

            // Elements lie side by side even where 16-bit addresses would wrap.
            if (!space.TryMap(segment, offset + (uint)(element * sizeBytes), sizeBytes, sizeBytes, access, out mapped[element]))
            {
                return false;
            }
        }

        for (ulong rest = mask; rest != 0; rest &= rest - 1)
        {
            int element = BitOperations.TrailingZeroCount(rest);
            Span<byte> bytes = value.Slice(element * sizeBytes, sizeBytes);

            if (isStore)
            {
                space.StoreBytes(mapped[element], bytes);
            }
            else
            {
                space.LoadBytes(mapped[element], bytes);
            }
        }

        return true;
    }
}
