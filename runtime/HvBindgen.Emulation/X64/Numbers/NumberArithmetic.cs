namespace HvBindgen.Emulation.X64.Numbers;

/// <summary>Arithmetic on numbers of a format as SSE has it: of two NaNs the first is the result.</summary>
internal static class NumberArithmetic
{
    /// <summary>What an instruction makes of a number.</summary>
    internal delegate ulong Unary(ulong number, NumberFormat format, ref NumberEnvironment environment);

    /// <summary>What an instruction makes of two numbers.</summary>
    internal delegate ulong Binary(ulong left, ulong right, NumberFormat format, ref NumberEnvironment environment);

    internal static ulong Add(ulong left, ulong right, NumberFormat format, ref NumberEnvironment environment)
    {
        if (environment.IsPlain && TryUseHost(
            left, right, format, ToDouble(left) + ToDouble(right), ToSingle(left) + ToSingle(right), out ulong plain))
        {
            return plain;
        }

        if (TryFindNan(left, right, format, ref environment, out ulong nan))
        {
            return nan;
        }

        bool hasDenormal = Prepare(ref left, format, in environment) | Prepare(ref right, format, in environment);
        WideNumber sum = WideArithmetic.Add(
            WideNumber.FromBits(left, format), WideNumber.FromBits(right, format), environment.Rounding, out NumberExceptions raised);
        return Complete(in sum, raised, hasDenormal, format, ref environment);
    }

    internal static ulong Subtract(ulong left, ulong right, NumberFormat format, ref NumberEnvironment environment) =>
        Add(left, format.IsNan(right) ? right : right ^ format.SignBit, format, ref environment);

    internal static ulong Multiply(ulong left, ulong right, NumberFormat format, ref NumberEnvironment environment)
    {
        if (environment.IsPlain && TryUseHost(
            left, right, format, ToDouble(left) * ToDouble(right), ToSingle(left) * ToSingle(right), out ulong plain))
        {
            return plain;
        }

        if (TryFindNan(left, right, format, ref environment, out ulong nan))
        {
            return nan;
        }

        bool hasDenormal = Prepare(ref left, format, in environment) | Prepare(ref right, format, in environment);
        WideNumber product = WideArithmetic.Multiply(
            WideNumber.FromBits(left, format), WideNumber.FromBits(right, format), out NumberExceptions raised);
        return Complete(in product, raised, hasDenormal, format, ref environment);
    }

    internal static ulong Divide(ulong left, ulong right, NumberFormat format, ref NumberEnvironment environment)
    {
        if (environment.IsPlain && TryUseHost(
            left, right, format, ToDouble(left) / ToDouble(right), ToSingle(left) / ToSingle(right), out ulong plain))
        {
            return plain;
        }

        if (TryFindNan(left, right, format, ref environment, out ulong nan))
        {
            return nan;
        }

        bool hasDenormal = Prepare(ref left, format, in environment) | Prepare(ref right, format, in environment);
        WideNumber quotient = WideArithmetic.Divide(
            WideNumber.FromBits(left, format), WideNumber.FromBits(right, format), out NumberExceptions raised);
        return Complete(in quotient, raised, hasDenormal, format, ref environment);
    }

    internal static ulong SquareRoot(ulong number, NumberFormat format, ref NumberEnvironment environment)
    {
        if (TryFindNan(number, number, format, ref environment, out ulong nan))
        {
            return nan;
        }

        bool hasDenormal = Prepare(ref number, format, in environment);
        WideNumber root = WideArithmetic.SquareRoot(WideNumber.FromBits(number, format), out NumberExceptions raised);
        return Complete(in root, raised, hasDenormal, format, ref environment);
    }

    /// <summary>A product and a sum, rounded once.</summary>
    internal static ulong MultiplyAdd(
        ulong left, ulong right, ulong added, NumberFormat format, ref NumberEnvironment environment)
    {
        if (TryFindNan(left, right, added, format, ref environment, out ulong nan))
        {
            return nan;
        }

        bool hasDenormal = Prepare(ref left, format, in environment)
            | Prepare(ref right, format, in environment)
            | Prepare(ref added, format, in environment);
        WideNumber sum = WideArithmetic.MultiplyAdd(
            WideNumber.FromBits(left, format),
            WideNumber.FromBits(right, format),
            WideNumber.FromBits(added, format),
            environment.Rounding,
            out NumberExceptions raised);
        return Complete(in sum, raised, hasDenormal, format, ref environment);
    }

