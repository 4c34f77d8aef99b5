using Iced.Intel;

namespace HvBindgen.Emulation.X64;

// Moves of vector registers, SSE and AVX.
public sealed partial class X64Emulator
{
    private bool TryExecuteVector()
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Movups:
            case Mnemonic.Movupd:
            case Mnemonic.Movdqu:
            case Mnemonic.Lddqu:
                return MoveVector(isVex: false, isAligned: false);
            case Mnemonic.Movaps:
            case Mnemonic.Movapd:
            case Mnemonic.Movdqa:
            case Mnemonic.Movntps:
            case Mnemonic.Movntpd:
            case Mnemonic.Movntdq:
            case Mnemonic.Movntdqa:
                return MoveVector(isVex: false, isAligned: true);
            case Mnemonic.Vmovups:
            case Mnemonic.Vmovupd:
            case Mnemonic.Vmovdqu:
            case Mnemonic.Vlddqu:
                return MoveVector(isVex: true, isAligned: false);
            case Mnemonic.Vmovaps:
            case Mnemonic.Vmovapd:
            case Mnemonic.Vmovdqa:
            case Mnemonic.Vmovntps:
            case Mnemonic.Vmovntpd:
            case Mnemonic.Vmovntdq:
            case Mnemonic.Vmovntdqa:
                return MoveVector(isVex: true, isAligned: true);
            case Mnemonic.Movd:
            case Mnemonic.Movq:
            case Mnemonic.Movss:
            case Mnemonic.Movsd:
                return MoveElement(isVex: false);
            case Mnemonic.Vmovd:
            case Mnemonic.Vmovq:
            case Mnemonic.Vmovss:
            case Mnemonic.Vmovsd:
                return MoveElement(isVex: true);
            case Mnemonic.Movlps:
            case Mnemonic.Movlpd:
                return MoveHalf(isVex: false, half: 0);
            case Mnemonic.Movhps:
            case Mnemonic.Movhpd:
                return MoveHalf(isVex: false, half: 8);
            case Mnemonic.Vmovlps:
            case Mnemonic.Vmovlpd:
                return MoveHalf(isVex: true, half: 0);
            case Mnemonic.Vmovhps:
            case Mnemonic.Vmovhpd:
                return MoveHalf(isVex: true, half: 8);
            default:
                return Unsupported(EmulationLimit.Instruction);
        }
    }

    private static bool IsVector(Register register) =>
        register is >= Register.XMM0 and <= Register.XMM15 or >= Register.YMM0 and <= Register.YMM15;

    private static int VectorIndex(Register register) => register >= Register.YMM0 ? register - Register.YMM0 : register - Register.XMM0;

    /// <summary>Whether vector instructions may be used, and this is one that names no MMX or AVX-512 state.</summary>
    private bool TryUseVectors(bool isVex)
    {
        if (instruction.Code.Encoding() == EncodingKind.EVEX || NamesMmx())
        {
            return Unsupported(EmulationLimit.Instruction);
        }

        if (isVex)
        {
            bool isEnabled = state.IsProtectedMode
                && (state.Cr4 & X64Bits.Cr4Osxsave) != 0
                && (state.Xcr0 & X64Bits.Xcr0SseAvx) == X64Bits.Xcr0SseAvx;

            if (!isEnabled)
            {
                return Fault(X64Bits.VectorUd);
            }
        }
        else if ((state.Cr0 & X64Bits.Cr0Em) != 0 || (state.Cr4 & X64Bits.Cr4Osfxsr) == 0)
        {
            return Fault(X64Bits.VectorUd);
        }

        if ((state.Cr0 & X64Bits.Cr0Ts) != 0)
        {
            return Fault(X64Bits.VectorNm);
        }

        return vectors is not null || Unsupported(EmulationLimit.VectorRegisters);
    }

    private bool NamesMmx() =>
        instruction.Op0Register is >= Register.MM0 and <= Register.MM7 || instruction.Op1Register is >= Register.MM0 and <= Register.MM7;

    private bool MoveVector(bool isVex, bool isAligned)
    {
        if (!TryUseVectors(isVex))
        {
            return false;
        }

        int size = RegisterSizeBytes(IsMemory(0) ? instruction.Op1Register : instruction.Op0Register);
        Span<byte> value = stackalloc byte[32];
        value = value[..size];

        if (IsMemory(0))
        {
            if (!TryMapVector(size, isAligned, AccessKind.Write, out MappedMemory target))
            {
                return false;
            }

            vectors!.ReadVector(VectorIndex(instruction.Op1Register), value);
            StoreBytes(target, value);
            return true;
        }

        if (IsMemory(1))
        {
            if (!TryMapVector(size, isAligned, AccessKind.Read, out MappedMemory source))
            {
                return false;
            }

            LoadBytes(source, value);
        }
        else
        {
            vectors!.ReadVector(VectorIndex(instruction.Op1Register), value);
        }

        vectors!.WriteVector(VectorIndex(instruction.Op0Register), value, isVex);
        return true;
    }

    private bool TryMapVector(int sizeBytes, bool isAligned, AccessKind access, out MappedMemory memory) => isAligned
        ? TryMapAligned(OperandSegment(), EffectiveAddress(0), sizeBytes, access, out memory)
        : TryMap(OperandSegment(), EffectiveAddress(0), sizeBytes, sizeBytes, access, out memory);

    /// <summary>MOVD, MOVQ, MOVSS, MOVSD: the lowest element, to or from memory, a general register or another vector.</summary>
    private bool MoveElement(bool isVex)
    {
        if (!TryUseVectors(isVex))
        {
            return false;
        }

        int size = instruction.Mnemonic switch
        {
            Mnemonic.Movss or Mnemonic.Vmovss => 4,
            Mnemonic.Movsd or Mnemonic.Vmovsd => 8,
            _ => ElementSizeBytes(),
        };
        Span<byte> value = stackalloc byte[16];
        value.Clear();

        if (!IsMemory(0) && IsVector(instruction.Op0Register))
        {
            return LoadElement(isVex, size, value);
        }

        vectors!.ReadVector(VectorIndex(instruction.Op1Register), value);
        return TryWriteOperand(0, size, Truncate(BitConverter.ToUInt64(value), size));
    }

    private bool LoadElement(bool isVex, int sizeBytes, Span<byte> value)
    {
        int last = instruction.OpCount - 1;

        if (IsMemory(last) || !IsVector(instruction.GetOpRegister(last)))
        {
            if (!TryReadOperand(last, sizeBytes, out ulong element))
            {
                return false;
            }

            BitConverter.TryWriteBytes(value, element);
        }
        else
        {
            Span<byte> source = stackalloc byte[16];
            vectors!.ReadVector(VectorIndex(instruction.GetOpRegister(last)), source);

            // Between registers MOVSS and MOVSD keep the upper part of the destination, or take that of a second source; MOVQ clears it.
            if (instruction.Mnemonic is not (Mnemonic.Movq or Mnemonic.Vmovq))
            {
                vectors.ReadVector(VectorIndex(instruction.GetOpRegister(last - 1)), value);
            }

            source[..sizeBytes].CopyTo(value);
        }

        vectors!.WriteVector(VectorIndex(instruction.Op0Register), value, isVex);
        return true;
    }

    private int ElementSizeBytes()
    {
        for (int operand = 0; operand < 2; operand++)
        {
            if (IsMemory(operand) || IsGeneral(instruction.GetOpRegister(operand)))
            {
                return OperandSizeBytes(operand);
            }
        }

        return 8;
    }

    /// <summary>MOVLPS, MOVHPS and their kin: one half of a register, to or from memory.</summary>
    private bool MoveHalf(bool isVex, int half)
    {
        if (!TryUseVectors(isVex))
        {
            return false;
        }

        Span<byte> value = stackalloc byte[16];

        if (IsMemory(0))
        {
            vectors!.ReadVector(VectorIndex(instruction.Op1Register), value);
            return TryWriteOperand(0, 8, BitConverter.ToUInt64(value[half..]));
        }

        int last = instruction.OpCount - 1;

        if (!IsMemory(last))
        {
            return Unsupported(EmulationLimit.Instruction);
        }

        if (!TryReadOperand(last, 8, out ulong element))
        {
            return false;
        }

        vectors!.ReadVector(VectorIndex(instruction.GetOpRegister(last - 1)), value);
        BitConverter.TryWriteBytes(value[half..], element);
        vectors.WriteVector(VectorIndex(instruction.Op0Register), value, isVex);
        return true;
    }
}
