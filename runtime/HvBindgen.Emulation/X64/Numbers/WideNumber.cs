namespace HvBindgen.Emulation.X64.Numbers;

/// <summary>What a number is.</summary>
internal enum WideKind
{
    Zero,
    Finite,
    Infinity,

    /// <summary>There is no result.</summary>
    None,
}

/// <summary>A number wide enough for every exact result, or for what rounding must know of it: its last bit stands for all behind
/// it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="IsNegative">Its sign.</param>
/// <param name="Exponent">Of a finite number: that of the significand's first bit.</param>
/// <param name="Significand">Of a finite number: the first bit is set, and is before the point.</param>
internal readonly record struct WideNumber(WideKind Kind, bool IsNegative, int Exponent, UInt128 Significand)
{
    private const int Bits = 128;

    internal static WideNumber None => new(WideKind.None, false, 0, 0);

    private static UInt128 FirstBit => UInt128.One << (Bits - 1);

    internal static WideNumber Zero(bool isNegative) => new(WideKind.Zero, isNegative, 0, 0);

    internal static WideNumber Infinity(bool isNegative) => new(WideKind.Infinity, isNegative, 0, 0);

    /// <summary>A significand with its point behind the first bit, wherever its first set bit is.</summary>
    internal static WideNumber Normalized(bool isNegative, int exponent, UInt128 significand)
    {
        int zeros = LeadingZeros(significand);
        return zeros == Bits
            ? Zero(isNegative)
            : new WideNumber(WideKind.Finite, isNegative, exponent - zeros, significand << zeros);
    }

    /// <summary>A whole number.</summary>
    internal static WideNumber FromInteger(bool isNegative, ulong magnitude) =>
        Normalized(isNegative, 63, (UInt128)magnitude << 64);

    /// <summary>Reads a number that is no NaN.</summary>
    internal static WideNumber FromBits(ulong bits, NumberFormat format)
    {
        bool isNegative = format.IsNegative(bits);
        ulong fraction = bits & format.FractionMask;
        int exponent = (int)((bits & format.Infinity) >> format.FractionBits);

        if (exponent == format.LargestExponent)
        {
            return Infinity(isNegative);
        }

        UInt128 significand = (UInt128)fraction << (Bits - 1 - format.FractionBits);
        return exponent != 0
            ? new WideNumber(WideKind.Finite, isNegative, exponent - format.Bias, significand | FirstBit)
            : fraction == 0 ? Zero(isNegative) : Normalized(isNegative, format.SmallestExponent, significand);
    }

    /// <summary>Its bits in a format that it fits into.</summary>
    internal ulong ToBits(NumberFormat format)
    {
        ulong sign = IsNegative ? format.SignBit : 0;

        switch (Kind)
        {
            case WideKind.Zero:
                return sign;
            case WideKind.Infinity:
                return sign | format.Infinity;
            case WideKind.None:
                return format.Indefinite;
            default:
                int shift = Bits - 1 - format.FractionBits;
                return Exponent >= format.SmallestExponent
                    ? sign | ((ulong)(Exponent + format.Bias) << format.FractionBits)
                        | ((ulong)(Significand >> shift) & format.FractionMask)
                    : sign | (ulong)(Significand >> (shift + format.SmallestExponent - Exponent));
        }
    }

    /// <summary>The nearest number that fits, as the environment has it.</summary>
    /// <param name="precision">Bits of the significand.</param>
    /// <param name="bias">Of the format's exponents, which says the largest and the smallest.</param>
    /// <param name="environment">Receives exceptions. Of those without a mask the number is that which exponents without end would
    /// give.</param>
    internal WideNumber Round(int precision, int bias, ref NumberEnvironment environment)
    {
        environment.IsRoundedUp = false;

        if (Kind != WideKind.Finite)
        {
            return this;
        }

        // Whether it is tiny shows when it has been rounded as if exponents had no end.
        WideNumber rounded = KeepBits(precision, environment.Rounding, out bool isInexact, out bool isUp);
        int smallest = 1 - bias;

        if (rounded.Exponent < smallest)
        {
            if ((environment.Masks & NumberExceptions.Underflow) != 0)
            {
                return RoundTiny(precision - (smallest - Exponent), ref environment);
            }

            environment.Raised |= NumberExceptions.Underflow;
        }
        else if (rounded.Exponent > bias)
        {
            environment.Raised |= NumberExceptions.Overflow;

            if ((environment.Masks & NumberExceptions.Overflow) != 0)
            {
                environment.Raised |= NumberExceptions.Precision;
                environment.IsRoundedUp = RoundsAway(environment.Rounding);
                return environment.IsRoundedUp
                    ? Infinity(IsNegative)
                    : new WideNumber(WideKind.Finite, IsNegative, bias, UInt128.MaxValue << (Bits - precision));
            }
        }

        environment.Raised |= isInexact ? NumberExceptions.Precision : NumberExceptions.None;
        environment.IsRoundedUp = isUp;
        return rounded;
    }

    private WideNumber RoundTiny(int bits, ref NumberEnvironment environment)
    {
        const NumberExceptions Lost = NumberExceptions.Underflow | NumberExceptions.Precision;

        if (environment.FlushesToZero)
        {
            environment.Raised |= Lost;
            return Zero(IsNegative);
        }

        WideNumber rounded = KeepBits(bits, environment.Rounding, out bool isInexact, out bool isUp);
        environment.Raised |= isInexact ? Lost : NumberExceptions.None;
        environment.IsRoundedUp = isUp;
        return rounded;
    }

    /// <summary>The nearest number with so many bits, which may be none.</summary>
    internal WideNumber KeepBits(int bits, Rounding rounding, out bool isInexact, out bool isUp)
    {
        isUp = false;

        if (bits <= 0)
        {
            // All of it is behind the last bit: half of it, or less.
            bool isMoreThanHalf = bits == 0 && Significand != FirstBit;
            isInexact = true;
            isUp = rounding == Rounding.Nearest ? isMoreThanHalf : RoundsAway(rounding);
            return isUp ? new WideNumber(WideKind.Finite, IsNegative, Exponent + 1 - bits, FirstBit) : Zero(IsNegative);
        }

        if (bits >= Bits)
        {
            isInexact = false;
            return this;
        }

        int lost = Bits - bits;
        UInt128 kept = Significand >> lost << lost;
        UInt128 rest = Significand << bits;
        isInexact = rest != 0;

        if (!isInexact)
        {
            return this;
        }

        isUp = rounding == Rounding.Nearest
            ? rest > FirstBit || (rest == FirstBit && ((kept >> lost) & 1) != 0)
            : RoundsAway(rounding);

        if (!isUp)
        {
            return this with { Significand = kept };
        }

        UInt128 next = kept + (UInt128.One << lost);
        return next != 0 ? this with { Significand = next } : new WideNumber(WideKind.Finite, IsNegative, Exponent + 1, FirstBit);
    }

    // Whether what does not fit becomes larger in magnitude; that of two equally near is another matter.
    private bool RoundsAway(Rounding rounding) => rounding switch
    {
        Rounding.Nearest => true,
        Rounding.Down => IsNegative,
        Rounding.Up => !IsNegative,
        _ => false,
    };

    private static int LeadingZeros(UInt128 value)
    {
        ulong high = (ulong)(value >> 64);
        return high != 0 ? (int)ulong.LeadingZeroCount(high) : 64 + (int)ulong.LeadingZeroCount((ulong)value);
    }
}
