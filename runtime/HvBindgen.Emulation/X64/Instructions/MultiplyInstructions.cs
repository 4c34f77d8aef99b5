using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Multiplication and division.</summary>
internal sealed class MultiplyInstructions(X64Context context, X64Operands operands)
{
    /// <summary>MUL and one-operand IMUL: the accumulator times the operand, twice as wide.</summary>
    internal bool Multiply(bool signed)
    {
        int size = operands.SizeBytes(0);

        if (!operands.TryRead(0, size, out ulong right))
        {
            return false;
        }

        ulong left = context.ReadGpr(Gpr.Rax, size);
        int bits = size * 8;
        UInt128 product = signed
            ? (UInt128)((Int128)(long)X64Value.SignExtend(left, size) * (long)X64Value.SignExtend(right, size))
            : (UInt128)left * right;
        ulong low = X64Value.Truncate((ulong)product, size);
        ulong high = X64Value.Truncate((ulong)(product >> bits), size);

        if (size == 1)
        {
            context.WriteGpr(Gpr.Rax, (high << 8) | low, 2);
        }
        else
        {
            context.WriteGpr(Gpr.Rax, low, size);
            context.WriteGpr(Gpr.Rdx, high, size);
        }

        ulong insignificant = signed && X64Value.IsNegative(low, size) ? X64Value.Truncate(ulong.MaxValue, size) : 0;
        X64Arithmetic.SetMultiplied(low, size, high != insignificant, ref context.State.Rflags);
        return true;
    }

    /// <summary>IMUL: with one operand as MUL, with two or three into the first.</summary>
    internal bool MultiplySigned()
    {
        if (context.Instruction.OpCount == 1)
        {
            return Multiply(signed: true);
        }

        int size = operands.SizeBytes(0);
        int first = context.Instruction.OpCount == 3 ? 1 : 0;

        if (!operands.TryRead(first, size, out ulong left) || !operands.TryRead(first + 1, size, out ulong right))
        {
            return false;
        }

        context.WriteRegister(
            context.Instruction.Op0Register, X64Arithmetic.MultiplySigned(left, right, size, ref context.State.Rflags));
        return true;
    }

    internal bool Divide(bool signed)
    {
        int size = operands.SizeBytes(0);

        if (!operands.TryRead(0, size, out ulong divisor))
        {
            return false;
        }

        if (divisor == 0)
        {
            return context.Fault(X64Bits.VectorDe);
        }

        int bits = size * 8;
        UInt128 dividend = size == 1
            ? context.ReadGpr(Gpr.Rax, 2)
            : ((UInt128)context.ReadGpr(Gpr.Rdx, size) << bits) | context.ReadGpr(Gpr.Rax, size);

        if (!(signed ? TryDivideSigned(dividend, divisor, size, out ulong quotient, out ulong remainder)
            : TryDivideUnsigned(dividend, divisor, size, out quotient, out remainder)))
        {
            return context.Fault(X64Bits.VectorDe);
        }

        if (size == 1)
        {
            context.WriteGpr(Gpr.Rax, (X64Value.Truncate(remainder, 1) << 8) | X64Value.Truncate(quotient, 1), 2);
        }
        else
        {
            context.WriteGpr(Gpr.Rax, X64Value.Truncate(quotient, size), size);
            context.WriteGpr(Gpr.Rdx, X64Value.Truncate(remainder, size), size);
        }

        return true;
    }

    private static bool TryDivideUnsigned(UInt128 dividend, ulong divisor, int sizeBytes, out ulong quotient, out ulong remainder)
    {
        (UInt128 whole, UInt128 rest) = UInt128.DivRem(dividend, divisor);
        quotient = (ulong)whole;
        remainder = (ulong)rest;
        return whole <= X64Value.Truncate(ulong.MaxValue, sizeBytes);
    }

    private static bool TryDivideSigned(UInt128 dividend, ulong divisor, int sizeBytes, out ulong quotient, out ulong remainder)
    {
        int unused = 128 - (sizeBytes * 16);
        Int128 numerator = (Int128)(dividend << unused) >> unused;
        Int128 denominator = (long)X64Value.SignExtend(divisor, sizeBytes);
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
