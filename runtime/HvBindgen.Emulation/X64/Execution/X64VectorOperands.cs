using Iced.Intel;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>The vector operands of the instruction under way, SSE and AVX.</summary>
internal sealed class X64VectorOperands(
    X64Context context, X64AddressSpace space, X64Operands operands, IX64VectorRegisters? registers)
{
    /// <summary>Whether the instruction has a VEX prefix: it clears what lies above its result, and asks for no alignment.</summary>
    internal bool IsVex => context.Instruction.Code.Encoding() == EncodingKind.VEX;

    /// <summary>Whether vector instructions may be used, and this is one that names no MMX or AVX-512 state.</summary>
    internal bool TryUse()
    {
        if (context.Instruction.Code.Encoding() == EncodingKind.EVEX || NamesMmx())
        {
            return context.Unsupported(EmulationLimit.Instruction);
        }

        if (IsVex)
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

        return registers is not null || context.Unsupported(EmulationLimit.VectorRegisters);
    }

    /// <summary>Size of a register operand.</summary>
    internal int SizeBytes(int operand) => RegisterNames.SizeBytes(context.Instruction.GetOpRegister(operand));

    /// <summary>Reads the low part of a register operand.</summary>
    internal void Read(int operand, Span<byte> value) =>
        registers!.ReadVector(RegisterNames.VectorIndex(context.Instruction.GetOpRegister(operand)), value);

    /// <summary>Reads a register operand, or one in memory that may have to be aligned.</summary>
    internal bool TryRead(int operand, Span<byte> value, bool isAligned)
    {
        if (!operands.IsMemory(operand))
        {
            Read(operand, value);
            return true;
        }

        if (!TryMap(value.Length, isAligned, AccessKind.Read, out MappedMemory source))
        {
            return false;
        }

        space.LoadBytes(source, value);
        return true;
    }

    /// <summary>Maps the operand in memory.</summary>
    internal bool TryMap(int sizeBytes, bool isAligned, AccessKind access, out MappedMemory memory) => isAligned
        ? space.TryMapAligned(operands.Segment(), operands.EffectiveAddress(0), sizeBytes, access, out memory)
        : space.TryMap(operands.Segment(), operands.EffectiveAddress(0), sizeBytes, sizeBytes, access, out memory);

    /// <summary>Writes the first operand, a register. Of what was not loaded nothing is written.</summary>
    internal bool TryWrite(ReadOnlySpan<byte> value)
    {
        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        registers!.WriteVector(RegisterNames.VectorIndex(context.Instruction.Op0Register), value, IsVex);
        return true;
    }

    private bool NamesMmx() => IsMmx(context.Instruction.Op0Register) || IsMmx(context.Instruction.Op1Register);

    private static bool IsMmx(Register register) => register is >= Register.MM0 and <= Register.MM7;
}
