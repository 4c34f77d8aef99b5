using System.Globalization;
using System.Numerics;

namespace HvBindgen.Uapi.Polyfills;

/// <summary>The integer of 128 bits that .NET Standard lacks, as far as models and their emission use it.</summary>
/// <param name="value">The number, which is in the range of the type.</param>
public readonly struct Int128(BigInteger value) : IEquatable<Int128>, IComparable<Int128>
{
    private readonly BigInteger value = value;

    /// <summary>The largest number, 2^127 - 1.</summary>
    public static Int128 MaxValue { get; } = new((BigInteger.One << 127) - 1);

    /// <summary>The number 1.</summary>
    public static Int128 One { get; } = new(BigInteger.One);

    /// <summary>The number as one without a limit.</summary>
    internal BigInteger Number => value;

    /// <summary>Reads a number in decimal.</summary>
    /// <param name="text">The digits.</param>
    /// <param name="styles">What may stand beside them.</param>
    /// <param name="provider">How a culture writes numbers.</param>
    /// <param name="number">The number.</param>
    /// <returns>Whether the text is a number in the range of the type.</returns>
    public static bool TryParse(string text, NumberStyles styles, IFormatProvider provider, out Int128 number)
    {
        bool isNumber = BigInteger.TryParse(text, styles, provider, out BigInteger parsed)
            && parsed <= MaxValue.value && parsed >= -MaxValue.value - 1;
        number = new Int128(isNumber ? parsed : 0);
        return isNumber;
    }

    /// <summary>Widens an integer.</summary>
    /// <param name="value">The integer.</param>
    public static implicit operator Int128(int value) => new(value);

    /// <summary>Widens an integer.</summary>
    /// <param name="value">The integer.</param>
    public static implicit operator Int128(ushort value) => new(value);

    /// <summary>Widens an integer.</summary>
    /// <param name="value">The integer.</param>
    public static implicit operator Int128(uint value) => new(value);

    /// <summary>Widens an integer.</summary>
    /// <param name="value">The integer.</param>
    public static implicit operator Int128(long value) => new(value);

    /// <summary>Widens an integer.</summary>
    /// <param name="value">The integer.</param>
    public static implicit operator Int128(ulong value) => new(value);

    /// <summary>Takes the low 64 bits.</summary>
    /// <param name="value">The integer.</param>
    public static explicit operator ulong(Int128 value) => (ulong)(value.value & ulong.MaxValue);

    /// <summary>Takes the low 64 bits.</summary>
    /// <param name="value">The integer.</param>
    public static explicit operator long(Int128 value) => unchecked((long)(ulong)value);

    /// <summary>Takes the low 32 bits.</summary>
    /// <param name="value">The integer.</param>
    public static explicit operator uint(Int128 value) => unchecked((uint)(ulong)value);

    /// <summary>Takes the low 32 bits.</summary>
    /// <param name="value">The integer.</param>
    public static explicit operator int(Int128 value) => unchecked((int)(ulong)value);

    /// <summary>Takes the low 16 bits.</summary>
    /// <param name="value">The integer.</param>
    public static explicit operator ushort(Int128 value) => unchecked((ushort)(ulong)value);

    /// <summary>The negated number.</summary>
    /// <param name="value">The integer.</param>
    public static Int128 operator -(Int128 value) => new(-value.value);

    /// <summary>The sum of two numbers.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static Int128 operator +(Int128 left, Int128 right) => new(left.value + right.value);

    /// <summary>The difference of two numbers.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">What is taken from it.</param>
    public static Int128 operator -(Int128 left, Int128 right) => new(left.value - right.value);

    /// <summary>Moves bits up. None of them reaches the sign: callers know how wide their values are.</summary>
    /// <param name="value">The integer.</param>
    /// <param name="count">By how many.</param>
    public static Int128 operator <<(Int128 value, int count) => new(value.value << count);

    /// <summary>Whether two numbers are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(Int128 left, Int128 right) => left.value == right.value;

    /// <summary>Whether two numbers differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(Int128 left, Int128 right) => left.value != right.value;

    /// <summary>Whether one number is below another.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator <(Int128 left, Int128 right) => left.value < right.value;

    /// <summary>Whether one number is above another.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator >(Int128 left, Int128 right) => left.value > right.value;

    /// <summary>Whether one number is not above another.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator <=(Int128 left, Int128 right) => left.value <= right.value;

    /// <summary>Whether one number is not below another.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator >=(Int128 left, Int128 right) => left.value >= right.value;

    /// <inheritdoc/>
    public bool Equals(Int128 other) => value == other.value;

    /// <inheritdoc/>
    public int CompareTo(Int128 other) => value.CompareTo(other.value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Int128 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode();

    /// <summary>The number in decimal.</summary>
    /// <param name="provider">How a culture writes numbers.</param>
    /// <returns>Its digits, with a sign in front of a negative one.</returns>
    public string ToString(IFormatProvider provider) => value.ToString(provider);

    /// <inheritdoc/>
    public override string ToString() => ToString(CultureInfo.InvariantCulture);
}
