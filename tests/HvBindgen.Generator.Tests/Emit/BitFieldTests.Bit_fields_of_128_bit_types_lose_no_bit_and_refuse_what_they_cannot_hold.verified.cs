// bitfield-128/Records.g.cs
namespace Fixture;

/// <summary><c>struct wide128</c>: 16 bytes, aligned to 16.</summary>
/// <remarks>bitfield-128.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct wide128 : IOverAligned
{
    /// <summary>Alignment that C gives the record, in bytes; C# gives it less.</summary>
    public static int AlignmentBytes => 16;
    [FieldOffset(0)]
    private Array9<byte> bits_0_9;
    [FieldOffset(8)]
    private ulong bits_8_8;

    /// <summary><c>unsigned __int128 low:65</c>: bits 0 to 64.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 65 bits.</exception>
    public System.UInt128 low
    {
        readonly get => WideBits.Unsigned(bits_0_9, 0, 65, false);
        set => WideBits.Insert(bits_0_9, 0, 65, value, false);
    }

    /// <summary><c>unsigned __int128 high:63</c>: bits 65 to 127.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 63 bits.</exception>
    public System.UInt128 high
    {
        readonly get => WideBits.Unsigned(bits_8_8, 1, 63);
        set => bits_8_8 = WideBits.Insert(bits_8_8, 1, 63, value);
    }
}

/// <summary><c>struct packed128</c>: 16 bytes, aligned to 1.</summary>
/// <remarks>bitfield-128.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 16, Pack = 1)]
public struct packed128
{
    [FieldOffset(1)]
    private Array13<byte> bits_1_13;
    [FieldOffset(12)]
    private uint bits_12_4;

    /// <summary><c>unsigned char before</c>: byte 0.</summary>
    [FieldOffset(0)]
    public byte before;

    /// <summary><c>unsigned __int128 value:100</c>: bits 8 to 107.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 100 bits.</exception>
    public System.UInt128 value
    {
        readonly get => WideBits.Unsigned(bits_1_13, 0, 100, false);
        set => WideBits.Insert(bits_1_13, 0, 100, value, false);
    }

    /// <summary><c>__int128 sign:20</c>: bits 108 to 127.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 20 bits.</exception>
    public System.Int128 sign
    {
        readonly get => WideBits.Signed(bits_12_4, 12, 20);
        set => bits_12_4 = (uint)WideBits.Insert(bits_12_4, 12, 20, value);
    }
}

/// <summary><c>struct signed128</c>: 32 bytes, aligned to 16.</summary>
/// <remarks>bitfield-128.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct signed128 : IOverAligned
{
    /// <summary>Alignment that C gives the record, in bytes; C# gives it less.</summary>
    public static int AlignmentBytes => 16;
    [FieldOffset(0)]
    private ulong bits_0_8;
    [FieldOffset(5)]
    private Array11<byte> bits_5_11;
    [FieldOffset(16)]
    private Array16<byte> bits_16_16;

    /// <summary><c>__int128 small:40</c>: bits 0 to 39.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 40 bits.</exception>
    public System.Int128 small
    {
        readonly get => WideBits.Signed(bits_0_8, 0, 40);
        set => bits_0_8 = WideBits.Insert(bits_0_8, 0, 40, value);
    }

    /// <summary><c>__int128 rest:88</c>: bits 40 to 127.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 88 bits.</exception>
    public System.Int128 rest
    {
        readonly get => WideBits.Signed(bits_5_11, 0, 88, false);
        set => WideBits.Insert(bits_5_11, 0, 88, value, false);
    }

    /// <summary><c>__int128 whole:128</c>: bits 128 to 255.</summary>
    public System.Int128 whole
    {
        readonly get => WideBits.Signed(bits_16_16, 0, 128, false);
        set => WideBits.Insert(bits_16_16, 0, 128, value, false);
    }
}
