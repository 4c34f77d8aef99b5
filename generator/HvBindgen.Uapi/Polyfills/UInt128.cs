using System.Globalization;
using System.Numerics;

namespace HvBindgen.Uapi.Polyfills;

/// <summary>The integer of 128 bits without a sign that .NET Standard lacks, as far as models and their emission use it.</summary>
/// <param name="value">The number, which is in the range of the type.</param>
public readonly struct UInt128(BigInteger value) : IEquatable<UInt128>
{
    private static readonly BigInteger Range = BigInteger.One << 128;

    private readonly BigInteger value = value;

    /// <summary>The largest number, 2^128 - 1.</summary>
    public static UInt128 MaxValue { get; } = new(Range - 1);

    /// <summary>Takes the bits of a number that has a sign.</summary>
    /// <param name="value">The integer.</param>
    public static explicit operator UInt128(Int128 value) => new(value.Number.Sign < 0 ? value.Number + Range : value.Number);

    /// <summary>Gives the bits a sign.</summary>
    /// <param name="value">The integer.</param>
    public static explicit operator Int128(UInt128 value) =>
        new(value.value > Int128.MaxValue.Number ? value.value - Range : value.value);

    /// <summary>Takes the low 64 bits.</summary>
    /// <param name="value">The integer.</param>
    public static explicit operator ulong(UInt128 value) => (ulong)(value.value & ulong.MaxValue);

    /// <summary>Moves bits down.</summary>
    /// <param name="value">The integer.</param>
    /// <param name="count">By how many.</param>
    public static UInt128 operator >>(UInt128 value, int count) => new(value.value >> count);

    /// <summary>Reads a number in decimal.</summary>
    /// <param name="text">The digits.</param>
    /// <param name="styles">What may stand beside them.</param>
    /// <param name="provider">How a culture writes numbers.</param>
    /// <param name="number">The number.</param>
    /// <returns>Whether the text is a number in the range of the type.</returns>
    public static bool TryParse(string text, NumberStyles styles, IFormatProvider provider, out UInt128 number)
    {
        bool isNumber = BigInteger.TryParse(text, styles, provider, out BigInteger parsed) && parsed.Sign >= 0 && parsed < Range;
        number = new UInt128(isNumber ? parsed : 0);
        return isNumber;
    }

    /// <summary>Whether one number is less than another.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator <(UInt128 left, UInt128 right) => left.value < right.value;

    /// <summary>Whether one number is more than another.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator >(UInt128 left, UInt128 right) => left.value > right.value;

    /// <summary>Whether two numbers are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(UInt128 left, UInt128 right) => left.value == right.value;

    /// <summary>Whether two numbers differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(UInt128 left, UInt128 right) => left.value != right.value;

    /// <inheritdoc/>
    public bool Equals(UInt128 other) => value == other.value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is UInt128 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode();

    /// <summary>The number in decimal.</summary>
    /// <param name="provider">How a culture writes numbers.</param>
    /// <returns>Its digits.</returns>
    public string ToString(IFormatProvider provider) => value.ToString(provider);

    /// <inheritdoc/>
    public override string ToString() => ToString(CultureInfo.InvariantCulture);
}
