// bitfield-after-bytes/Records.g.cs
namespace Fixture;

/// <summary><c>struct mixed</c>: 12 bytes, aligned to 4.</summary>
/// <remarks>bitfield-after-bytes.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 12)]
public struct mixed
{
    [FieldOffset(0)]
    private uint bits_0_4;
    [FieldOffset(6)]
    private byte bits_6_1;
    [FieldOffset(8)]
    private byte bits_8_1;

    /// <summary><c>__u8 tag</c>: byte 0.</summary>
    [FieldOffset(0)]
    public byte tag;

    /// <summary><c>__u32 bits:24</c>: bits 8 to 31.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 24 bits.</exception>
    public uint bits
    {
        readonly get => (uint)BitField.Unsigned(bits_0_4, 8, 24);
        set => bits_0_4 = (uint)BitField.Insert(bits_0_4, 8, 24, (ulong)value);
    }

    /// <summary><c>__u16 half</c>: bytes 4 to 5.</summary>
    [FieldOffset(4)]
    public ushort half;

    /// <summary><c>__u8 nibble:4</c>: bits 48 to 51.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 4 bits.</exception>
    public byte nibble
    {
        readonly get => (byte)BitField.Unsigned(bits_6_1, 0, 4);
        set => bits_6_1 = (byte)BitField.Insert(bits_6_1, 0, 4, (ulong)value);
    }

    /// <summary><c>__u8 byte</c>: byte 7.</summary>
    [FieldOffset(7)]
    public byte @byte;

    /// <summary><c>__u32 tail:8</c>: bits 64 to 71.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 8 bits.</exception>
    public uint tail
    {
        readonly get => (uint)BitField.Unsigned(bits_8_1, 0, 8);
        set => bits_8_1 = (byte)BitField.Insert(bits_8_1, 0, 8, (ulong)value);
    }
}
