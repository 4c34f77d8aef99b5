// bitfield-packed/Records.g.cs
namespace Fixture;

/// <summary><c>struct nine_bytes</c>: 9 bytes, aligned to 1.</summary>
/// <remarks>bitfield-packed.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 9)]
public struct nine_bytes
{
    [FieldOffset(0)]
    private byte bits_0_1;
    [FieldOffset(0)]
    private Array9<byte> bits_0_9;
    [FieldOffset(8)]
    private byte bits_8_1;

    /// <summary><c>__u8 lead:4</c>: bits 0 to 3.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 4 bits.</exception>
    public byte lead
    {
        readonly get => (byte)BitField.Unsigned(bits_0_1, 0, 4);
        set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 0, 4, (ulong)value);
    }

    /// <summary><c>__u64 wide:64</c>: bits 4 to 67.</summary>
    public ulong wide
    {
        readonly get => BitField.Unsigned(bits_0_9, 4, 64);
        set => BitField.Insert(bits_0_9, 4, 64, (ulong)value);
    }

    /// <summary><c>__u8 tail:4</c>: bits 68 to 71.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 4 bits.</exception>
    public byte tail
    {
        readonly get => (byte)BitField.Unsigned(bits_8_1, 4, 4);
        set => bits_8_1 = (byte)BitField.Insert(bits_8_1, 4, 4, (ulong)value);
    }
}

/// <summary><c>struct three_bytes</c>: 3 bytes, aligned to 1.</summary>
/// <remarks>bitfield-packed.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 3, Pack = 1)]
public struct three_bytes
{
    [FieldOffset(0)]
    private byte bits_0_1;
    [FieldOffset(0)]
    private ushort bits_0_2;
    [FieldOffset(1)]
    private ushort bits_1_2;

    /// <summary><c>__u8 a:5</c>: bits 0 to 4.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 5 bits.</exception>
    public byte a
    {
        readonly get => (byte)BitField.Unsigned(bits_0_1, 0, 5);
        set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 0, 5, (ulong)value);
    }

    /// <summary><c>__u8 b:4</c>: bits 5 to 8.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 4 bits.</exception>
    public byte b
    {
        readonly get => (byte)BitField.Unsigned(bits_0_2, 5, 4);
        set => bits_0_2 = (ushort)BitField.Insert(bits_0_2, 5, 4, (ulong)value);
    }

    /// <summary><c>__s16 c:15</c>: bits 9 to 23.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 15 bits.</exception>
    public short c
    {
        readonly get => (short)BitField.Signed(bits_1_2, 1, 15);
        set => bits_1_2 = (ushort)BitField.Insert(bits_1_2, 1, 15, (long)value);
    }
}

/// <summary><c>struct five_bytes</c>: 5 bytes, aligned to 1.</summary>
/// <remarks>bitfield-packed.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 5, Pack = 1)]
public struct five_bytes
{
    [FieldOffset(1)]
    private byte bits_1_1;
    [FieldOffset(1)]
    private uint bits_1_4;
    [FieldOffset(4)]
    private byte bits_4_1;

    /// <summary><c>__u8 tag</c>: byte 0.</summary>
    [FieldOffset(0)]
    public byte tag;

    /// <summary><c>__u32 low:5</c>: bits 8 to 12.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 5 bits.</exception>
    public uint low
    {
        readonly get => (uint)BitField.Unsigned(bits_1_1, 0, 5);
        set => bits_1_1 = (byte)BitField.Insert(bits_1_1, 0, 5, (ulong)value);
    }

    /// <summary><c>__u32 middle:25</c>: bits 13 to 37.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 25 bits.</exception>
    public uint middle
    {
        readonly get => (uint)BitField.Unsigned(bits_1_4, 5, 25);
        set => bits_1_4 = (uint)BitField.Insert(bits_1_4, 5, 25, (ulong)value);
    }

    /// <summary><c>__u32 high:2</c>: bits 38 to 39.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 2 bits.</exception>
    public uint high
    {
        readonly get => (uint)BitField.Unsigned(bits_4_1, 6, 2);
        set => bits_4_1 = (byte)BitField.Insert(bits_4_1, 6, 2, (ulong)value);
    }
}

/// <summary><c>struct signed_nine</c>: 9 bytes, aligned to 1.</summary>
/// <remarks>bitfield-packed.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 9)]
public struct signed_nine
{
    [FieldOffset(0)]
    private byte bits_0_1;
    [FieldOffset(0)]
    private Array9<byte> bits_0_9;
    [FieldOffset(8)]
    private byte bits_8_1;

    /// <summary><c>__u8 lead:1</c>: bit 0.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 1 bit.</exception>
    public byte lead
    {
        readonly get => (byte)BitField.Unsigned(bits_0_1, 0, 1);
        set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 0, 1, (ulong)value);
    }

    /// <summary><c>__s64 wide:64</c>: bits 1 to 64.</summary>
    public long wide
    {
        readonly get => BitField.Signed(bits_0_9, 1, 64);
        set => BitField.Insert(bits_0_9, 1, 64, (long)value);
    }

    /// <summary><c>__u8 tail:7</c>: bits 65 to 71.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 7 bits.</exception>
    public byte tail
    {
        readonly get => (byte)BitField.Unsigned(bits_8_1, 1, 7);
        set => bits_8_1 = (byte)BitField.Insert(bits_8_1, 1, 7, (ulong)value);
    }
}
