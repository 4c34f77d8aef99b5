using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Decimal corrections of the accumulator, which 64-bit mode does not have.</summary>
internal sealed class DecimalInstructions(X64Context context)
{
    private byte Al
    {
        get => (byte)context.State.Gpr[Gpr.Rax];
        set => context.WriteGpr(Gpr.Rax, value, 1);
    }

    private bool NeedsLowDigit => (Al & 0xF) > 9 || (context.State.Rflags & X64Bits.FlagAf) != 0;

    /// <summary>AAM: the low byte in digits of a base.</summary>
    internal bool SplitDigits()
    {
        byte radix = context.Instruction.Immediate8;

        if (radix == 0)
        {
            return context.Fault(X64Bits.VectorDe);
        }

        byte value = Al;
        context.WriteGpr(Gpr.Rax, ((ulong)(value / radix) << 8) | (uint)(value % radix), 2);
        return SetResult();
    }

    /// <summary>AAD: digits of a base in one byte.</summary>
    internal bool JoinDigits()
    {
        ulong high = (byte)(context.State.Gpr[Gpr.Rax] >> 8);
        context.WriteGpr(Gpr.Rax, (byte)(Al + (high * context.Instruction.Immediate8)), 2);
        return SetResult();
    }

    /// <summary>AAA and AAS: one unpacked digit after an addition or a subtraction.</summary>
    internal bool AdjustUnpacked(bool isAddition)
    {
        bool isOverflow = NeedsLowDigit;

        if (isOverflow)
        {
            ulong value = context.State.Gpr[Gpr.Rax];
            context.WriteGpr(Gpr.Rax, isAddition ? value + 0x106 : value - 0x106, 2);
        }

        SetCarries(isOverflow, isOverflow);
        Al &= 0xF;
        return true;
    }

    /// <summary>DAA and DAS: two packed digits after an addition or a subtraction.</summary>
    internal bool AdjustPacked(bool isAddition)
    {
        byte old = Al;
        bool isLow = NeedsLowDigit;
        bool isHigh = old > 0x99 || (context.State.Rflags & X64Bits.FlagCf) != 0;

        // A subtraction may borrow at its low digit already.
        bool isCarry = isHigh || (!isAddition && isLow && old < 6);
        int correction = (isLow ? 6 : 0) + (isHigh ? 0x60 : 0);
        Al = (byte)(isAddition ? old + correction : old - correction);
        SetCarries(isLow, isCarry);
        return SetResult();
    }

    private void SetCarries(bool isAdjust, bool isCarry)
    {
        X64Arithmetic.SetFlag(X64Bits.FlagAf, isAdjust, ref context.State.Rflags);
        X64Arithmetic.SetFlag(X64Bits.FlagCf, isCarry, ref context.State.Rflags);
    }

    private bool SetResult()
    {
        X64Arithmetic.SetResult(Al, 1, ref context.State.Rflags);
        return true;
    }
}
