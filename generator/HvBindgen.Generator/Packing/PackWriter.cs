namespace HvBindgen.Generator.Packing;

/// <summary>Writes numbers of any size in as few bytes as they need.</summary>
internal sealed class PackWriter
{
    private readonly List<byte> bytes = [];

    internal int Length => bytes.Count;

    internal byte[] ToArray() => [.. bytes];

    internal void Byte(int value) => bytes.Add((byte)value);

    internal void Bytes(ReadOnlySpan<byte> value) => bytes.AddRange(value);

    internal void UInt32(int value) => Bytes(BitConverter.GetBytes(value));

    internal void Number(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Number((ulong)value);
    }

    // Seven bits a byte, the least significant first; the eighth says that more follow.
    internal void Number(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((int)(value & 0x7f | 0x80));
            value >>= 7;
        }

        Byte((int)value);
    }

    internal void Signed(long value) => Number((ulong)(value << 1 ^ value >> 63));

    /// <summary>An integer between -2^63 and 2^64, as constants and enumerators are.</summary>
    /// <exception cref="OverflowException">It is not.</exception>
    internal void Integer(Int128 value, int firstTag)
    {
        Byte(value < 0 ? firstTag + 1 : firstTag);
        Number(checked(value < 0 ? (ulong)(-1 - value) : (ulong)value));
    }
}
