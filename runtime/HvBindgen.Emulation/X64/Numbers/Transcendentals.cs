namespace HvBindgen.Emulation.X64.Numbers;

/// <summary>Logarithms, powers and angles, to more than a hundred bits.</summary>
/// <remarks>Operands are finite and not zero.</remarks>
internal static class Transcendentals
{
    private const int Steps = 8;

    // log2(e), ln(2) and pi (SDM volume 1, 8.3.8 and 8.3.12, and more of their bits).
    private static readonly WideNumber BinaryLogarithmOfE = Constant(0, 0xB8AA_3B29_5C17_F0BB, 0xBE87_FED0_691D_3E88);
    private static readonly WideNumber NaturalLogarithmOf2 = Constant(-1, 0xB172_17F7_D1CF_79AB, 0xC9E3_B398_03F2_F6AF);
    private static readonly WideNumber[] Angles = FindAngles();

    /// <summary>Half a turn.</summary>
    internal static WideNumber Pi { get; } = Constant(1, 0xC90F_DAA2_2168_C234, 0xC4C6_628B_80DC_1CD1);

    /// <summary>Two to the power of a number from -1 to 1, less one.</summary>
    internal static WideNumber PowerLessOne(this in WideNumber number)
    {
        WideNumber power = PreciseArithmetic.Multiply(in number, in NaturalLogarithmOf2);
        return PreciseArithmetic.Sum(in power, in power, static place => place + 1);
    }

    /// <summary>The binary logarithm of a positive number.</summary>
    internal static WideNumber BinaryLogarithm(this in WideNumber number)
    {
        // Of a significand between the roots of one half and of two the logarithm is that of a number near one.
        WideNumber significand = number with { Exponent = 0 };
        int exponent = number.Exponent;

        if (significand.Significand >= (UInt128)0xB504_F333_F9DE_6484 << 64)
        {
            significand = significand with { Exponent = -1 };
            exponent++;
        }

        WideNumber less = PreciseArithmetic.Subtract(in significand, PreciseArithmetic.One);
        WideNumber logarithm = BinaryLogarithmOfOneAnd(in less);
        return PreciseArithmetic.Add(WideNumber.FromInteger(exponent < 0, (ulong)Math.Abs(exponent)), in logarithm);
    }

    /// <summary>The binary logarithm of one and a number that is small against it.</summary>
    internal static WideNumber BinaryLogarithmOfOneAnd(this in WideNumber number)
    {
        if (number.Kind != WideKind.Finite)
        {
            return number;
        }

        // ln(1 + x) = 2 (z + z^3 / 3 + z^5 / 5 + ...) with z = x / (2 + x)
        WideNumber ratio = PreciseArithmetic.Divide(in number, PreciseArithmetic.Add(WideNumber.FromInteger(false, 2), in number));
        WideNumber sum = SumOdd(in ratio, isAlternating: false);
        return PreciseArithmetic.Multiply(sum with { Exponent = sum.Exponent + 1 }, in BinaryLogarithmOfE);
    }

    /// <summary>The angle whose tangent is a quotient of two positive numbers.</summary>
    internal static WideNumber Angle(this in WideNumber opposite, in WideNumber adjacent)
    {
        bool isSteep = opposite.Exponent > adjacent.Exponent
            || (opposite.Exponent == adjacent.Exponent && opposite.Significand > adjacent.Significand);
        WideNumber tangent = isSteep
            ? PreciseArithmetic.Divide(in adjacent, in opposite)
            : PreciseArithmetic.Divide(in opposite, in adjacent);
        WideNumber angle = AngleOf(in tangent);
        return isSteep ? PreciseArithmetic.Subtract(Pi with { Exponent = Pi.Exponent - 1 }, in angle) : angle;
    }

    /// <summary>Sine of an angle of at most a quarter of pi.</summary>
    internal static WideNumber Sine(this in WideNumber angle)
    {
        WideNumber square = PreciseArithmetic.Negate(PreciseArithmetic.Multiply(in angle, in angle));
        return PreciseArithmetic.Sum(in angle, in square, static place => 2 * place * ((2 * place) + 1));
    }

    /// <summary>Cosine of an angle of at most a quarter of pi.</summary>
    internal static WideNumber Cosine(this in WideNumber angle)
    {
        WideNumber square = PreciseArithmetic.Negate(PreciseArithmetic.Multiply(in angle, in angle));
        return PreciseArithmetic.Sum(PreciseArithmetic.One, in square, static place => 2 * place * ((2 * place) - 1));
    }

    // Of a tangent of at most one: the angle of the nearest eighth, and what the sum formula leaves.
    private static WideNumber AngleOf(in WideNumber tangent)
    {
        ulong eighth = tangent.Exponent < -4 ? 0 : ((ulong)(tangent.Significand >> (123 - tangent.Exponent)) + 1) >> 1;

        if (eighth == 0)
        {
            return SumOdd(in tangent, isAlternating: true);
        }

        WideNumber near = WideNumber.FromInteger(false, eighth);
        near = near with { Exponent = near.Exponent - 3 };
        WideNumber below = PreciseArithmetic.Add(PreciseArithmetic.One, PreciseArithmetic.Multiply(in tangent, in near));
        WideNumber rest = PreciseArithmetic.Divide(PreciseArithmetic.Subtract(in tangent, in near), in below);
        return PreciseArithmetic.Add(in Angles[eighth], SumOdd(in rest, isAlternating: true));
    }

    // x + x^3 / 3 + x^5 / 5 + ..., with signs by turns or not.
    private static WideNumber SumOdd(in WideNumber number, bool isAlternating)
    {
        if (number.Kind != WideKind.Finite)
        {
            return number;
        }

        WideNumber square = PreciseArithmetic.Multiply(in number, in number);
        WideNumber power = number;
        WideNumber sum = number;

        for (uint place = 3; ; place += 2)
        {
            power = PreciseArithmetic.Multiply(in power, in square);
            power = isAlternating ? PreciseArithmetic.Negate(in power) : power;
            WideNumber member = PreciseArithmetic.Divide(in power, place);

            if (member.Kind != WideKind.Finite || member.Exponent < sum.Exponent - 128)
            {
                return sum;
            }

            sum = PreciseArithmetic.Add(in sum, in member);
        }
    }

    // atan((i + 1) / 8) = atan(i / 8) + atan(8 / (64 + i (i + 1)))
    private static WideNumber[] FindAngles()
    {
        WideNumber[] angles = new WideNumber[Steps + 1];
        angles[0] = WideNumber.Zero(false);

        for (uint index = 0; index < Steps; index++)
        {
            WideNumber step = PreciseArithmetic.Divide(WideNumber.FromInteger(false, 8), 64 + (index * (index + 1)));
            angles[index + 1] = PreciseArithmetic.Add(in angles[index], SumOdd(in step, isAlternating: true));
        }

        return angles;
    }

    private static WideNumber Constant(int exponent, ulong high, ulong low) =>
        new(WideKind.Finite, false, exponent, new UInt128(high, low));
}
