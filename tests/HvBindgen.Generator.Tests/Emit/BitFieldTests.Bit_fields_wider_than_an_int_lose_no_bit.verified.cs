// bitfield-wide/Records.g.cs
namespace Fixture;

/// <summary><c>struct wide</c>: 24 bytes, aligned to 8.</summary>
/// <remarks>bitfield-wide.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 24)]
public struct wide
{
    [FieldOffset(0)]
    private byte bits_0_1;
    [FieldOffset(0)]
    private ushort bits_0_2;
    [FieldOffset(0)]
    private ulong bits_0_8;
    [FieldOffset(8)]
    private uint bits_8_4;
    [FieldOffset(16)]
    private ulong bits_16_8;

    /// <summary><c>__u64 present:1</c>: bit 0.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 1 bit.</exception>
    public ulong present
    {
        readonly get => BitField.Unsigned(bits_0_1, 0, 1);
        set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 0, 1, (ulong)value);
    }

    /// <summary><c>__u64 ignored:11</c>: bits 1 to 11.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 11 bits.</exception>
    public ulong ignored
    {
        readonly get => BitField.Unsigned(bits_0_2, 1, 11);
        set => bits_0_2 = (ushort)BitField.Insert(bits_0_2, 1, 11, (ulong)value);
    }

    /// <summary><c>__u64 page:52</c>: bits 12 to 63.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 52 bits.</exception>
    public ulong page
    {
        readonly get => BitField.Unsigned(bits_0_8, 12, 52);
        set => bits_0_8 = BitField.Insert(bits_0_8, 12, 52, (ulong)value);
    }

    /// <summary><c>__u32 error:32</c>: bits 64 to 95.</summary>
    public uint error
    {
        readonly get => (uint)BitField.Unsigned(bits_8_4, 0, 32);
        set => bits_8_4 = (uint)BitField.Insert(bits_8_4, 0, 32, (ulong)value);
    }

    /// <summary><c>__u64 whole:64</c>: bits 128 to 191.</summary>
    public ulong whole
    {
        readonly get => BitField.Unsigned(bits_16_8, 0, 64);
        set => bits_16_8 = BitField.Insert(bits_16_8, 0, 64, (ulong)value);
    }
}
