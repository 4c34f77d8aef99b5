using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace HvBindgen.Templates;

/// <summary>Reads and writes the bits of a bit-field within the smallest integer that covers them.</summary>
internal static class BitField
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Unsigned(ulong window, int shift, int width) => (window >> shift) & Mask(width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long Signed(ulong window, int shift, int width) => (long)(window << (64 - shift - width)) >> (64 - width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Insert(ulong window, int shift, int width, ulong value)
    {
        if (value > Mask(width))
        {
            ThrowTooWide(width);
        }

        return (window & ~(Mask(width) << shift)) | (value << shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Insert(ulong window, int shift, int width, long value)
    {
        if (value << (64 - width) >> (64 - width) != value)
        {
            ThrowTooWide(width);
        }

        return (window & ~(Mask(width) << shift)) | (((ulong)value & Mask(width)) << shift);
    }

    // For fields that no integer within the record covers: up to 9 bytes, one after the other, least significant first.
    internal static ulong Unsigned(ReadOnlySpan<byte> bytes, int shift, int width)
    {
        UInt128 window = 0;
        for (int index = bytes.Length - 1; index >= 0; index--)
        {
            window = (window << 8) | bytes[index];
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
        for (int index = 0; index < bytes.Length; index++)
        {
            bytes[index] = (byte)((bytes[index] & ~(byte)(mask >> (8 * index))) | (byte)(bits >> (8 * index)));
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
