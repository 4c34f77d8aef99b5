namespace HvBindgen.Emulation.X64.Numbers;

/// <summary>A binary format of numbers (IEEE 754, 3.4).</summary>
/// <param name="SizeBytes">2, 4 or 8.</param>
/// <param name="FractionBits">Bits behind the point.</param>
/// <param name="Bias">Added to an exponent.</param>
internal sealed record NumberFormat(int SizeBytes, int FractionBits, int Bias)
{
    internal static NumberFormat Half { get; } = new(2, 10, 15);

    internal static NumberFormat Single { get; } = new(4, 23, 127);

    internal static NumberFormat Double { get; } = new(8, 52, 1023);

    /// <summary>The exponent of infinities and NaNs, as it is stored.</summary>
    internal int LargestExponent { get; } = (2 * Bias) + 1;

    /// <summary>The exponent of the smallest normal number.</summary>
    internal int SmallestExponent { get; } = 1 - Bias;

    /// <summary>The bit of the sign.</summary>
    internal ulong SignBit { get; } = 1UL << ((SizeBytes * 8) - 1);

    /// <summary>The bits behind the point.</summary>
    internal ulong FractionMask { get; } = (1UL << FractionBits) - 1;

    /// <summary>The bit that tells a quiet NaN from one that signals.</summary>
    internal ulong QuietBit { get; } = 1UL << (FractionBits - 1);

    /// <summary>Plus infinity.</summary>
    internal ulong Infinity { get; } = (ulong)((2 * Bias) + 1) << FractionBits;

    /// <summary>The quiet NaN that stands for what has no result.</summary>
    internal ulong Indefinite => SignBit | Infinity | QuietBit;

    internal bool IsNegative(ulong bits) => (bits & SignBit) != 0;

    internal bool IsNan(ulong bits) => (bits & ~SignBit) > Infinity;

    internal bool IsSignalling(ulong bits) => IsNan(bits) && (bits & QuietBit) == 0;

    /// <summary>Whether a number is too small to be normal, and not zero.</summary>
    internal bool IsDenormal(ulong bits) => (bits & Infinity) == 0 && (bits & FractionMask) != 0;

    /// <summary>Whether all that is near a number is normal too: of such numbers the host's arithmetic tells all.</summary>
    internal bool IsOrdinary(ulong bits) => ((bits & Infinity) >> FractionBits) - 2 < (ulong)LargestExponent - 2;
}
