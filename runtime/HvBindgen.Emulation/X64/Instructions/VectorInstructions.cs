using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Moves of vector registers, SSE and AVX.</summary>
internal sealed class VectorInstructions(X64Context context, X64AddressSpace space, X64Operands operands, IX64VectorRegisters? vectors)
{
    /// <summary>Whether vector instructions may be used, and this is one that names no MMX or AVX-512 state.</summary>
    private bool TryUseVectors(bool isVex)
    {
        if (context.Instruction.Code.Encoding() == EncodingKind.EVEX || NamesMmx())
        {
            return context.Unsupported(EmulationLimit.Instruction);
        }

        if (isVex)
        {
            bool isEnabled = context.State.IsProtectedMode
                && (context.State.Cr4 & X64Bits.Cr4Osxsave) != 0
                && (context.State.Xcr0 & X64Bits.Xcr0SseAvx) == X64Bits.Xcr0SseAvx;

            if (!isEnabled)
            {
                return context.Fault(X64Bits.VectorUd);
            }
        }
        else if ((context.State.Cr0 & X64Bits.Cr0Em) != 0 || (context.State.Cr4 & X64Bits.Cr4Osfxsr) == 0)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        if ((context.State.Cr0 & X64Bits.Cr0Ts) != 0)
        {
            return context.Fault(X64Bits.VectorNm);
        }

        return vectors is not null || context.Unsupported(EmulationLimit.VectorRegisters);
    }

    private bool NamesMmx() => IsMmx(context.Instruction.Op0Register) || IsMmx(context.Instruction.Op1Register);

    private static bool IsMmx(Register register) => register is >= Register.MM0 and <= Register.MM7;

    internal bool MoveVector(bool isVex, bool isAligned)
    {
        if (!TryUseVectors(isVex))
        {
            return false;
        }

        int size = RegisterNames.SizeBytes(operands.IsMemory(0) ? context.Instruction.Op1Register : context.Instruction.Op0Register);
        Span<byte> value = stackalloc byte[32];
        value = value[..size];

        if (operands.IsMemory(0))
        {
            if (!TryMapVector(size, isAligned, AccessKind.Write, out MappedMemory target))
            {
                return false;
            }

            vectors!.ReadVector(RegisterNames.VectorIndex(context.Instruction.Op1Register), value);
            space.StoreBytes(target, value);
            return true;
        }

        if (operands.IsMemory(1))
        {
            if (!TryMapVector(size, isAligned, AccessKind.Read, out MappedMemory source))
            {
                return false;
            }

            space.LoadBytes(source, value);
        }
        else
        {
            vectors!.ReadVector(RegisterNames.VectorIndex(context.Instruction.Op1Register), value);
        }

        return TryWriteVector(RegisterNames.VectorIndex(context.Instruction.Op0Register), value, isVex);
    }

    private bool TryMapVector(int sizeBytes, bool isAligned, AccessKind access, out MappedMemory memory) => isAligned
        ? space.TryMapAligned(operands.Segment(), operands.EffectiveAddress(0), sizeBytes, access, out memory)
        : space.TryMap(operands.Segment(), operands.EffectiveAddress(0), sizeBytes, sizeBytes, access, out memory);

    /// <summary>MOVD, MOVQ, MOVSS, MOVSD: the lowest element, to or from memory, a general register or another vector.</summary>
    internal bool MoveElement(bool isVex)
    {
        if (!TryUseVectors(isVex))
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

        if (!operands.IsMemory(0) && RegisterNames.IsVector(context.Instruction.Op0Register))
        {
            return LoadElement(isVex, size, value);
        }

        vectors!.ReadVector(RegisterNames.VectorIndex(context.Instruction.Op1Register), value);
        return operands.TryWrite(0, size, X64Value.Truncate(BitConverter.ToUInt64(value), size));
    }

    private bool LoadElement(bool isVex, int sizeBytes, Span<byte> value)
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
            vectors!.ReadVector(RegisterNames.VectorIndex(context.Instruction.GetOpRegister(last)), source);

            // Between registers MOVSS and MOVSD keep the upper part of the destination, or take that of a second source; MOVQ clears it.
            if (context.Instruction.Mnemonic is not (Mnemonic.Movq or Mnemonic.Vmovq))
            {
                vectors.ReadVector(RegisterNames.VectorIndex(context.Instruction.GetOpRegister(last - 1)), value);
            }

            source[..sizeBytes].CopyTo(value);
        }

        return TryWriteVector(RegisterNames.VectorIndex(context.Instruction.Op0Register), value, isVex);
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
    internal bool MoveHalf(bool isVex, int half)
    {
        if (!TryUseVectors(isVex))
        {
            return false;
        }

        Span<byte> value = stackalloc byte[16];

        if (operands.IsMemory(0))
        {
            vectors!.ReadVector(RegisterNames.VectorIndex(context.Instruction.Op1Register), value);
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

        vectors!.ReadVector(RegisterNames.VectorIndex(context.Instruction.GetOpRegister(last - 1)), value);
        BitConverter.TryWriteBytes(value[half..], element);
        return TryWriteVector(RegisterNames.VectorIndex(context.Instruction.Op0Register), value, isVex);
    }

    // What was not loaded is not written.
    private bool TryWriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper)
    {
        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        vectors!.WriteVector(index, value, clearUpper);
        return true;
    }
}
