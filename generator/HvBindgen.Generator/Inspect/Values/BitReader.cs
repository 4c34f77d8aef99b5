namespace HvBindgen.Generator.Inspect.Values;

/// <summary>Takes integers out of bytes at any bit, never from outside of them.</summary>
internal static class BitReader
{
    /// <summary>Reads an unsigned integer of up to 128 bits.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="offsetBits">First bit.</param>
    /// <param name="widthBits">Number of bits, 1 to 128.</param>
    /// <param name="isLittleEndian">Byte order; with the other one, bits too are counted from the most significant.</param>
    /// <returns>The number; null where the bytes end before it.</returns>
    internal static UInt128? Read(ReadOnlySpan<byte> bytes, long offsetBits, long widthBits, bool isLittleEndian)
    {
        if (offsetBits < 0 || widthBits is < 1 or > 128 || offsetBits > (bytes.Length * 8L) - widthBits)
        {
            return null;
        }

        UInt128 value = 0;
        for (long bit = 0; bit < widthBits; bit++)
        {
            long at = offsetBits + bit;
            int shift = (int)(isLittleEndian ? at % 8 : 7 - (at % 8));
            UInt128 one = (UInt128)((bytes[(int)(at / 8)] >> shift) & 1);
            value |= isLittleEndian ? one << (int)bit : one << (int)(widthBits - 1 - bit);
        }

        return value;
    }

    /// <summary>The number with the sign that its highest bit stands for.</summary>
    internal static Int128 WithSign(UInt128 value, long widthBits) =>
        widthBits < 128 && (value >> (int)(widthBits - 1) & 1) != 0 ? (Int128)value - (Int128.One << (int)widthBits) : (Int128)value;
}
