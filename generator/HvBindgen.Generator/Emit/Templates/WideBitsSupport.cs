using System.Diagnostics.CodeAnalysis;

namespace HvBindgen.Templates;

/// <summary>Reads and writes bit-fields of a 128-bit type: within an integer that covers them, or byte by byte, up to 17 of them.</summary>
internal static class WideBits
{
    internal static UInt128 Unsigned(ulong window, int shift, int width) => (window >> shift) & Mask(width);

    internal static Int128 Signed(ulong window, int shift, int width) => Extend((window >> shift) & Mask(width), width);

    internal static ulong Insert(ulong window, int shift, int width, UInt128 value)
    {
        Require(value, width);
        return (window & ~((ulong)Mask(width) << shift)) | ((ulong)value << shift);
    }

    internal static ulong Insert(ulong window, int shift, int width, Int128 value)
    {
        Require(value, width);
        return Insert(window, shift, width, (UInt128)value & Mask(width));
    }

    internal static UInt128 Unsigned(ReadOnlySpan<byte> bytes, int shift, int width, bool isBigEndian)
    {
        UInt128 value = 0;
        for (int index = 0; index < bytes.Length; index++)
        {
            UInt128 part = bytes[isBigEndian ? bytes.Length - 1 - index : index];
            int place = (8 * index) - shift;
            value |= place < 0 ? part >> -place : part << place;
        }

        return value & Mask(width);
    }

    internal static Int128 Signed(ReadOnlySpan<byte> bytes, int shift, int width, bool isBigEndian) =>
        Extend(Unsigned(bytes, shift, width, isBigEndian), width);

    internal static void Insert(Span<byte> bytes, int shift, int width, UInt128 value, bool isBigEndian)
    {
        Require(value, width);
        for (int index = 0; index < bytes.Length; index++)
        {
            ref byte part = ref bytes[isBigEndian ? bytes.Length - 1 - index : index];
            int place = (8 * index) - shift;
            byte mask = (byte)(place < 0 ? Mask(width) << -place : Mask(width) >> place);
            part = (byte)((part & ~mask) | ((byte)(place < 0 ? value << -place : value >> place) & mask));
        }
    }

    internal static void Insert(Span<byte> bytes, int shift, int width, Int128 value, bool isBigEndian)
    {
        Require(value, width);
        Insert(bytes, shift, width, (UInt128)value & Mask(width), isBigEndian);
    }

    private static UInt128 Mask(int width) => UInt128.MaxValue >> (128 - width);

    private static Int128 Extend(UInt128 value, int width) => (Int128)(value << (128 - width)) >> (128 - width);

    private static void Require(UInt128 value, int width)
    {
        if (value > Mask(width))
        {
            ThrowTooWide(width);
        }
    }

    private static void Require(Int128 value, int width)
    {
        if (Extend((UInt128)value, width) != value)
        {
            ThrowTooWide(width);
        }
    }

    [DoesNotReturn]
    private static void ThrowTooWide(int width) => throw new ArgumentOutOfRangeException("value", $"The bit-field has {width} bits.");
}
