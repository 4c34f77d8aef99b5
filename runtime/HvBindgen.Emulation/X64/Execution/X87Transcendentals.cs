using HvBindgen.Emulation.X64.Numbers;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>F2XM1, FYL2X, FYL2XP1, FPATAN, FSIN, FCOS and FPTAN, within one unit of the last place.</summary>
/// <remarks>Pi is what processors take for it when they take multiples away: 66 bits (SDM volume 1, 8.3.8).</remarks>
internal static class X87Transcendentals
{
    // Pi in units of 2^-64.
    private static readonly UInt128 PiBits = new(3, 0x243F_6A88_85A3_08D3);

    /// <summary>F2XM1.</summary>
    internal static X87Number PowerLessOne(X87Number number, int _, ref NumberEnvironment environment)
    {
        if (X87Arithmetic.TryFindNan(number, number, ref environment, out X87Number nan))
        {
            return nan;
        }

        WideNumber wide = number.ToWide();

        // Outside of -1 to 1 the result is nothing in particular.
        WideNumber result = wide.Kind switch
        {
            WideKind.Zero => wide,
            WideKind.Infinity => wide.IsNegative ? PreciseArithmetic.Negate(PreciseArithmetic.One) : wide,
            _ when wide == PreciseArithmetic.One => wide,
            _ when wide with { IsNegative = false } == PreciseArithmetic.One => wide with { Exponent = -1 },
            _ when wide.Exponent >= 0 => wide,
            _ => Transcendentals.PowerLessOne(in wide),
        };
        return X87Arithmetic.Complete(in result, NumberExceptions.None, number.IsDenormal, X87Number.Precision, ref environment);
    }

    /// <summary>FYL2X: a number times the binary logarithm of another.</summary>
    internal static X87Number MultiplyByLogarithm(X87Number factor, X87Number number, ref NumberEnvironment environment) =>
        Multiply(factor, number, addsOne: false, ref environment);

    /// <summary>FYL2XP1: a number times the binary logarithm of one and another.</summary>
    internal static X87Number MultiplyByLogarithmOfOneAnd(X87Number factor, X87Number number, ref NumberEnvironment environment) =>
        Multiply(factor, number, addsOne: true, ref environment);

    private static X87Number Multiply(X87Number factor, X87Number number, bool addsOne, ref NumberEnvironment environment)
    {
        if (X87Arithmetic.TryFindNan(number, factor, ref environment, out X87Number nan))
        {
            return nan;
        }

        WideNumber by = factor.ToWide();
        WideNumber of = number.ToWide();
        WideNumber result = addsOne
            ? LogarithmOfOneAnd(in of, out NumberExceptions raised)
            : Logarithm(in of, out raised);

        if (raised != NumberExceptions.Invalid)
        {
            bool isNegative = result.IsNegative != by.IsNegative;
            bool hasZero = result.Kind == WideKind.Zero || by.Kind == WideKind.Zero;
            bool hasInfinity = result.Kind == WideKind.Infinity || by.Kind == WideKind.Infinity;
            raised = hasZero && hasInfinity ? NumberExceptions.Invalid
                : by.Kind == WideKind.Infinity ? NumberExceptions.None : raised;
            result = hasZero && hasInfinity ? WideNumber.None
                : hasInfinity ? WideNumber.Infinity(isNegative)
                : hasZero ? WideNumber.Zero(isNegative)
                : PreciseArithmetic.Multiply(in by, in result);
        }

        return X87Arithmetic.Complete(
            in result, raised, number.IsDenormal || factor.IsDenormal, X87Number.Precision, ref environment);
    }

    /// <summary>FPATAN: the angle of a point.</summary>
    internal static X87Number Angle(X87Number opposite, X87Number adjacent, ref NumberEnvironment environment)
    {
        if (X87Arithmetic.TryFindNan(adjacent, opposite, ref environment, out X87Number nan))
        {
            return nan;
        }

        WideNumber angle = AngleOf(opposite.ToWide(), adjacent.ToWide());
        return X87Arithmetic.Complete(
            in angle, NumberExceptions.None, opposite.IsDenormal || adjacent.IsDenormal, X87Number.Precision, ref environment);
    }

