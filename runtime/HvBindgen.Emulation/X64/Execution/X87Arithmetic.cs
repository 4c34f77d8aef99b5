using HvBindgen.Emulation.X64.Numbers;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>Arithmetic on numbers of x87: of two NaNs the one with the larger significand is the result.</summary>
internal static class X87Arithmetic
{
    // By how much an exponent is moved that has no place, for a handler to see the number all the same (SDM volume 1, 8.5.4).
    private const int Wrap = 24576;

    /// <summary>What an instruction makes of two numbers.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">Another.</param>
    /// <param name="hasDenormal">Whether one was too small to be normal where it came from.</param>
    /// <param name="precision">Bits of the result's significand.</param>
    /// <param name="environment">Rounding; receives exceptions.</param>
    internal delegate X87Number Operation(
        X87Number left, X87Number right, bool hasDenormal, int precision, ref NumberEnvironment environment);

    internal static X87Number Add(
        X87Number left, X87Number right, bool hasDenormal, int precision, ref NumberEnvironment environment)
    {
        if (TryFindNan(left, right, ref environment, out X87Number nan))
        {
            return nan;
        }

        WideNumber sum = WideArithmetic.Add(left.ToWide(), right.ToWide(), environment.Rounding, out NumberExceptions raised);
        return Complete(in sum, raised, hasDenormal || left.IsDenormal || right.IsDenormal, precision, ref environment);
    }

    internal static X87Number Subtract(
        X87Number left, X87Number right, bool hasDenormal, int precision, ref NumberEnvironment environment) =>
        Add(left, right.IsNan || right.IsUnknown ? right : right.WithSign(!right.IsNegative), hasDenormal, precision, ref environment);

    internal static X87Number Multiply(
        X87Number left, X87Number right, bool hasDenormal, int precision, ref NumberEnvironment environment)
    {
        if (TryFindNan(left, right, ref environment, out X87Number nan))
        {
            return nan;
        }

        WideNumber product = WideArithmetic.Multiply(left.ToWide(), right.ToWide(), out NumberExceptions raised);
        return Complete(in product, raised, hasDenormal || left.IsDenormal || right.IsDenormal, precision, ref environment);
    }

    internal static X87Number Divide(
        X87Number left, X87Number right, bool hasDenormal, int precision, ref NumberEnvironment environment)
    {
        if (TryFindNan(left, right, ref environment, out X87Number nan))
        {
            return nan;
        }

        WideNumber quotient = WideArithmetic.Divide(left.ToWide(), right.ToWide(), out NumberExceptions raised);
        return Complete(in quotient, raised, hasDenormal || left.IsDenormal || right.IsDenormal, precision, ref environment);
    }

    internal static X87Number SquareRoot(X87Number number, int precision, ref NumberEnvironment environment)
    {
        if (TryFindNan(number, number, ref environment, out X87Number nan))
        {
            return nan;
        }

        WideNumber root = WideArithmetic.SquareRoot(number.ToWide(), out NumberExceptions raised);
        return Complete(in root, raised, number.IsDenormal, precision, ref environment);
    }

    /// <summary>FRNDINT: the nearest whole number.</summary>
    internal static X87Number RoundToWhole(X87Number number, int _, ref NumberEnvironment environment)
    {
        if (TryFindNan(number, number, ref environment, out X87Number nan))
        {
            return nan;
        }

        WideNumber wide = number.ToWide();
        environment.Raised |= number.IsDenormal ? NumberExceptions.Denormal : NumberExceptions.None;

        if (wide.Kind != WideKind.Finite || wide.Exponent >= X87Number.Precision || environment.IsInterrupted)
        {
            return number;
        }

        WideNumber whole = wide.KeepBits(wide.Exponent + 1, environment.Rounding, out bool isInexact, out bool isUp);
        environment.Raised |= isInexact ? NumberExceptions.Precision : NumberExceptions.None;
        environment.IsRoundedUp = isUp;
        return X87Number.FromWide(in whole);
    }

    /// <summary>FSCALE: a number times two to the power of another, without what is behind its point.</summary>
    internal static X87Number Scale(X87Number number, X87Number power, int precision, ref NumberEnvironment environment)
    {
        const int Enough = 0x10000;

        if (TryFindNan(number, power, ref environment, out X87Number nan))
        {
            return nan;
        }

        WideNumber wide = number.ToWide();
        bool hasDenormal = number.IsDenormal || power.IsDenormal;

        if (power.IsInfinity)
        {
            bool isInvalid = power.IsNegative ? wide.Kind == WideKind.Infinity : wide.Kind == WideKind.Zero;
            WideNumber limit = isInvalid ? WideNumber.None
                : power.IsNegative ? WideNumber.Zero(wide.IsNegative) : WideNumber.Infinity(wide.IsNegative);
            return Complete(
                in limit, isInvalid ? NumberExceptions.Invalid : NumberExceptions.None, hasDenormal, precision, ref environment);
        }

        if (wide.Kind == WideKind.Finite
            && NumberConversions.TryRoundToInteger(power.ToWide(), Rounding.Truncate, out ulong steps, out _, out _))
        {
            int by = (int)Math.Min(steps, Enough);
            wide = wide with { Exponent = wide.Exponent + (power.IsNegative ? -by : by) };
        }
        else if (wide.Kind == WideKind.Finite)
        {
            wide = wide with { Exponent = power.IsNegative ? -Enough : Enough };
        }

        return Complete(in wide, NumberExceptions.None, hasDenormal, precision, ref environment);
    }

