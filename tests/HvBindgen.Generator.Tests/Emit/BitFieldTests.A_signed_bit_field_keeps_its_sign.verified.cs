// bitfield-signed/Records.g.cs
namespace Fixture;

/// <summary><c>struct signs</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>bitfield-signed.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct signs
{
    [FieldOffset(0)]
    private byte bits_0_1;
    [FieldOffset(1)]
    private byte bits_1_1;
    [FieldOffset(0)]
    private ulong bits_0_8;
    [FieldOffset(8)]
    private uint bits_8_4;

    /// <summary><c>int small:5</c>: bits 0 to 4.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 5 bits.</exception>
    public int small
    {
        readonly get => (int)BitField.Signed(bits_0_1, 0, 5);
        set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 0, 5, (long)value);
    }

    /// <summary><c>int bit:1</c>: bit 5.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 1 bit.</exception>
    public int bit
    {
        readonly get => (int)BitField.Signed(bits_0_1, 5, 1);
        set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 5, 1, (long)value);
    }

    /// <summary><c>signed char tiny:3</c>: bits 8 to 10.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 3 bits.</exception>
    public sbyte tiny
    {
        readonly get => (sbyte)BitField.Signed(bits_1_1, 0, 3);
        set => bits_1_1 = (byte)BitField.Insert(bits_1_1, 0, 3, (long)value);
    }

    /// <summary><c>__s64 wide:40</c>: bits 11 to 50.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 40 bits.</exception>
    public long wide
    {
        readonly get => BitField.Signed(bits_0_8, 11, 40);
        set => bits_0_8 = BitField.Insert(bits_0_8, 11, 40, (long)value);
    }

    /// <summary><c>int whole:32</c>: bits 64 to 95.</summary>
    public int whole
    {
        readonly get => (int)BitField.Signed(bits_8_4, 0, 32);
        set => bits_8_4 = (uint)BitField.Insert(bits_8_4, 0, 32, (long)value);
    }
}