    /// <summary>Takes an angle to within an eighth of a turn of a quarter.</summary>
    /// <param name="angle">A finite angle of less than 2^63.</param>
    /// <param name="quarters">How many quarters of a turn were taken away, of the angle's magnitude.</param>
    internal static WideNumber Reduce(in WideNumber angle, out int quarters)
    {
        quarters = 0;

        if (angle.Exponent < -1)
        {
            return angle with { IsNegative = false };
        }

        // In units of 2^-65 half of pi is a whole number, and so is the angle.
        UInt128 rest = angle.Significand >> 64;

        for (int step = angle.Exponent + 2; step > 0; step--)
        {
            rest <<= 1;
            quarters <<= 1;

            if (rest >= PiBits)
            {
                rest -= PiBits;
                quarters |= 1;
            }
        }

        bool isBeyond = rest << 1 > PiBits;
        quarters += isBeyond ? 1 : 0;
        return WideNumber.Normalized(isBeyond, 62, isBeyond ? PiBits - rest : rest);
    }

    /// <summary>Sine or cosine of a reduced angle.</summary>
    internal static WideNumber Wave(in WideNumber reduced, int quarters, bool isCosine)
    {
        int turned = quarters + (isCosine ? 1 : 0);
        WideNumber value = (turned & 1) != 0 ? Transcendentals.Cosine(in reduced) : Transcendentals.Sine(in reduced);
        return (turned & 2) != 0 ? PreciseArithmetic.Negate(in value) : value;
    }

    /// <summary>A number a little nearer to zero, where all bits that were found tell no difference to a simple one.</summary>
    internal static WideNumber Smaller(in WideNumber number)
    {
        UInt128 firstBit = UInt128.One << 127;

        return number.Kind != WideKind.Finite || (ulong)number.Significand != 0 ? number
            : number.Significand == firstBit ? number with { Exponent = number.Exponent - 1, Significand = UInt128.MaxValue }
            : number with { Significand = number.Significand - 1 };
    }

    private static WideNumber AngleOf(in WideNumber opposite, in WideNumber adjacent)
    {
        WideNumber pi = Transcendentals.Pi;
        WideNumber quarter = pi with { Exponent = pi.Exponent - 2 };
        bool bothInfinite = opposite.Kind == WideKind.Infinity && adjacent.Kind == WideKind.Infinity;
        WideNumber angle = bothInfinite ? quarter
            : opposite.Kind == WideKind.Infinity ? pi with { Exponent = pi.Exponent - 1 }
            : opposite.Kind == WideKind.Zero || adjacent.Kind == WideKind.Infinity ? WideNumber.Zero(false)
            : adjacent.Kind == WideKind.Zero ? pi with { Exponent = pi.Exponent - 1 }
            : Smaller(Transcendentals.Angle(opposite with { IsNegative = false }, adjacent with { IsNegative = false }));
        angle = adjacent.IsNegative ? PreciseArithmetic.Subtract(in pi, in angle) : angle;
        return angle with { IsNegative = opposite.IsNegative };
    }

    private static WideNumber Logarithm(in WideNumber number, out NumberExceptions raised)
    {
        bool isInvalid = number.IsNegative && number.Kind != WideKind.Zero;
        raised = isInvalid ? NumberExceptions.Invalid
            : number.Kind == WideKind.Zero ? NumberExceptions.ZeroDivide : NumberExceptions.None;
        return isInvalid ? WideNumber.None
            : number.Kind == WideKind.Zero ? WideNumber.Infinity(true)
            : number.Kind == WideKind.Infinity ? number : Transcendentals.BinaryLogarithm(in number);
    }

    private static WideNumber LogarithmOfOneAnd(in WideNumber number, out NumberExceptions raised)
    {
        bool isBelow = number.IsNegative && (number.Kind == WideKind.Infinity || number.Exponent >= 0) && number.Kind != WideKind.Zero;
        raised = isBelow ? NumberExceptions.Invalid : NumberExceptions.None;
        return isBelow ? WideNumber.None
            : number.Kind == WideKind.Infinity ? number : Transcendentals.BinaryLogarithmOfOneAnd(in number);
    }
}