    /// <summary>Compares.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">Another.</param>
    /// <param name="hasDenormal">Whether one was too small to be normal where it came from.</param>
    /// <param name="signals">Whether a quiet NaN is invalid too.</param>
    /// <param name="environment">Receives exceptions.</param>
    internal static NumberOrder Compare(
        X87Number left, X87Number right, bool hasDenormal, bool signals, ref NumberEnvironment environment)
    {
        if (left.IsUnknown || right.IsUnknown || left.IsNan || right.IsNan)
        {
            bool isInvalid = signals || left.IsUnknown || right.IsUnknown || left.IsSignalling || right.IsSignalling;
            environment.Raised |= isInvalid ? NumberExceptions.Invalid : NumberExceptions.None;
            return NumberOrder.Unordered;
        }

        environment.Raised |= hasDenormal || left.IsDenormal || right.IsDenormal ? NumberExceptions.Denormal : NumberExceptions.None;
        WideNumber first = left.ToWide();
        WideNumber second = right.ToWide();
        bool bothZero = first.Kind == WideKind.Zero && second.Kind == WideKind.Zero;

        if (bothZero || (first.IsNegative == second.IsNegative && first == second))
        {
            return NumberOrder.Equal;
        }

        bool isSmaller = first.IsNegative != second.IsNegative ? first.IsNegative : IsNearerZero(in first, in second) != first.IsNegative;
        return isSmaller ? NumberOrder.Less : NumberOrder.Greater;
    }

    /// <summary>Rounds a result, and notes what there is to tell.</summary>
    internal static X87Number Complete(
        in WideNumber result, NumberExceptions raised, bool hasDenormal, int precision, ref NumberEnvironment environment)
    {
        NumberExceptions before = raised != NumberExceptions.None ? raised
            : hasDenormal ? NumberExceptions.Denormal : NumberExceptions.None;
        environment.Raised |= before;

        if ((before & ~environment.Masks) != 0)
        {
            return default;
        }

        WideNumber rounded = result.Round(precision, X87Number.Bias, ref environment);
        bool isTooSmall = rounded.Exponent <= -X87Number.Bias && (environment.Masks & NumberExceptions.Underflow) == 0;
        bool hasNoPlace = rounded.Kind == WideKind.Finite && (rounded.Exponent > X87Number.Bias || isTooSmall);
        return X87Number.FromWide(hasNoPlace ? Move(in rounded, isTooSmall ? Wrap : -Wrap, ref environment) : rounded);
    }

    // What has no place even then is infinity or zero.
    private static WideNumber Move(in WideNumber number, int by, ref NumberEnvironment environment)
    {
        int exponent = number.Exponent + by;

        if (exponent is > -X87Number.Bias and <= X87Number.Bias)
        {
            return number with { Exponent = exponent };
        }

        environment.Raised |= NumberExceptions.Precision;
        environment.IsRoundedUp = by < 0;
        return by < 0 ? WideNumber.Infinity(number.IsNegative) : WideNumber.Zero(number.IsNegative);
    }

    /// <summary>The NaN that is the result, where an operand is one or is unknown.</summary>
    internal static bool TryFindNan(X87Number left, X87Number right, ref NumberEnvironment environment, out X87Number nan)
    {
        nan = default;

        if (left.IsUnknown || right.IsUnknown)
        {
            environment.Raised |= NumberExceptions.Invalid;
            nan = X87Number.Indefinite;
            return true;
        }

        if (!left.IsNan && !right.IsNan)
        {
            return false;
        }

        environment.Raised |= left.IsSignalling || right.IsSignalling ? NumberExceptions.Invalid : NumberExceptions.None;
        nan = (!right.IsNan ? left
            : !left.IsNan ? right
            : left.IsSignalling != right.IsSignalling ? (left.IsSignalling ? right : left)
            : Larger(left, right)).Quiet;
        return true;
    }

    private static X87Number Larger(X87Number left, X87Number right) =>
        left.Significand != right.Significand
            ? (left.Significand > right.Significand ? left : right)
            : left.IsNegative ? right : left;

    private static bool IsNearerZero(in WideNumber first, in WideNumber second) =>
        first.Kind == second.Kind
            ? first.Exponent < second.Exponent || (first.Exponent == second.Exponent && first.Significand < second.Significand)
            : first.Kind < second.Kind;
}
