using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Moves of vector registers.</summary>
internal sealed class VectorInstructions(
    X64Context context, X64AddressSpace space, X64Operands operands, X64VectorOperands vectors, MaskedMoveInstructions masked)
{
    private const int MaxBytes = 64;

    /// <summary>MOVUPS, MOVDQA and their kin: whole registers, or with a mask some of their elements.</summary>
    /// <param name="isAligned">Whether memory must be aligned to all of the operand.</param>
    /// <param name="elementBytes">What one bit of a mask stands for.</param>
    internal bool MoveVector(bool isAligned, int elementBytes = 4)
    {
        if (!vectors.TryUse())
        {
            return false;
        }

        if (context.Instruction.HasOpMask)
        {
            return masked.MoveByMask(isAligned, elementBytes);
        }

        Span<byte> value = stackalloc byte[MaxBytes];

        if (!operands.IsMemory(0))
        {
            value = value[..vectors.SizeBytes(0)];
            return vectors.TryRead(1, value, isAligned) && vectors.TryWrite(value);
        }

        value = value[..vectors.SizeBytes(1)];

        if (!vectors.TryMap(value.Length, isAligned, AccessKind.Write, out MappedMemory target))
        {
            return false;
        }

        vectors.Read(1, value);
        space.StoreBytes(target, value);
        return true;
    }

    /// <summary>MOVD, MOVQ, MOVSS, MOVSD: the lowest element, to or from memory, a general register or another vector.</summary>
    internal bool MoveElement()
    {
        if (!vectors.TryUse())
        {
            return false;
        }

        int size = context.Instruction.Mnemonic switch
        {
            Mnemonic.Movss or Mnemonic.Vmovss => 4,
            Mnemonic.Movsd or Mnemonic.Vmovsd => 8,
            _ => ElementSizeBytes(),
        };
        Span<byte> value = stackalloc byte[16];
        value.Clear();

        if (context.Instruction.HasOpMask)
        {
            return masked.MoveElementByMask(size);
        }

        if (!operands.IsMemory(0) && RegisterNames.IsVector(context.Instruction.Op0Register))
        {
            return LoadElement(size, value);
        }

        vectors.Read(1, value);
        return operands.TryWrite(0, size, X64Value.Truncate(BitConverter.ToUInt64(value), size));
    }

    private bool LoadElement(int sizeBytes, Span<byte> value)
    {
        int last = context.Instruction.OpCount - 1;

        if (operands.IsMemory(last) || !RegisterNames.IsVector(context.Instruction.GetOpRegister(last)))
        {
            if (!operands.TryRead(last, sizeBytes, out ulong element))
            {
                return false;
            }

            BitConverter.TryWriteBytes(value, element);
        }
        else
        {
            Span<byte> source = stackalloc byte[16];
            vectors.Read(last, source);

            // Between registers MOVSS and MOVSD keep the upper part of the destination, or take that of a second source; MOVQ clears it.
            if (context.Instruction.Mnemonic is not (Mnemonic.Movq or Mnemonic.Vmovq))
            {
                vectors.Read(last - 1, value);
            }

            source[..sizeBytes].CopyTo(value);
        }

        return vectors.TryWrite(value);
    }

    private int ElementSizeBytes()
    {
        for (int operand = 0; operand < 2; operand++)
        {
            if (operands.IsMemory(operand) || RegisterNames.IsGeneral(context.Instruction.GetOpRegister(operand)))
            {
                return operands.SizeBytes(operand);
            }
        }

        return 8;
    }

    /// <summary>MOVLPS, MOVHPS and their kin: one half of a register, to or from memory.</summary>
    internal bool MoveHalf(int half)
    {
        if (!vectors.TryUse())
        {
            return false;
        }

        Span<byte> value = stackalloc byte[16];

        if (operands.IsMemory(0))
        {
            vectors.Read(1, value);
            return operands.TryWrite(0, 8, BitConverter.ToUInt64(value[half..]));
        }

        int last = context.Instruction.OpCount - 1;

        if (!operands.IsMemory(last))
        {
            return context.Unsupported(EmulationLimit.Instruction);
        }

        if (!operands.TryRead(last, 8, out ulong element))
        {
            return false;
        }

        vectors.Read(last - 1, value);
        BitConverter.TryWriteBytes(value[half..], element);
        return vectors.TryWrite(value);
    }

    /// <summary>MOVLHPS, MOVHLPS: one half of a register from one of another.</summary>
    /// <param name="to">Where the half begins that is written.</param>
    /// <param name="from">Where that begins that is read.</param>
    internal bool MoveBetweenHalves(int to, int from)
    {
        if (!vectors.TryUse())
        {
            return false;
        }

        int last = context.Instruction.OpCount - 1;
        Span<byte> value = stackalloc byte[16];
        Span<byte> source = stackalloc byte[16];
        vectors.Read(last - 1, value);
        vectors.Read(last, source);
        source.Slice(from, 8).CopyTo(value[to..]);
        return vectors.TryWrite(value);
    }

    /// <summary>PMOVMSKB, MOVMSKPS, MOVMSKPD: the top bits of elements into a general register.</summary>
    internal bool MoveSigns(int sizeBytes)
    {
        if (!vectors.TryUse())
        {
            return false;
        }

        Span<byte> value = stackalloc byte[MaxBytes];
        value = value[..vectors.SizeBytes(1)];
        vectors.Read(1, value);
        uint signs = 0;

        for (int element = 0; element < value.Length / sizeBytes; element++)
        {
            signs |= (uint)(value[((element + 1) * sizeBytes) - 1] >> 7) << element;
        }

        context.WriteRegister(context.Instruction.Op0Register, signs);
        return true;
    }

    /// <summary>PINSRB, PINSRW, PINSRD, PINSRQ: one element into a register.</summary>
    internal bool InsertElement(int sizeBytes)
    {
        int source = context.Instruction.OpCount - 2;

        if (!vectors.TryUse() || !operands.TryRead(source, sizeBytes, out ulong element))
        {
            return false;
        }

        Span<byte> value = stackalloc byte[16];
        Span<byte> bytes = stackalloc byte[8];
        vectors.Read(source - 1, value);
        BitConverter.TryWriteBytes(bytes, element);
        int at = context.Instruction.Immediate8 * sizeBytes % 16;
        bytes[..sizeBytes].CopyTo(value[at..]);
        return vectors.TryWrite(value);
    }

    /// <summary>PEXTRB, PEXTRW, PEXTRD, PEXTRQ, EXTRACTPS: one element out of a register.</summary>
    internal bool ExtractElement(int sizeBytes)
    {
        if (!vectors.TryUse())
        {
            return false;
        }

        Span<byte> value = stackalloc byte[24];
        vectors.Read(1, value[..16]);
        int at = context.Instruction.Immediate8 * sizeBytes % 16;
        return operands.TryWrite(0, sizeBytes, X64Value.Truncate(BitConverter.ToUInt64(value[at..]), sizeBytes));
    }

    /// <summary>INSERTPS: four bytes into a register, and zeros where the immediate says.</summary>
    internal bool InsertSingle()
    {
        int source = context.Instruction.OpCount - 2;
        byte choice = context.Instruction.Immediate8;
        Span<byte> value = stackalloc byte[16];
        Span<byte> element = stackalloc byte[16];

        if (!vectors.TryUse() || !vectors.TryRead(source, operands.IsMemory(source) ? element[..4] : element, isAligned: false))
        {
            return false;
        }

        int from = operands.IsMemory(source) ? 0 : (choice >> 6) * 4;
        vectors.Read(source - 1, value);
        element.Slice(from, 4).CopyTo(value[(((choice >> 4) & 3) * 4)..]);

        for (int index = 0; index < 4; index++)
        {
            if ((choice & (1 << index)) != 0)
            {
                value.Slice(index * 4, 4).Clear();
            }
        }

        return vectors.TryWrite(value);
    }

    /// <summary>VBROADCASTSS, VPBROADCASTB and their kin: one element, in all places.</summary>
    internal bool Broadcast(int sizeBytes)
    {
        Span<byte> value = stackalloc byte[MaxBytes];
        Span<byte> source = stackalloc byte[16];

        if (!vectors.TryUse())
        {
            return false;
        }

        value = value[..vectors.SizeBytes(0)];
        ulong chosen = vectors.Mask & (ulong.MaxValue >> (64 - (value.Length / sizeBytes)));

        // What no element wants is not read.
        if (operands.IsMemory(1) ? chosen != 0 && !vectors.TryRead(1, source[..sizeBytes], isAligned: false)
            : !TryReadSource(source, sizeBytes))
        {
            return false;
        }

        for (int at = 0; at < value.Length; at += sizeBytes)
        {
            source[..sizeBytes].CopyTo(value[at..]);
        }

        vectors.Merge(value, sizeBytes);
        return vectors.TryWrite(value);
    }

    // A vector, or with EVEX a general register.
    private bool TryReadSource(Span<byte> source, int sizeBytes)
    {
        if (RegisterNames.IsVector(context.Instruction.Op1Register))
        {
            vectors.Read(1, source);
            return true;
        }

        return operands.TryRead(1, sizeBytes, out ulong element) && BitConverter.TryWriteBytes(source, element);
    }

    /// <summary>KMOVB, KMOVW, KMOVD, KMOVQ: a mask register, to or from memory, a general register or another one.</summary>
    internal bool MoveMask(int sizeBytes)
    {
        if (!vectors.TryUse())
        {
            return false;
        }

        Register target = context.Instruction.Op0Register;
        ulong value;

        if (!operands.IsMemory(1) && RegisterNames.IsMask(context.Instruction.Op1Register))
        {
            value = X64Value.Truncate(vectors.ReadMask(context.Instruction.Op1Register), sizeBytes);
        }
        else if (!operands.TryRead(1, sizeBytes, out value))
        {
            return false;
        }

        return !operands.IsMemory(0) && RegisterNames.IsMask(target)
            ? vectors.TryWriteMask(target, value)
            : operands.TryWrite(0, sizeBytes, value);
    }

    /// <summary>MOVDDUP, MOVSLDUP, MOVSHDUP: every second element, twice.</summary>
    /// <param name="sizeBytes">Size of the element.</param>
    /// <param name="first">Which of each two elements is taken.</param>
    internal bool Duplicate(int sizeBytes, int first)
    {
        Span<byte> value = stackalloc byte[MaxBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        // Of 16 bytes MOVDDUP reads only the half that it takes.
        value = value[..vectors.SizeBytes(0)];
        int readBytes = sizeBytes == 8 && value.Length == 16 && operands.IsMemory(1) ? 8 : value.Length;

        if (!vectors.TryRead(1, value[..readBytes], isAligned: readBytes == 16 && !vectors.IsVex))
        {
            return false;
        }

        for (int at = 0; at < value.Length; at += 2 * sizeBytes)
        {
            ReadOnlySpan<byte> taken = value.Slice(at + (first * sizeBytes), sizeBytes);
            taken.CopyTo(value[(at + ((1 - first) * sizeBytes))..]);
        }

        return vectors.TryWriteChosen(value, sizeBytes);
    }
}
