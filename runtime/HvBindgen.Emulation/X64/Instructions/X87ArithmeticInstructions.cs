using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.Numbers;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>What x87 computes and compares.</summary>
internal sealed class X87ArithmeticInstructions(X64Context context, X64AddressSpace space, X64Operands operands, X87Registers x87)
{
    /// <summary>What an instruction makes of the number on top.</summary>
    internal delegate X87Number TopOperation(X87Number number, int precision, ref NumberEnvironment environment);

    /// <summary>FADD, FIADD, FADDP and their kin.</summary>
    /// <param name="operation">What becomes of two numbers.</param>
    /// <param name="isReversed">Whether the source is the first of them.</param>
    internal bool Combine(X87Arithmetic.Operation operation, bool isReversed)
    {
        if (!x87.TryUse(waits: true) || !TryReadSource(out X87Operand source))
        {
            return false;
        }

        bool pops = context.Instruction.Mnemonic is Mnemonic.Faddp or Mnemonic.Fsubp or Mnemonic.Fsubrp or Mnemonic.Fmulp
            or Mnemonic.Fdivp or Mnemonic.Fdivrp;

        if (source.IsEmpty || !x87.IsUsedAt(source.Target))
        {
            return Underflow(source.Target, pops);
        }

        NumberEnvironment environment = x87.Control.Environment;
        X87Number target = x87.NumberAt(source.Target);
        X87Number result = isReversed
            ? operation(source.Number, target, source.IsDenormal, x87.Control.Precision, ref environment)
            : operation(target, source.Number, source.IsDenormal, x87.Control.Precision, ref environment);
        return StoreAndCommit(source.Target, result, in environment, pops);
    }

    /// <summary>FSQRT, FRNDINT: the number on top becomes another.</summary>
    internal bool Convert(TopOperation operation)
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        if (!x87.HasTop)
        {
            return Underflow(target: 0, pops: false);
        }