    /// <summary>The smaller number; where there is none, or both are zero, the second, as it is.</summary>
    internal static ulong Minimum(ulong left, ulong right, NumberFormat format, ref NumberEnvironment environment) =>
        Choose(left, right, NumberOrder.Less, format, ref environment);

    /// <summary>The larger number; where there is none, or both are zero, the second, as it is.</summary>
    internal static ulong Maximum(ulong left, ulong right, NumberFormat format, ref NumberEnvironment environment) =>
        Choose(left, right, NumberOrder.Greater, format, ref environment);

    /// <summary>Compares.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">Another.</param>
    /// <param name="signals">Whether a quiet NaN is invalid too.</param>
    /// <param name="format">Their format.</param>
    /// <param name="environment">Receives exceptions.</param>
    internal static NumberOrder Compare(
        ulong left, ulong right, bool signals, NumberFormat format, ref NumberEnvironment environment)
    {
        if (format.IsNan(left) || format.IsNan(right))
        {
            environment.Raised |= signals || format.IsSignalling(left) || format.IsSignalling(right)
                ? NumberExceptions.Invalid
                : NumberExceptions.None;
            return NumberOrder.Unordered;
        }

        bool hasDenormal = Prepare(ref left, format, in environment) | Prepare(ref right, format, in environment);
        environment.Raised |= hasDenormal ? NumberExceptions.Denormal : NumberExceptions.None;
        long first = Place(left, format);
        long second = Place(right, format);
        return first < second ? NumberOrder.Less : first == second ? NumberOrder.Equal : NumberOrder.Greater;
    }

    /// <summary>Takes an operand: one that is too small to be normal is told, or zero.</summary>
    /// <returns>Whether it is to be told.</returns>
    internal static bool Prepare(ref ulong number, NumberFormat format, in NumberEnvironment environment)
    {
        if (!format.IsDenormal(number))
        {
            return false;
        }

        if (environment.DenormalsAreZero)
        {
            number &= format.SignBit;
            return false;
        }

        return true;
    }

    /// <summary>Rounds a result, and notes what there is to tell.</summary>
    internal static ulong Complete(
        in WideNumber result, NumberExceptions raised, bool hasDenormal, NumberFormat format, ref NumberEnvironment environment)
    {
        // What has no result hides that an operand is too small.
        NumberExceptions before = raised != NumberExceptions.None ? raised
            : hasDenormal ? NumberExceptions.Denormal : NumberExceptions.None;
        environment.Raised |= before;
        return (before & ~environment.Masks) != 0
            ? 0
            : result.Round(format.FractionBits + 1, format.Bias, ref environment).ToBits(format);
    }

    /// <summary>The NaN that is the result, where an operand is one.</summary>
    internal static bool TryFindNan(ulong left, ulong right, NumberFormat format, ref NumberEnvironment environment, out ulong nan) =>
        TryFindNan(left, right, right, format, ref environment, out nan);

    private static bool TryFindNan(
        ulong first, ulong second, ulong third, NumberFormat format, ref NumberEnvironment environment, out ulong nan)
    {
        nan = format.IsNan(first) ? first : format.IsNan(second) ? second : third;

        if (!format.IsNan(nan))
        {
            return false;
        }

        if (format.IsSignalling(first) || format.IsSignalling(second) || format.IsSignalling(third))
        {
            environment.Raised |= NumberExceptions.Invalid;
        }

        nan |= format.QuietBit;
        return true;
    }

    private static ulong Choose(ulong left, ulong right, NumberOrder wanted, NumberFormat format, ref NumberEnvironment environment)
    {
        NumberOrder order = Compare(left, right, signals: true, format, ref environment);
        ulong chosen = order == wanted ? left : right;
        _ = Prepare(ref chosen, format, in environment);
        return chosen;
    }

    // Numbers in their order, both zeros at one place.
    private static long Place(ulong number, NumberFormat format)
    {
        long magnitude = (long)(number & ~format.SignBit);
        return format.IsNegative(number) ? -magnitude : magnitude;
    }

    // Of operands and results that are all ordinary only rounding is to be told, and that has been told before.
    private static bool TryUseHost(
        ulong left, ulong right, NumberFormat format, double ofDoubles, float ofSingles, out ulong result)
    {
        result = format.SizeBytes == sizeof(double)
            ? BitConverter.DoubleToUInt64Bits(ofDoubles)
            : BitConverter.SingleToUInt32Bits(ofSingles);
        return format.IsOrdinary(left) && format.IsOrdinary(right) && format.IsOrdinary(result);
    }

    private static double ToDouble(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    private static float ToSingle(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);
}
