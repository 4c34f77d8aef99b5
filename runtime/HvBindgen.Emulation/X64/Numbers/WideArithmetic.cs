namespace HvBindgen.Emulation.X64.Numbers;

/// <summary>Exact arithmetic, but for a last bit that stands for all behind it.</summary>
/// <remarks>Operands of a product, quotient or root have at most 64 bits.</remarks>
internal static class WideArithmetic
{
    /// <summary>A sum.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">Another.</param>
    /// <param name="rounding">Gives the sign of a sum of zero.</param>
    /// <param name="raised">Invalid for infinities of two signs.</param>
    internal static WideNumber Add(this in WideNumber left, in WideNumber right, Rounding rounding, out NumberExceptions raised)
    {
        raised = NumberExceptions.None;

        if (left.Kind == WideKind.Infinity || right.Kind == WideKind.Infinity)
        {
            if (left.Kind == right.Kind && left.IsNegative != right.IsNegative)
            {
                raised = NumberExceptions.Invalid;
                return WideNumber.None;
            }

            return left.Kind == WideKind.Infinity ? left : right;
        }

        if (right.Kind == WideKind.Zero)
        {
            return left.Kind != WideKind.Zero ? left
                : left.IsNegative == right.IsNegative ? left : WideNumber.Zero(rounding == Rounding.Down);
        }

        return left.Kind == WideKind.Zero ? right
            : left.Exponent < right.Exponent || (left.Exponent == right.Exponent && left.Significand < right.Significand)
                ? AddSmaller(in right, in left, rounding)
                : AddSmaller(in left, in right, rounding);
    }

    // With one bit of room for what carries. No operand loses anything by it.
    private static WideNumber AddSmaller(in WideNumber larger, in WideNumber smaller, Rounding rounding)
    {
        UInt128 first = larger.Significand >> 1;
        UInt128 second = ShiftRight(smaller.Significand >> 1, larger.Exponent - smaller.Exponent);

        if (larger.IsNegative == smaller.IsNegative)
        {
            return WideNumber.Normalized(larger.IsNegative, larger.Exponent + 1, first + second);
        }

        return first == second
            ? WideNumber.Zero(rounding == Rounding.Down)
            : WideNumber.Normalized(larger.IsNegative, larger.Exponent + 1, first - second);
    }

    /// <summary>A product.</summary>
    internal static WideNumber Multiply(this in WideNumber left, in WideNumber right, out NumberExceptions raised)
    {
        bool isNegative = left.IsNegative != right.IsNegative;
        bool hasZero = left.Kind == WideKind.Zero || right.Kind == WideKind.Zero;
        raised = NumberExceptions.None;

        if (left.Kind == WideKind.Infinity || right.Kind == WideKind.Infinity)
        {
            raised = hasZero ? NumberExceptions.Invalid : NumberExceptions.None;
            return hasZero ? WideNumber.None : WideNumber.Infinity(isNegative);
        }

        if (hasZero)
        {
            return WideNumber.Zero(isNegative);
        }

        ulong high = Math.BigMul((ulong)(left.Significand >> 64), (ulong)(right.Significand >> 64), out ulong low);
        return WideNumber.Normalized(isNegative, left.Exponent + right.Exponent + 1, new UInt128(high, low));
    }

    /// <summary>A quotient.</summary>
    internal static WideNumber Divide(this in WideNumber left, in WideNumber right, out NumberExceptions raised)
    {
        bool isNegative = left.IsNegative != right.IsNegative;
        raised = NumberExceptions.None;

        if (left.Kind == right.Kind && left.Kind != WideKind.Finite)
        {
            raised = NumberExceptions.Invalid;
            return WideNumber.None;
        }

        if (left.Kind == WideKind.Infinity)
        {
            return WideNumber.Infinity(isNegative);
        }

        if (right.Kind == WideKind.Zero)
        {
            raised = NumberExceptions.ZeroDivide;
            return WideNumber.Infinity(isNegative);
        }

        if (left.Kind == WideKind.Zero || right.Kind == WideKind.Infinity)
        {
            return WideNumber.Zero(isNegative);
        }

        UInt128 divisor = right.Significand >> 64;
        (UInt128 high, UInt128 rest) = UInt128.DivRem(left.Significand >> 1, divisor);
        (UInt128 low, rest) = UInt128.DivRem(rest << 64, divisor);
        UInt128 quotient = (high << 64) | low | (rest != 0 ? UInt128.One : 0);
        return WideNumber.Normalized(isNegative, left.Exponent - right.Exponent, quotient);
    }

    /// <summary>A square root.</summary>
    internal static WideNumber SquareRoot(this in WideNumber number, out NumberExceptions raised)
    {
        raised = NumberExceptions.None;

        if (number.Kind == WideKind.Zero)
        {
            return number;
        }

        if (number.IsNegative)
        {
            raised = NumberExceptions.Invalid;
            return WideNumber.None;
        }

        if (number.Kind == WideKind.Infinity)
        {
            return number;
        }

        // A root of 128 bits has 64; whether the next one is set, and whether more follow, tells what is left.
        bool isOdd = (number.Exponent & 1) != 0;
        UInt128 square = isOdd ? number.Significand : number.Significand >> 1;
        ulong root = RootOf(square);
        UInt128 rest = square - ((UInt128)root * root);
        UInt128 significand = ((UInt128)root << 64)
            | (rest > root ? UInt128.One << 63 : 0)
            | (rest != 0 ? UInt128.One : 0);
        return WideNumber.Normalized(false, (number.Exponent - (isOdd ? 1 : 0)) / 2, significand);
    }

    /// <summary>A product and a sum.</summary>
    internal static WideNumber MultiplyAdd(
        this in WideNumber left, in WideNumber right, in WideNumber added, Rounding rounding, out NumberExceptions raised)
    {
        WideNumber product = Multiply(in left, in right, out raised);

        if (raised != NumberExceptions.None)
        {
            return WideNumber.None;
        }

        return Add(in product, in added, rounding, out raised);
    }

    // The largest whole number whose square is no larger; one of the two first bits of the square is set.
    private static ulong RootOf(UInt128 square)
    {
        double estimate = Math.Sqrt((double)square);
        ulong root = estimate >= ulong.MaxValue ? ulong.MaxValue : (ulong)estimate;

        // Half of the bits are right; a step doubles them.
        UInt128 better = ((UInt128)root + (square / root)) >> 1;
        root = better > ulong.MaxValue ? ulong.MaxValue : (ulong)better;

        while ((UInt128)root * root > square)
        {
            root--;
        }

        while (root != ulong.MaxValue && ((UInt128)root + 1) * ((UInt128)root + 1) <= square)
        {
            root++;
        }

        return root;
    }

    private static UInt128 ShiftRight(UInt128 value, int bits)
    {
        if (bits >= 128)
        {
            return UInt128.One;
        }

        UInt128 shifted = value >> bits;
        return shifted << bits == value ? shifted : shifted | 1;
    }
}