        NumberEnvironment environment = x87.Control.Environment;
        X87Number result = operation(x87.TopNumber, x87.Control.Precision, ref environment);
        return StoreAndCommit(target: 0, result, in environment, pops: false);
    }

    /// <summary>FSCALE.</summary>
    internal bool Scale()
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        if (!x87.HasTop || !x87.IsUsedAt(1))
        {
            return Underflow(target: 0, pops: false);
        }

        NumberEnvironment environment = x87.Control.Environment;
        X87Number result = X87Arithmetic.Scale(x87.TopNumber, x87.NumberAt(1), X87Number.Precision, ref environment);
        return StoreAndCommit(target: 0, result, in environment, pops: false);
    }

    /// <summary>FXTRACT: the exponent in place of the number, and its significand on top of it.</summary>
    internal bool Extract()
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        NumberEnvironment environment = x87.Control.Environment;
        bool isFull = !x87.HasRoom;

        if (!x87.HasTop || isFull)
        {
            environment.Raised = NumberExceptions.Invalid | NumberExceptions.Stack;
            environment.IsRoundedUp = x87.HasTop;
            return ReplaceAndPush(X87Number.Indefinite, X87Number.Indefinite, in environment);
        }

        X87Number number = x87.TopNumber;

        if (X87Arithmetic.TryFindNan(number, number, ref environment, out X87Number nan))
        {
            return ReplaceAndPush(nan, nan, in environment);
        }

        WideNumber wide = number.ToWide();
        WideNumber exponent = wide.Kind switch
        {
            WideKind.Zero => WideNumber.Infinity(true),
            WideKind.Infinity => WideNumber.Infinity(false),
            _ => WideNumber.FromInteger(wide.Exponent < 0, (ulong)Math.Abs(wide.Exponent)),
        };
        environment.Raised |= wide.Kind == WideKind.Zero ? NumberExceptions.ZeroDivide
            : number.IsDenormal ? NumberExceptions.Denormal : NumberExceptions.None;
        WideNumber significand = wide.Kind == WideKind.Finite ? wide with { Exponent = 0 } : wide;
        return ReplaceAndPush(X87Number.FromWide(in exponent), X87Number.FromWide(in significand), in environment);
    }

    private bool ReplaceAndPush(X87Number replaced, X87Number pushed, in NumberEnvironment environment)
    {
        x87.Raise(environment.Raised, environment.IsRoundedUp);

        if (x87.Control.Masks(environment.Raised & NumberExceptions.BeforeResult))
        {
            x87.Write(0, replaced);
            x87.Push(pushed);
        }

        return x87.TryCommit();
    }

    /// <summary>FPREM, FPREM1: what is left of the number on top; a part of the way where quotients are large.</summary>
    internal bool TakeRemainder(bool isNearest)
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        // Of what has no remainder there is no way to go.
        x87.ClearPartial();

        if (!x87.HasTop || !x87.IsUsedAt(1))
        {
            return Underflow(target: 0, pops: false);
        }

        NumberEnvironment environment = x87.Control.Environment;
        X87Remainder remainder = X87Remainder.Of(x87.TopNumber, x87.NumberAt(1), isNearest, ref environment);
        x87.Raise(environment.Raised, environment.IsRoundedUp);

        if (x87.Control.Masks(environment.Raised & NumberExceptions.BeforeResult))
        {
            x87.Write(0, remainder.Number);

            if (remainder.Conditions is { } conditions)
            {
                x87.SetConditions(conditions);
            }
        }

        return x87.TryCommit();
    }

    /// <summary>FCHS, FABS: another sign, whatever has it.</summary>
    internal bool ChangeSign(bool isAbsolute)
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        if (!x87.HasTop)
        {
            return Underflow(target: 0, pops: false);
        }

        x87.Raise(NumberExceptions.None, isRoundedUp: false);
        x87.Write(0, x87.TopNumber.WithSign(!isAbsolute && !x87.TopNumber.IsNegative));
        return x87.TryCommit();
    }

    /// <summary>FCOM, FICOM, FUCOM, FTST and their kin: an order told by condition bits.</summary>
    /// <param name="signals">Whether a quiet NaN is invalid too.</param>
    /// <param name="pops">How many numbers are taken from the stack.</param>
    internal bool Compare(bool signals, int pops)
    {
        if (!x87.TryUse(waits: true) || !TryReadCompared(out X87Operand source))
        {
            return false;
        }

        NumberEnvironment environment = x87.Control.Environment;
        NumberOrder order = CompareTop(in source, signals, ref environment);
        x87.Raise(environment.Raised, isRoundedUp: false);
        x87.SetConditions(order switch
        {
            NumberOrder.Less => X87Conditions.C0,
            NumberOrder.Equal => X87Conditions.C3,
            NumberOrder.Greater => X87Conditions.None,
            _ => X87Conditions.C0 | X87Conditions.C2 | X87Conditions.C3,
        });
        return PopAndCommit(in environment, pops);
    }

    /// <summary>FCOMI, FUCOMI and their kin: an order told by flags.</summary>
    internal bool CompareToFlags(bool signals, int pops)
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        int index = context.Instruction.Op1Register - Register.ST0;
        X87Operand source = new(x87.NumberAt(index), false, !x87.IsUsedAt(index), 0);
        NumberEnvironment environment = x87.Control.Environment;
        NumberOrder order = CompareTop(in source, signals, ref environment);
        x87.Raise(environment.Raised, isRoundedUp: false);
        bool isUnordered = order == NumberOrder.Unordered;
        ref ulong flags = ref context.State.Rflags;
        flags &= ~X64Bits.FlagsStatus;
        X64Arithmetic.SetFlag(X64Bits.FlagZf, isUnordered || order == NumberOrder.Equal, ref flags);
        X64Arithmetic.SetFlag(X64Bits.FlagPf, isUnordered, ref flags);
        X64Arithmetic.SetFlag(X64Bits.FlagCf, isUnordered || order == NumberOrder.Less, ref flags);
        return PopAndCommit(in environment, pops);
    }

    private NumberOrder CompareTop(in X87Operand source, bool signals, ref NumberEnvironment environment)
    {
        if (!x87.HasTop || source.IsEmpty)
        {
            environment.Raised |= NumberExceptions.Invalid | NumberExceptions.Stack;
            return NumberOrder.Unordered;
        }

        return X87Arithmetic.Compare(x87.TopNumber, source.Number, source.IsDenormal, signals, ref environment);
    }

    private bool PopAndCommit(in NumberEnvironment environment, int pops)
    {
        if (x87.Control.Masks(environment.Raised & NumberExceptions.BeforeResult))
        {
            for (int index = 0; index < pops; index++)
            {
                x87.Pop();
            }
        }

        return x87.TryCommit();
    }

    /// <summary>FXAM: what kind of number is on top.</summary>
    internal bool Examine()
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        X87Number number = x87.TopNumber;
        X87Conditions kind = !x87.HasTop ? X87Conditions.C3 | X87Conditions.C0
            : number.IsUnknown ? X87Conditions.None
            : number.IsNan ? X87Conditions.C0
            : number.IsInfinity ? X87Conditions.C2 | X87Conditions.C0
            : number.IsZero ? X87Conditions.C3
            : number.IsDenormal ? X87Conditions.C3 | X87Conditions.C2
            : X87Conditions.C2;
        x87.SetConditions(kind | (number.IsNegative ? X87Conditions.C1 : X87Conditions.None));
        return x87.TryCommit();
    }

    // Nothing stands where an operand should be.
    private bool Underflow(int target, bool pops)
    {
        NumberEnvironment environment = x87.Control.Environment;
        environment.Raised = NumberExceptions.Invalid | NumberExceptions.Stack;
        return StoreAndCommit(target, X87Number.Indefinite, in environment, pops);
    }

    // What was refused is not stored, and stays on the stack.
    private bool StoreAndCommit(int target, X87Number number, in NumberEnvironment environment, bool pops)
    {
        x87.Raise(environment.Raised, environment.IsRoundedUp);

        if (x87.Control.Masks(environment.Raised & NumberExceptions.BeforeResult))
        {
            x87.Write(target, number);

            if (pops)
            {
                x87.Pop();
            }
        }

        return x87.TryCommit();
    }

    // The second operand of an instruction: memory of some format, or a register; and where the result goes.
    private bool TryReadSource(out X87Operand source)
    {
        source = default;

        if (operands.IsMemory(0))
        {
            return TryReadMemory(out source);
        }

        int index = context.Instruction.Op1Register - Register.ST0;
        source = new X87Operand(
            x87.NumberAt(index), false, !x87.IsUsedAt(index), context.Instruction.Op0Register - Register.ST0);
        return true;
    }

    private bool TryReadCompared(out X87Operand source)
    {
        source = default;

        if (context.Instruction.Mnemonic == Mnemonic.Ftst)
        {
            return true;
        }

        if (operands.IsMemory(0))
        {
            return TryReadMemory(out source);
        }

        int last = context.Instruction.OpCount - 1;
        int index = last < 0 ? 1 : context.Instruction.GetOpRegister(last) - Register.ST0;
        source = new X87Operand(x87.NumberAt(index), false, !x87.IsUsedAt(index), 0);
        return true;
    }

    private bool TryReadMemory(out X87Operand source)
    {
        source = default;
        int size = operands.SizeBytes(0);

        if (!space.TryMap(operands.Segment(), operands.EffectiveAddress(0), size, size, AccessKind.Read, out MappedMemory memory))
        {
            return false;
        }

        ulong bits = space.Load(memory);

        if (context.Instruction.MemorySize is MemorySize.Int16 or MemorySize.Int32)
        {
            source = new X87Operand(X87Number.FromInteger((long)X64Value.SignExtend(bits, size)), false, false, 0);
            return true;
        }

        NumberFormat format = size == sizeof(float) ? NumberFormat.Single : NumberFormat.Double;
        source = new X87Operand(X87Number.FromBinary(bits, format), format.IsDenormal(bits), false, 0);
        return true;
    }

    /// <summary>An operand of an instruction of x87.</summary>
    /// <param name="Number">Its number.</param>
    /// <param name="IsDenormal">Whether it was too small to be normal where it came from.</param>
    /// <param name="IsEmpty">Whether there is none.</param>
    /// <param name="Target">Where the result goes.</param>
    private readonly record struct X87Operand(X87Number Number, bool IsDenormal, bool IsEmpty, int Target);
}
