namespace HvBindgen.Emulation.X64.Numbers;

/// <summary>Numbers of one format as those of another, and as whole numbers.</summary>
internal static class NumberConversions
{
    private const ulong WideQuietBit = 1UL << 62;

    /// <summary>What an instruction makes of an element; its formats are its own affair.</summary>
    internal delegate ulong Conversion(ulong element, ref NumberEnvironment environment);

    internal static ulong SingleToDouble(ulong number, ref NumberEnvironment environment) =>
        Convert(number, NumberFormat.Single, NumberFormat.Double, ref environment);

    internal static ulong DoubleToSingle(ulong number, ref NumberEnvironment environment) =>
        Convert(number, NumberFormat.Double, NumberFormat.Single, ref environment);

    internal static ulong Int32ToSingle(ulong number, ref NumberEnvironment environment) =>
        FromInteger((int)number, NumberFormat.Single, ref environment);

    internal static ulong Int32ToDouble(ulong number, ref NumberEnvironment environment) =>
        FromInteger((int)number, NumberFormat.Double, ref environment);

    internal static ulong SingleToInt32(ulong number, ref NumberEnvironment environment) =>
        ToInteger(number, NumberFormat.Single, sizeof(int), ref environment);

    internal static ulong DoubleToInt32(ulong number, ref NumberEnvironment environment) =>
        ToInteger(number, NumberFormat.Double, sizeof(int), ref environment);

    /// <summary>Numbers of 16 bits are what they are, however small.</summary>
    internal static ulong HalfToSingle(ulong number, ref NumberEnvironment environment) => NumberFormat.Half.IsNan(number)
        ? Convert(number, NumberFormat.Half, NumberFormat.Single, ref environment)
        : WideNumber.FromBits(number, NumberFormat.Half).ToBits(NumberFormat.Single);

    /// <summary>A number in another format.</summary>
    internal static ulong Convert(ulong number, NumberFormat from, NumberFormat to, ref NumberEnvironment environment)
    {
        if (from.IsNan(number))
        {
            environment.Raised |= from.IsSignalling(number) ? NumberExceptions.Invalid : NumberExceptions.None;
            ulong fraction = ((number & from.FractionMask) << (63 - from.FractionBits)) | WideQuietBit;
            ulong sign = from.IsNegative(number) ? to.SignBit : 0;
            return sign | to.Infinity | (fraction >> (63 - to.FractionBits));
        }

        bool hasDenormal = NumberArithmetic.Prepare(ref number, from, in environment);
        WideNumber wide = WideNumber.FromBits(number, from);
        return NumberArithmetic.Complete(in wide, NumberExceptions.None, hasDenormal, to, ref environment);
    }

    /// <summary>The nearest number to a whole one.</summary>
    internal static ulong FromInteger(long value, NumberFormat format, ref NumberEnvironment environment)
    {
        WideNumber wide = WideNumber.FromInteger(value < 0, value < 0 ? (ulong)-value : (ulong)value);
        return NumberArithmetic.Complete(in wide, NumberExceptions.None, hasDenormal: false, format, ref environment);
    }

    /// <summary>The nearest whole number.</summary>
    /// <returns>Its bits; where there is none that fits, the most negative one.</returns>
    internal static ulong ToInteger(ulong number, NumberFormat format, int sizeBytes, ref NumberEnvironment environment)
    {
        ulong most = 1UL << ((sizeBytes * 8) - 1);

        if (!format.IsNan(number))
        {
            _ = NumberArithmetic.Prepare(ref number, format, in environment);
            WideNumber wide = WideNumber.FromBits(number, format);

            if (TryRoundToInteger(in wide, environment.Rounding, out ulong magnitude, out bool isInexact, out _)
                && magnitude <= (wide.IsNegative ? most : most - 1))
            {
                environment.Raised |= isInexact ? NumberExceptions.Precision : NumberExceptions.None;
                return (wide.IsNegative ? 0 - magnitude : magnitude) & (most | (most - 1));
            }
        }

        environment.Raised |= NumberExceptions.Invalid;
        return most;
    }

    /// <summary>ROUNDPS and its kin: the nearest whole number, in the same format.</summary>
    /// <param name="number">A number.</param>
    /// <param name="format">Its format.</param>
    /// <param name="isSilent">Whether it is not told that there is one nearer.</param>
    /// <param name="environment">Rounding; receives exceptions.</param>
    internal static ulong RoundToWhole(ulong number, NumberFormat format, bool isSilent, ref NumberEnvironment environment)
    {
        if (NumberArithmetic.TryFindNan(number, number, format, ref environment, out ulong nan))
        {
            return nan;
        }

        _ = NumberArithmetic.Prepare(ref number, format, in environment);
        WideNumber wide = WideNumber.FromBits(number, format);

        if (wide.Kind != WideKind.Finite || wide.Exponent >= format.FractionBits)
        {
            return number;
        }

        WideNumber whole = wide.KeepBits(wide.Exponent + 1, environment.Rounding, out bool isInexact, out _);
        environment.Raised |= isInexact && !isSilent ? NumberExceptions.Precision : NumberExceptions.None;
        return whole.ToBits(format);
    }

    /// <summary>The magnitude of the nearest whole number, where it has no more than 64 bits.</summary>
    internal static bool TryRoundToInteger(
        in WideNumber number, Rounding rounding, out ulong magnitude, out bool isInexact, out bool isUp)
    {
        magnitude = 0;
        isInexact = false;
        isUp = false;

        if (number.Kind != WideKind.Finite || number.Exponent > 63)
        {
            return number.Kind == WideKind.Zero;
        }

        WideNumber whole = number.KeepBits(number.Exponent + 1, rounding, out isInexact, out isUp);
        magnitude = whole.Kind == WideKind.Zero || whole.Exponent > 63 ? 0 : (ulong)(whole.Significand >> (127 - whole.Exponent));
        return whole.Exponent <= 63;
    }
}
