using System.Diagnostics.CodeAnalysis;

namespace HvBindgen.Templates;

/// <summary>Reads and writes bit-fields that no integer within the record covers: up to 9 bytes, most significant first.</summary>
internal static class BigEndianBits
{
    internal static ulong Unsigned(ReadOnlySpan<byte> bytes, int shift, int width)
    {
        UInt128 window = 0;
        foreach (byte part in bytes)
        {
            window = (window << 8) | part;
        }

        return (ulong)(window >> shift) & Mask(width);
    }

    internal static long Signed(ReadOnlySpan<byte> bytes, int shift, int width) =>
        (long)(Unsigned(bytes, shift, width) << (64 - width)) >> (64 - width);

    internal static void Insert(Span<byte> bytes, int shift, int width, ulong value)
    {
        if (value > Mask(width))
        {
            ThrowTooWide(width);
        }

        UInt128 mask = (UInt128)Mask(width) << shift;
        UInt128 bits = (UInt128)value << shift;
        for (int index = bytes.Length - 1; index >= 0; index--)
        {
            bytes[index] = (byte)((bytes[index] & ~(byte)mask) | (byte)bits);
            mask >>= 8;
            bits >>= 8;
        }
    }

    internal static void Insert(Span<byte> bytes, int shift, int width, long value)
    {
        if (value << (64 - width) >> (64 - width) != value)
        {
            ThrowTooWide(width);
        }

        Insert(bytes, shift, width, (ulong)value & Mask(width));
    }

    private static ulong Mask(int width) => ulong.MaxValue >> (64 - width);

    [DoesNotReturn]
    private static void ThrowTooWide(int width) => throw new ArgumentOutOfRangeException("value", $"The bit-field has {width} bits.");
}
