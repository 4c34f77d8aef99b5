using HvBindgen.Emulation.X64.Numbers;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>A number as the registers of x87 hold it: 64 bits of significand, 15 of exponent, a sign.</summary>
/// <param name="Significand">Bit 63 is before the point.</param>
/// <param name="SignAndExponent">Sign in bit 15; the exponent is biased by 16383.</param>
internal readonly record struct X87Number(ulong Significand, ushort SignAndExponent)
{
    /// <summary>Added to an exponent.</summary>
    internal const int Bias = 16383;

    /// <summary>Bits of a significand.</summary>
    internal const int Precision = 64;

    private const int LargestExponent = 0x7FFF;
    private const ushort SignBit = 0x8000;
    private const ulong OneBeforePoint = 1UL << 63;
    private const ulong QuietBit = 1UL << 62;

    /// <summary>The quiet NaN that stands for what has no result.</summary>
    internal static X87Number Indefinite => new(OneBeforePoint | QuietBit, SignBit | LargestExponent);

    /// <summary>What the tag word says of it: valid, zero or special.</summary>
    internal int Tag => IsZero ? 1 : Exponent is 0 or LargestExponent || (Significand & OneBeforePoint) == 0 ? 2 : 0;

    internal bool IsNegative => (SignAndExponent & SignBit) != 0;

    internal bool IsZero => Exponent == 0 && Significand == 0;

    /// <summary>Whether it is too small to be normal, and not zero.</summary>
    internal bool IsDenormal => Exponent == 0 && Significand != 0;

    internal bool IsInfinity => Exponent == LargestExponent && Significand == OneBeforePoint;

    internal bool IsNan => Exponent == LargestExponent && Significand > OneBeforePoint;

    internal bool IsSignalling => IsNan && (Significand & QuietBit) == 0;

    /// <summary>Whether it is one of the encodings that the first x87 knew, and none since.</summary>
    internal bool IsUnknown => Exponent != 0 && (Significand & OneBeforePoint) == 0;

    private int Exponent => SignAndExponent & LargestExponent;

    /// <summary>A NaN that does not signal.</summary>
    internal X87Number Quiet => this with { Significand = Significand | QuietBit };

    /// <summary>A whole number; every one of 64 bits fits.</summary>
    internal static X87Number FromInteger(long value) =>
        FromWide(WideNumber.FromInteger(value < 0, value < 0 ? (ulong)-value : (ulong)value));

    /// <summary>A number that fits.</summary>
    internal static X87Number FromWide(in WideNumber number)
    {
        ushort sign = number.IsNegative ? SignBit : (ushort)0;
        ulong significand = (ulong)(number.Significand >> 64);

        return number.Kind switch
        {
            WideKind.Zero => new X87Number(0, sign),
            WideKind.Infinity => new X87Number(OneBeforePoint, (ushort)(sign | LargestExponent)),
            WideKind.None => Indefinite,
            _ when number.Exponent > -Bias => new X87Number(significand, (ushort)(sign | (number.Exponent + Bias))),
            _ => FromTiny(significand >> (1 - Bias - number.Exponent), sign),
        };
    }

    // Rounding may have made it the smallest normal one.
    private static X87Number FromTiny(ulong significand, ushort sign) =>
        new(significand, (ushort)(sign | (significand >> 63)));

    /// <summary>The same number with another sign.</summary>
    internal X87Number WithSign(bool isNegative) =>
        this with { SignAndExponent = (ushort)(Exponent | (isNegative ? SignBit : 0)) };

    /// <summary>The number, which is no NaN and no encoding that is unknown.</summary>
    internal WideNumber ToWide() => Exponent == LargestExponent
        ? WideNumber.Infinity(IsNegative)
        : WideNumber.Normalized(IsNegative, Math.Max(Exponent, 1) - Bias, (UInt128)Significand << 64);

    /// <summary>A number of 32 or 64 bits; every one fits. A NaN may signal afterwards too.</summary>
    /// <param name="bits">Its bits.</param>
    /// <param name="format">What they are.</param>
    internal static X87Number FromBinary(ulong bits, NumberFormat format)
    {
        if (!format.IsNan(bits))
        {
            return FromWide(WideNumber.FromBits(bits, format));
        }

        ulong fraction = (bits & format.FractionMask) << (63 - format.FractionBits);
        return new X87Number(OneBeforePoint | fraction, (ushort)((format.IsNegative(bits) ? SignBit : 0) | LargestExponent));
    }

    /// <summary>The nearest number of 32 or 64 bits.</summary>
    /// <param name="format">What it is to be.</param>
    /// <param name="environment">Rounding; receives exceptions.</param>
    internal ulong ToBinary(NumberFormat format, ref NumberEnvironment environment)
    {
        if (IsUnknown)
        {
            environment.Raised |= NumberExceptions.Invalid;
            return format.Indefinite;
        }

        if (!IsNan)
        {
            return ToWide().Round(format.FractionBits + 1, format.Bias, ref environment).ToBits(format);
        }

        environment.Raised |= IsSignalling ? NumberExceptions.Invalid : NumberExceptions.None;
        ulong fraction = (Significand & ~OneBeforePoint) >> (63 - format.FractionBits);
        return (IsNegative ? format.SignBit : 0) | format.Infinity | fraction | format.QuietBit;
    }

    /// <summary>The nearest whole number of a size.</summary>
    /// <returns>Its bits; where there is none, the most negative number, and invalid is raised.</returns>
    internal ulong ToInteger(int sizeBytes, ref NumberEnvironment environment)
    {
        ulong most = 1UL << ((sizeBytes * 8) - 1);

        if (!IsUnknown && !IsNan
            && NumberConversions.TryRoundToInteger(ToWide(), environment.Rounding, out ulong magnitude, out bool isInexact, out bool isUp)
            && magnitude <= (IsNegative ? most : most - 1))
        {
            environment.Raised |= isInexact ? NumberExceptions.Precision : NumberExceptions.None;
            environment.IsRoundedUp = isUp;
            return IsNegative ? 0 - magnitude : magnitude;
        }

        environment.Raised |= NumberExceptions.Invalid;
        environment.IsRoundedUp = false;
        return most;
    }
}

/// <summary>The control word of x87.</summary>
internal readonly record struct X87Control(ushort Word)
{
    /// <summary>The bits that mask all exceptions.</summary>
    internal const ushort AllMasks = 0x3F;

    private const int RoundingShift = 10;
    private const int PrecisionShift = 8;

    /// <summary>How it rounds, and which exceptions it masks.</summary>
    internal NumberEnvironment Environment => new()
    {
        Masks = (NumberExceptions)Word & NumberExceptions.All,
        Rounding = (Rounding)((Word >> RoundingShift) & 3),
    };

    /// <summary>Bits of significands that results have. One value means nothing, and is taken for the most.</summary>
    internal int Precision => ((Word >> PrecisionShift) & 3) switch { 0 => 24, 2 => 53, _ => X87Number.Precision };

    /// <summary>Whether all of the exceptions have a result instead of a handler.</summary>
    internal bool Masks(NumberExceptions exceptions) => (Word & (int)exceptions) == (int)exceptions;
}
