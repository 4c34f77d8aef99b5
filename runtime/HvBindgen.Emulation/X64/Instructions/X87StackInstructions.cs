using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.Numbers;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>What x87 does with its stack, and the constants that it puts there.</summary>
internal sealed class X87StackInstructions(X64Context context, X87Registers x87)
{
    /// <summary>FLD ST(i).</summary>
    internal bool Duplicate()
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        int index = context.Instruction.Op0Register - Register.ST0;
        bool isEmpty = !x87.IsUsedAt(index);
        NumberExceptions raised = isEmpty || !x87.HasRoom ? NumberExceptions.Invalid | NumberExceptions.Stack : NumberExceptions.None;

        // What is missing comes before what has no room.
        return PushAndCommit(x87.NumberAt(index), raised, isFull: !isEmpty && !x87.HasRoom);
    }

    /// <summary>FLD1, FLDPI and their kin.</summary>
    internal bool LoadConstant()
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        WideNumber constant = context.Instruction.Mnemonic switch
        {
            Mnemonic.Fld1 => WideNumber.FromInteger(false, 1),
            Mnemonic.Fldz => WideNumber.Zero(false),
            Mnemonic.Fldpi => Constant(1, 0xC90F_DAA2_2168_C234, 0xC4C6_628B_80DC_1CD1),
            Mnemonic.Fldl2t => Constant(1, 0xD49A_784B_CD1B_8AFE, 0x492B_F6FF_4DAF_DB4C),
            Mnemonic.Fldl2e => Constant(0, 0xB8AA_3B29_5C17_F0BB, 0xBE87_FED0_691D_3E88),
            Mnemonic.Fldlg2 => Constant(-2, 0x9A20_9A84_FBCF_F798, 0x8F89_59AC_0B7C_9178),
            _ => Constant(-1, 0xB172_17F7_D1CF_79AB, 0xC9E3_B398_03F2_F6AF),
        };
        WideNumber rounded = constant.Kind == WideKind.Zero
            ? constant
            : constant.KeepBits(X87Number.Precision, x87.Control.Environment.Rounding, out _, out _);
        NumberExceptions raised = x87.HasRoom ? NumberExceptions.None : NumberExceptions.Invalid | NumberExceptions.Stack;
        return PushAndCommit(X87Number.FromWide(in rounded), raised, isFull: !x87.HasRoom);
    }

    /// <summary>FST ST(i), FSTP ST(i).</summary>
    internal bool Store(bool pops)
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        NumberExceptions raised = x87.HasTop ? NumberExceptions.None : NumberExceptions.Invalid | NumberExceptions.Stack;
        x87.Raise(raised, isRoundedUp: false);

        if (x87.Control.Masks(raised & NumberExceptions.Invalid))
        {
            x87.Write(context.Instruction.Op0Register - Register.ST0, x87.HasTop ? x87.TopNumber : X87Number.Indefinite);

            if (pops)
            {
                x87.Pop();
            }
        }

        return x87.TryCommit();
    }

    /// <summary>FXCH. What is not there is taken for an indefinite number.</summary>
    internal bool Exchange()
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        int index = context.Instruction.Op1Register - Register.ST0;
        bool isMissing = !x87.HasTop || !x87.IsUsedAt(index);
        NumberExceptions raised = isMissing ? NumberExceptions.Invalid | NumberExceptions.Stack : NumberExceptions.None;
        x87.Raise(raised, isRoundedUp: false);

        if (x87.Control.Masks(raised & NumberExceptions.Invalid))
        {
            X87Number top = x87.HasTop ? x87.TopNumber : X87Number.Indefinite;
            X87Number other = x87.IsUsedAt(index) ? x87.NumberAt(index) : X87Number.Indefinite;
            x87.Write(0, other);
            x87.Write(index, top);
        }

        return x87.TryCommit();
    }

    /// <summary>FCMOVB and its kin.</summary>
    internal bool MoveOnCondition()
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        int index = context.Instruction.Op1Register - Register.ST0;

        if (!x87.HasTop || !x87.IsUsedAt(index))
        {
            x87.Raise(NumberExceptions.Invalid | NumberExceptions.Stack, isRoundedUp: false);

            if (x87.Control.Masks(NumberExceptions.Invalid))
            {
                x87.Write(0, X87Number.Indefinite);
            }
        }
        else if (IsMet())
        {
            x87.Write(0, x87.NumberAt(index));
        }

        return x87.TryCommit();
    }

    /// <summary>FFREE.</summary>
    internal bool Free()
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        x87.Free(context.Instruction.Op0Register - Register.ST0);
        x87.ClearRoundedUp();
        return x87.TryCommit();
    }

    /// <summary>FFREEP, which few manuals have: FFREE, and the top is gone.</summary>
    internal bool FreeAndPop()
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        x87.Free(context.Instruction.Op0Register - Register.ST0);
        x87.Pop();
        x87.ClearRoundedUp();
        return x87.TryCommit();
    }

    /// <summary>FSTPNCE, which no manual has: FSTP without a complaint about an empty top. What it stores then is not known.</summary>
    internal bool StoreWithoutCheck() =>
        x87.TryUse(waits: true) && (x87.HasTop ? Store(pops: true) : context.Unsupported(EmulationLimit.Instruction));

    /// <summary>FINCSTP, FDECSTP: another register is on top.</summary>
    internal bool Turn(int by)
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        x87.Turn(by);
        x87.ClearRoundedUp();
        return x87.TryCommit();
    }

    private bool IsMet()
    {
        ulong flags = context.State.Rflags;
        bool isBelow = (flags & X64Bits.FlagCf) != 0;
        bool isEqual = (flags & X64Bits.FlagZf) != 0;
        bool isUnordered = (flags & X64Bits.FlagPf) != 0;

        return context.Instruction.Mnemonic switch
        {
            Mnemonic.Fcmovb => isBelow,
            Mnemonic.Fcmove => isEqual,
            Mnemonic.Fcmovbe => isBelow || isEqual,
            Mnemonic.Fcmovu => isUnordered,
            Mnemonic.Fcmovnb => !isBelow,
            Mnemonic.Fcmovne => !isEqual,
            Mnemonic.Fcmovnbe => !isBelow && !isEqual,
            _ => !isUnordered,
        };
    }

    private bool PushAndCommit(X87Number number, NumberExceptions raised, bool isFull)
    {
        x87.Raise(raised, isRoundedUp: isFull);

        if (x87.Control.Masks(raised & NumberExceptions.Invalid))
        {
            x87.Push(raised != NumberExceptions.None ? X87Number.Indefinite : number);
        }

        return x87.TryCommit();
    }

    private static WideNumber Constant(int exponent, ulong high, ulong low) =>
        new(WideKind.Finite, false, exponent, new UInt128(high, low));
}
