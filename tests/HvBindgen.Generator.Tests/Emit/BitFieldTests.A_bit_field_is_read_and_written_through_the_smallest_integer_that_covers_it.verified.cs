// bitfield-crosses-byte/Records.g.cs
namespace Fixture;

/// <summary><c>struct crossing</c>: 12 bytes, aligned to 4.</summary>
/// <remarks>bitfield-crosses-byte.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 12)]
public struct crossing
{
    [FieldOffset(0)]
    private byte bits_0_1;
    [FieldOffset(0)]
    private ushort bits_0_2;
    [FieldOffset(1)]
    private byte bits_1_1;
    [FieldOffset(4)]
    private uint bits_4_4;
    [FieldOffset(6)]
    private ushort bits_6_2;
    [FieldOffset(8)]
    private byte bits_8_1;

    /// <summary><c>__u16 first:3</c>: bits 0 to 2.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 3 bits.</exception>
    public ushort first
    {
        readonly get => (ushort)BitField.Unsigned(bits_0_1, 0, 3);
        set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 0, 3, (ulong)value);
    }

    /// <summary><c>__u16 second:7</c>: bits 3 to 9.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 7 bits.</exception>
    public ushort second
    {
        readonly get => (ushort)BitField.Unsigned(bits_0_2, 3, 7);
        set => bits_0_2 = (ushort)BitField.Insert(bits_0_2, 3, 7, (ulong)value);
    }

    /// <summary><c>__u16 third:6</c>: bits 10 to 15.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 6 bits.</exception>
    public ushort third
    {
        readonly get => (ushort)BitField.Unsigned(bits_1_1, 2, 6);
        set => bits_1_1 = (byte)BitField.Insert(bits_1_1, 2, 6, (ulong)value);
    }

    /// <summary><c>__u32 page:20</c>: bits 32 to 51.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 20 bits.</exception>
    public uint page
    {
        readonly get => (uint)BitField.Unsigned(bits_4_4, 0, 20);
        set => bits_4_4 = (uint)BitField.Insert(bits_4_4, 0, 20, (ulong)value);
    }

    /// <summary><c>__u32 low:12</c>: bits 52 to 63.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 12 bits.</exception>
    public uint low
    {
        readonly get => (uint)BitField.Unsigned(bits_6_2, 4, 12);
        set => bits_6_2 = (ushort)BitField.Insert(bits_6_2, 4, 12, (ulong)value);
    }

    /// <summary><c>__u8 alone:1</c>: bit 64.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 1 bit.</exception>
    public byte alone
    {
        readonly get => (byte)BitField.Unsigned(bits_8_1, 0, 1);
        set => bits_8_1 = (byte)BitField.Insert(bits_8_1, 0, 1, (ulong)value);
    }
}
