namespace HvBindgen.Emulation.X64.Execution;

/// <summary>A number as the registers of x87 hold it: 64 bits of significand, 15 of exponent, a sign.</summary>
/// <param name="Significand">Bit 63 is before the point.</param>
/// <param name="SignAndExponent">Sign in bit 15; the exponent is biased by 16383.</param>
internal readonly record struct X87Number(ulong Significand, ushort SignAndExponent)
{
    private const int Bias = 16383;
    private const int LargestExponent = 0x7FFF;
    private const ushort SignBit = 0x8000;
    private const ulong OneBeforePoint = 1UL << 63;
    private const ulong QuietBit = 1UL << 62;

    /// <summary>The quiet NaN that stands for what has no result.</summary>
    internal static X87Number Indefinite => new(OneBeforePoint | QuietBit, SignBit | LargestExponent);

    /// <summary>What the tag word says of it: valid, zero or special.</summary>
    internal int Tag => IsZero ? 1 : Exponent is 0 or LargestExponent || (Significand & OneBeforePoint) == 0 ? 2 : 0;

    internal bool IsNegative => (SignAndExponent & SignBit) != 0;

    private int Exponent => SignAndExponent & LargestExponent;

    private bool IsZero => Exponent == 0 && Significand == 0;

    // Encodings that the first x87 knew, and none since.
    private bool IsUnknown => Exponent != 0 && (Significand & OneBeforePoint) == 0;

    /// <summary>A whole number; every one of 64 bits fits.</summary>
    internal static X87Number FromInteger(long value)
    {
        ulong magnitude = value < 0 ? (ulong)-value : (ulong)value;
        if (magnitude == 0)
        {
            return default;
        }

        int zeros = (int)ulong.LeadingZeroCount(magnitude);
        return new X87Number(magnitude << zeros, (ushort)((value < 0 ? SignBit : 0) | (Bias + 63 - zeros)));
    }

    /// <summary>The same number with another sign.</summary>
    internal X87Number WithSign(bool isNegative) =>
        this with { SignAndExponent = (ushort)(Exponent | (isNegative ? SignBit : 0)) };

    /// <summary>A number of 32 or 64 bits; every one fits.</summary>
    /// <param name="bits">Its bits.</param>
    /// <param name="format">What they are.</param>
    /// <param name="raised">Exceptions: invalid for a signalling NaN, denormal.</param>
    internal static X87Number FromBinary(ulong bits, X87Format format, out X87Exceptions raised)
    {
        int shift = 63 - format.FractionBits;
        ulong fraction = (bits & ((1UL << format.FractionBits) - 1)) << shift;
        int exponent = (int)(bits >> format.FractionBits) & format.LargestExponent;
        ushort sign = (bits >> ((format.SizeBytes * 8) - 1)) != 0 ? SignBit : (ushort)0;
        raised = X87Exceptions.None;

        if (exponent == format.LargestExponent)
        {
            bool isNan = fraction != 0;
            raised = isNan && (fraction & QuietBit) == 0 ? X87Exceptions.Invalid : X87Exceptions.None;
            return new X87Number(OneBeforePoint | fraction | (isNan ? QuietBit : 0), (ushort)(sign | LargestExponent));
        }

        if (exponent != 0)
        {
            return new X87Number(OneBeforePoint | fraction, (ushort)(sign | (exponent - format.Bias + Bias)));
        }

        if (fraction == 0)
        {
            return new X87Number(0, sign);
        }

        raised = X87Exceptions.Denormal;
        int zeros = (int)ulong.LeadingZeroCount(fraction);
        return new X87Number(fraction << zeros, (ushort)(sign | (1 - format.Bias - zeros + Bias)));
    }

    /// <summary>The nearest number of 32 or 64 bits, as the control word has it.</summary>
    /// <param name="format">What it is to be.</param>
    /// <param name="control">Rounding, and which exceptions are masked: a masked one has a result.</param>
    /// <param name="raised">Exceptions.</param>
    /// <param name="isRoundedUp">Whether the magnitude was rounded up.</param>
    internal ulong ToBinary(X87Format format, X87Control control, out X87Exceptions raised, out bool isRoundedUp)
    {
        ulong sign = IsNegative ? 1UL << ((format.SizeBytes * 8) - 1) : 0;
        ulong infinity = sign | ((ulong)format.LargestExponent << format.FractionBits);
        raised = X87Exceptions.None;
        isRoundedUp = false;

        if (IsUnknown)
        {
            raised = X87Exceptions.Invalid;
            return (1UL << ((format.SizeBytes * 8) - 1)) | infinity | (1UL << (format.FractionBits - 1));
        }

        if (Exponent == LargestExponent)
        {
            ulong fraction = (Significand & ~OneBeforePoint) >> (63 - format.FractionBits);
            bool isNan = (Significand << 1) != 0;
            raised = isNan && (Significand & QuietBit) == 0 ? X87Exceptions.Invalid : X87Exceptions.None;
            return infinity | (isNan ? fraction | (1UL << (format.FractionBits - 1)) : 0);
        }

        return IsZero ? sign : sign | RoundTo(format, control, out raised, out isRoundedUp);
    }

    private ulong RoundTo(X87Format format, X87Control control, out X87Exceptions raised, out bool isRoundedUp)
    {
        int exponent = Math.Max(Exponent, 1) - Bias;
        int smallest = 1 - format.Bias;
        ulong hidden = 1UL << format.FractionBits;

        // Whether it is tiny shows when it has been rounded as if exponents had no end.
        ulong rounded = Round(63 - format.FractionBits, control, out bool isInexact, out isRoundedUp);
        bool carries = rounded >> (format.FractionBits + 1) != 0;

        if (exponent + (carries ? 1 : 0) < smallest)
        {
            rounded = Round(63 - format.FractionBits + smallest - exponent, control, out isInexact, out isRoundedUp);
            raised = isInexact ? X87Exceptions.Underflow | X87Exceptions.Precision
                : control.Masks(X87Exceptions.Underflow) ? X87Exceptions.None : X87Exceptions.Underflow;
            return rounded;
        }

        raised = isInexact ? X87Exceptions.Precision : X87Exceptions.None;
        exponent += carries ? 1 : 0;

        if (exponent <= format.Bias)
        {
            return ((ulong)(exponent + format.Bias) << format.FractionBits) | ((carries ? rounded >> 1 : rounded) & ~hidden);
        }

        raised = X87Exceptions.Overflow | X87Exceptions.Precision;
        ulong infinity = (ulong)format.LargestExponent << format.FractionBits;
        isRoundedUp = control.RoundsAwayFromZero(IsNegative);
        return isRoundedUp ? infinity : infinity - 1;
    }

    /// <summary>The nearest whole number of a size.</summary>
    /// <returns>Its bits; where there is none, the most negative number, and <paramref name="raised"/> says invalid.</returns>
    internal ulong ToInteger(int sizeBytes, X87Control control, out X87Exceptions raised, out bool isRoundedUp)
    {
        ulong most = 1UL << ((sizeBytes * 8) - 1);
        int exponent = Math.Max(Exponent, 1) - Bias;
        raised = X87Exceptions.None;
        isRoundedUp = false;

        if (IsZero)
        {
            return 0;
        }

        if (!IsUnknown && exponent <= 63)
        {
            ulong magnitude = Round(63 - exponent, control, out bool isInexact, out isRoundedUp);

            if (magnitude <= (IsNegative ? most : most - 1))
            {
                raised = isInexact ? X87Exceptions.Precision : X87Exceptions.None;
                return IsNegative ? 0 - magnitude : magnitude;
            }
        }

        raised = X87Exceptions.Invalid;
        isRoundedUp = false;
        return most;
    }

    // The significand without its last bits.
    private ulong Round(int lostBits, X87Control control, out bool isInexact, out bool isRoundedUp)
    {
        ulong kept = lostBits < 64 ? Significand >> lostBits : 0;
        ulong rest = lostBits switch
        {
            0 => 0,
            < 64 => Significand << (64 - lostBits),
            64 => Significand,
            _ => 1, // less than a half, whatever it is
        };
        isInexact = rest != 0;
        bool isUp = control.IsNearest
            ? rest > OneBeforePoint || (rest == OneBeforePoint && (kept & 1) != 0)
            : control.RoundsAwayFromZero(IsNegative);
        isRoundedUp = isInexact && isUp;
        return isRoundedUp ? kept + 1 : kept;
    }
}

