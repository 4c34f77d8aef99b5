namespace HvBindgen.Emulation.X64.Numbers;

/// <summary>Arithmetic on numbers of 128 bits, right but for the last few: what is made of it is rounded to 64.</summary>
internal static class PreciseArithmetic
{
    private const int Bits = 128;

    internal static WideNumber One { get; } = WideNumber.FromInteger(false, 1);

    internal static WideNumber Add(this in WideNumber left, in WideNumber right) =>
        WideArithmetic.Add(in left, in right, Rounding.Nearest, out _);

    internal static WideNumber Subtract(this in WideNumber left, in WideNumber right) => Add(in left, Negate(in right));

    internal static WideNumber Negate(this in WideNumber number) => number with { IsNegative = !number.IsNegative };

    internal static WideNumber Multiply(this in WideNumber left, in WideNumber right)
    {
        bool isNegative = left.IsNegative != right.IsNegative;

        if (left.Kind != WideKind.Finite || right.Kind != WideKind.Finite)
        {
            return WideNumber.Zero(isNegative);
        }

        UInt128 product = MultiplyHigh(left.Significand, right.Significand);
        return WideNumber.Normalized(isNegative, left.Exponent + right.Exponent + 1, product);
    }

    internal static WideNumber Divide(this in WideNumber left, in WideNumber right)
    {
        bool isNegative = left.IsNegative != right.IsNegative;

        if (left.Kind != WideKind.Finite)
        {
            return WideNumber.Zero(isNegative);
        }

        // One bit after another; the divisor's first is set, so that what is left never has more than one bit of it too many.
        UInt128 rest = left.Significand;
        UInt128 by = right.Significand;
        UInt128 quotient = 0;
        bool carries = false;

        for (int bit = 0; bit < Bits; bit++)
        {
            quotient <<= 1;

            if (carries || rest >= by)
            {
                rest -= by;
                quotient |= 1;
            }

            carries = rest >> (Bits - 1) != 0;
            rest <<= 1;
        }

        return WideNumber.Normalized(isNegative, left.Exponent - right.Exponent, quotient);
    }

    /// <summary>A quotient by a small whole number.</summary>
    internal static WideNumber Divide(this in WideNumber left, uint divisor) => left.Kind != WideKind.Finite
        ? left
        : WideNumber.Normalized(left.IsNegative, left.Exponent, left.Significand / divisor);

    /// <summary>The sum of a series of powers.</summary>
    /// <param name="first">Its first member.</param>
    /// <param name="ratio">What each member is multiplied by to give the next.</param>
    /// <param name="divisor">And divided by, from its place on.</param>
    internal static WideNumber Sum(this in WideNumber first, in WideNumber ratio, Func<uint, uint> divisor)
    {
        WideNumber sum = first;
        WideNumber member = first;

        for (uint place = 1; ; place++)
        {
            member = Divide(Multiply(in member, in ratio), divisor(place));

            if (member.Kind != WideKind.Finite || member.Exponent < sum.Exponent - Bits)
            {
                return sum;
            }

            sum = Add(in sum, in member);
        }
    }

    private static UInt128 MultiplyHigh(UInt128 left, UInt128 right)
    {
        ulong leftHigh = (ulong)(left >> 64);
        ulong leftLow = (ulong)left;
        ulong rightHigh = (ulong)(right >> 64);
        ulong rightLow = (ulong)right;
        UInt128 middle = (((UInt128)leftLow * rightLow) >> 64) + (ulong)((UInt128)leftHigh * rightLow)
            + (ulong)((UInt128)leftLow * rightHigh);
        return ((UInt128)leftHigh * rightHigh) + (((UInt128)leftHigh * rightLow) >> 64) + (((UInt128)leftLow * rightHigh) >> 64)
            + (middle >> 64);
    }
}
