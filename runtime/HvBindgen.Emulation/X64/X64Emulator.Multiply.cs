namespace HvBindgen.Emulation.X64;

// Multiplication and division.
public sealed partial class X64Emulator
{
    /// <summary>MUL and one-operand IMUL: the accumulator times the operand, twice as wide.</summary>
    private bool Multiply(bool signed)
    {
        int size = OperandSizeBytes(0);

        if (!TryReadOperand(0, size, out ulong right))
        {
            return false;
        }

        ulong left = ReadGpr(Rax, size);
        int bits = size * 8;
        UInt128 product = signed
            ? (UInt128)((Int128)(long)SignExtend(left, size) * (long)SignExtend(right, size))
            : (UInt128)left * right;
        ulong low = Truncate((ulong)product, size);
        ulong high = Truncate((ulong)(product >> bits), size);

        if (size == 1)
        {
            WriteGpr(Rax, (high << 8) | low, 2);
        }
        else
        {
            WriteGpr(Rax, low, size);
            WriteGpr(Rdx, high, size);
        }

        ulong insignificant = signed && IsNegative(low, size) ? Truncate(ulong.MaxValue, size) : 0;
        SetMultiplyFlags(low, size, high != insignificant);
        return true;
    }

    /// <summary>IMUL with two or three operands.</summary>
    private bool MultiplySigned()
    {
        int size = OperandSizeBytes(0);
        int first = instruction.OpCount == 3 ? 1 : 0;

        if (!TryReadOperand(first, size, out ulong left) || !TryReadOperand(first + 1, size, out ulong right))
        {
            return false;
        }

        Int128 product = (Int128)(long)SignExtend(left, size) * (long)SignExtend(right, size);
        ulong low = Truncate((ulong)product, size);
        WriteRegister(instruction.Op0Register, low);
        SetMultiplyFlags(low, size, product != (long)SignExtend(low, size));
        return true;
    }

    private void SetMultiplyFlags(ulong low, int sizeBytes, bool isWide)
    {
        X64Arithmetic.SetResult(low, sizeBytes, ref state.Rflags);
        X64Arithmetic.SetFlag(X64Bits.FlagZf | X64Bits.FlagAf, false, ref state.Rflags);
        X64Arithmetic.SetFlag(X64Bits.FlagCf | X64Bits.FlagOf, isWide, ref state.Rflags);
    }

    private bool Divide(bool signed)
    {
        int size = OperandSizeBytes(0);

        if (!TryReadOperand(0, size, out ulong divisor))
        {
            return false;
        }

        if (divisor == 0)
        {
            return Fault(X64Bits.VectorDe);
        }

        int bits = size * 8;
        UInt128 dividend = size == 1
            ? ReadGpr(Rax, 2)
            : ((UInt128)ReadGpr(Rdx, size) << bits) | ReadGpr(Rax, size);

        if (!(signed ? TryDivideSigned(dividend, divisor, size, out ulong quotient, out ulong remainder)
            : TryDivideUnsigned(dividend, divisor, size, out quotient, out remainder)))
        {
            return Fault(X64Bits.VectorDe);
        }

        if (size == 1)
        {
            WriteGpr(Rax, (Truncate(remainder, 1) << 8) | Truncate(quotient, 1), 2);
        }
        else
        {
            WriteGpr(Rax, Truncate(quotient, size), size);
            WriteGpr(Rdx, Truncate(remainder, size), size);
        }

        return true;
    }

    private static bool TryDivideUnsigned(UInt128 dividend, ulong divisor, int sizeBytes, out ulong quotient, out ulong remainder)
    {
        (UInt128 whole, UInt128 rest) = UInt128.DivRem(dividend, divisor);
        quotient = (ulong)whole;
        remainder = (ulong)rest;
        return whole <= Truncate(ulong.MaxValue, sizeBytes);
    }

    private static bool TryDivideSigned(UInt128 dividend, ulong divisor, int sizeBytes, out ulong quotient, out ulong remainder)
    {
        int unused = 128 - (sizeBytes * 16);
        Int128 numerator = (Int128)(dividend << unused) >> unused;
        Int128 denominator = (long)SignExtend(divisor, sizeBytes);
        quotient = 0;
        remainder = 0;

        // The one division of 128 bits that overflows 128 bits.
        if (numerator == Int128.MinValue && denominator == -1)
        {
            return false;
        }

        (Int128 whole, Int128 rest) = Int128.DivRem(numerator, denominator);
        quotient = (ulong)whole;
        remainder = (ulong)rest;
        Int128 most = (Int128.One << ((sizeBytes * 8) - 1)) - 1;
        return whole <= most && whole >= -most - 1;
    }
}