/// <summary>A binary format that x87 loads and stores.</summary>
/// <param name="SizeBytes">4 or 8.</param>
/// <param name="FractionBits">Bits behind the point.</param>
/// <param name="Bias">Added to an exponent.</param>
internal readonly record struct X87Format(int SizeBytes, int FractionBits, int Bias)
{
    internal static X87Format Single => new(4, 23, 127);

    internal static X87Format Double => new(8, 52, 1023);

    /// <summary>The exponent of infinities and NaNs.</summary>
    internal int LargestExponent => (2 * Bias) + 1;
}

/// <summary>The control word of x87.</summary>
internal readonly record struct X87Control(ushort Word)
{
    private const int Nearest = 0;
    private const int Down = 1;
    private const int Up = 2;
    private const ushort RoundingBits = 0xC00;

    /// <summary>The bits that mask all exceptions.</summary>
    internal const ushort AllMasks = 0x3F;

    internal bool IsNearest => Rounding == Nearest;

    /// <summary>The same, but for rounding towards zero.</summary>
    internal X87Control Truncating => new((ushort)(Word | RoundingBits));

    private int Rounding => (Word & RoundingBits) >> 10;

    /// <summary>Whether what does not fit becomes larger in magnitude.</summary>
    internal bool RoundsAwayFromZero(bool isNegative) => Rounding switch
    {
        Nearest => true,
        Down => isNegative,
        Up => !isNegative,
        _ => false,
    };

    /// <summary>Whether all of the exceptions have a result instead of a handler.</summary>
    internal bool Masks(X87Exceptions exceptions) => (Word & (int)exceptions) == (int)exceptions;
}

/// <summary>Exceptions of x87, by their bits in status and control word.</summary>
[Flags]
internal enum X87Exceptions
{
    None = 0,
    Invalid = 1 << 0,
    Denormal = 1 << 1,
    ZeroDivide = 1 << 2,
    Overflow = 1 << 3,
    Underflow = 1 << 4,
    Precision = 1 << 5,

    /// <summary>With <see cref="Invalid"/>: the stack was full or empty.</summary>
    Stack = 1 << 6,
}
