// record-without-members/Records.g.cs
namespace Fixture;

/// <summary><c>union holes</c>: 6 bytes, aligned to 1; what is in them is not described.</summary>
/// <remarks>record-without-members.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 6)]
public struct holes
{
    /// <summary>All that is known of the record.</summary>
    [FieldOffset(0)]
    public Array6<byte> bytes;
}

/// <summary><c>union around</c>: 16 bytes, aligned to 4.</summary>
/// <remarks>record-without-members.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct around
{
    [FieldOffset(0)]
    private byte bits_0_1;

    /// <summary><c>unsigned char flag:1</c>: bit 0.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 1 bit.</exception>
    public byte flag
    {
        readonly get => (byte)BitField.Unsigned(bits_0_1, 0, 1);
        set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 0, 1, (ulong)value);
    }

    /// <summary><c>unsigned int number</c>: bytes 0 to 3.</summary>
    [FieldOffset(0)]
    public uint number;

    /// <summary><c>unsigned char first[16]</c>: bytes 0 to 15.</summary>
    [FieldOffset(0)]
    public Array16<byte> first;

    /// <summary><c>union holes holes</c>: bytes 0 to 5.</summary>
    [FieldOffset(0)]
    public holes holes;

    /// <summary><c>unsigned char second[16]</c>: bytes 0 to 15.</summary>
    [FieldOffset(0)]
    public Array16<byte> second;
}
