using Iced.Intel;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>The vector operands of the instruction under way, from SSE to AVX-512.</summary>
internal sealed class X64VectorOperands(
    X64Context context, X64AddressSpace space, X64Operands operands, IX64VectorRegisters? registers)
{
    /// <summary>Whether the instruction has a VEX or EVEX prefix: it clears what lies above its result and asks for no
    /// alignment.</summary>
    internal bool IsVex => context.Instruction.Code.Encoding() != EncodingKind.Legacy;

    /// <summary>Whether vector instructions may be used, and this is one whose registers are known here.</summary>
    internal bool TryUse() => Names(Register.MM0, Register.MM7) ? context.Unsupported(EmulationLimit.Instruction) : TryUseWithMmx();

    /// <summary>The same for an instruction that names a register of MMX beside them.</summary>
    internal bool TryUseWithMmx()
    {
        EncodingKind encoding = context.Instruction.Code.Encoding();

        if (encoding == EncodingKind.EVEX && !context.TakesEvex)
        {
            return context.Unsupported(EmulationLimit.Instruction);
        }

        bool isAvx512 = encoding == EncodingKind.EVEX || Names(Register.K0, Register.K7);

        if (encoding != EncodingKind.Legacy)
        {
            ulong needed = isAvx512 ? X64Bits.Xcr0Avx512 : X64Bits.Xcr0SseAvx;
            bool isEnabled = context.State.IsProtectedMode
                && (context.State.Cr4 & X64Bits.Cr4Osxsave) != 0
                && (context.State.Xcr0 & needed) == needed;

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

        return (registers is not null && (!isAvx512 || registers.HasAvx512)) || context.Unsupported(EmulationLimit.VectorRegisters);
    }

    /// <summary>Whether vector instructions may be used, and MXCSR is known here.</summary>
    internal bool TryUseControl() =>
        TryUse() && (HasControl || context.Unsupported(EmulationLimit.VectorRegisters));

    /// <summary>Whether MXCSR is known here.</summary>
    internal bool HasControl => registers is { HasFloatingPoint: true };

    /// <summary>MXCSR.</summary>
    internal uint ReadControl() => registers!.ReadMxcsr();

    /// <summary>Writes MXCSR. What was not loaded is not written.</summary>
    internal bool TryWriteControl(uint value)
    {
        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        registers!.WriteMxcsr(value);
        return true;
    }

    /// <summary>Which elements of the first operand the instruction's mask chooses; of an instruction without one all.</summary>
    internal ulong Mask => context.Instruction.HasOpMask ? registers!.ReadMask(context.Instruction.OpMask - Register.K0) : ulong.MaxValue;

    /// <summary>Reads a mask register.</summary>
    internal ulong ReadMask(Register register) => registers!.ReadMask(register - Register.K0);

    /// <summary>Writes a mask register. What was not loaded is not written.</summary>
    internal bool TryWriteMask(Register register, ulong value)
    {
        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        registers!.WriteMask(register - Register.K0, value);
        return true;
    }

    /// <summary>Puts what the first operand keeps of its old value, or zeros, where the mask does not choose.</summary>
    /// <param name="value">The value for all elements, as long as the operand.</param>
    /// <param name="sizeBytes">Size of an element.</param>
    internal void Merge(Span<byte> value, int sizeBytes)
    {
        if (!context.Instruction.HasOpMask)
        {
            return;
        }

        Span<byte> old = stackalloc byte[64];
        old = old[..value.Length];
        old.Clear();
        ulong mask = Mask;

        if (!context.Instruction.ZeroingMasking)
        {
            Read(0, old);
        }

        for (int element = 0; element < value.Length / sizeBytes; element++)
        {
            if ((mask & (1UL << element)) == 0)
            {
                old.Slice(element * sizeBytes, sizeBytes).CopyTo(value[(element * sizeBytes)..]);
            }
        }
    }

    /// <summary>Size of a register operand.</summary>
    internal int SizeBytes(int operand) => RegisterNames.SizeBytes(context.Instruction.GetOpRegister(operand));

    /// <summary>Reads the low part of a register operand.</summary>
    internal void Read(int operand, Span<byte> value) =>
        registers!.ReadVector(RegisterNames.VectorIndex(context.Instruction.GetOpRegister(operand)), value);

    /// <summary>Reads the low part of a register.</summary>
    internal void Read(Register register, Span<byte> value) =>
        registers!.ReadVector(RegisterNames.VectorIndex(register), value);

    /// <summary>Reads the register that some instructions name without an operand: the first.</summary>
    internal void ReadImplied(Span<byte> value) => registers!.ReadVector(0, value);

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
    internal bool TryWrite(ReadOnlySpan<byte> value) => TryWrite(RegisterNames.VectorIndex(context.Instruction.Op0Register), value);

    /// <summary>
    /// Writes of it the elements that the mask chooses; the others stay or become zero. Where the first operand is a mask register, it
    /// becomes their top bits.
    /// </summary>
    internal bool TryWriteChosen(Span<byte> value, int sizeBytes)
    {
        Register target = context.Instruction.Op0Register;

        if (RegisterNames.IsMask(target))
        {
            return TryWriteMask(target, Mask & TopBits(value, sizeBytes));
        }

        Merge(value, sizeBytes);
        return TryWrite(value);
    }

    /// <summary>The top bits of a vector's elements.</summary>
    internal static ulong TopBits(ReadOnlySpan<byte> value, int sizeBytes)
    {
        ulong mask = 0;

        for (int element = 0; element < value.Length / sizeBytes; element++)
        {
            mask |= (ulong)(value[((element + 1) * sizeBytes) - 1] >> 7) << element;
        }

        return mask;
    }

    /// <summary>Writes the register that some instructions name without an operand: the first.</summary>
    internal bool TryWriteImplied(ReadOnlySpan<byte> value) => TryWrite(0, value);

    /// <summary>Clears a register above its first 16 bytes, or wholly.</summary>
    internal void Clear(int index, bool isWhole)
    {
        Span<byte> low = stackalloc byte[16];
        low.Clear();

        if (!isWhole)
        {
            registers!.ReadVector(index, low);
        }

        registers!.WriteVector(index, low, clearUpper: true);
    }

    /// <summary>Writes a register. Of what was not loaded nothing is written.</summary>
    internal bool TryWrite(Register register, ReadOnlySpan<byte> value) => TryWrite(RegisterNames.VectorIndex(register), value);

    private bool TryWrite(int index, ReadOnlySpan<byte> value)
    {
        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        registers!.WriteVector(index, value, IsVex);
        return true;
    }

    private bool Names(Register first, Register last) =>
        (context.Instruction.Op0Register >= first && context.Instruction.Op0Register <= last)
        || (context.Instruction.Op1Register >= first && context.Instruction.Op1Register <= last);
}
