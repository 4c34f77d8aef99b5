// bitfield-holes/Records.g.cs
namespace Fixture;

/// <summary><c>struct holes</c>: 16 bytes, aligned to 4.</summary>
/// <remarks>bitfield-holes.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct holes
{
    [FieldOffset(0)]
    private byte bits_0_1;
    [FieldOffset(1)]
    private byte bits_1_1;
    [FieldOffset(4)]
    private byte bits_4_1;
    [FieldOffset(5)]
    private byte bits_5_1;

    /// <summary><c>__u32 a:3</c>: bits 0 to 2.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 3 bits.</exception>
    public uint a
    {
        readonly get => (uint)BitField.Unsigned(bits_0_1, 0, 3);
        set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 0, 3, (ulong)value);
    }

    /// <summary><c>__u32 b:4</c>: bits 8 to 11.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 4 bits.</exception>
    public uint b
    {
        readonly get => (uint)BitField.Unsigned(bits_1_1, 0, 4);
        set => bits_1_1 = (byte)BitField.Insert(bits_1_1, 0, 4, (ulong)value);
    }

    /// <summary><c>__u32 c:1</c>: bit 32.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 1 bit.</exception>
    public uint c
    {
        readonly get => (uint)BitField.Unsigned(bits_4_1, 0, 1);
        set => bits_4_1 = (byte)BitField.Insert(bits_4_1, 0, 1, (ulong)value);
    }

    /// <summary><c>__u8 d:2</c>: bits 40 to 41.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 2 bits.</exception>
    public byte d
    {
        readonly get => (byte)BitField.Unsigned(bits_5_1, 0, 2);
        set => bits_5_1 = (byte)BitField.Insert(bits_5_1, 0, 2, (ulong)value);
    }
}
