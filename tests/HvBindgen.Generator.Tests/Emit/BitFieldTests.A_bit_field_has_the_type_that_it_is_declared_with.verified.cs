// bitfield-types/Enums.g.cs
namespace Fixture;

/// <summary><c>enum mode</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>bitfield-types.h, x86_64.</remarks>
public enum mode : uint
{
    /// <summary><c>MODE_OFF</c>, 0.</summary>
    MODE_OFF = 0,

    /// <summary><c>MODE_ON</c>, 1.</summary>
    MODE_ON = 1,

    /// <summary><c>MODE_AUTO</c>, 2.</summary>
    MODE_AUTO = 2,
}

/// <summary><c>enum sign</c>, a C <c>int</c>.</summary>
/// <remarks>bitfield-types.h, x86_64.</remarks>
public enum sign : int
{
    /// <summary><c>SIGN_MINUS</c>, -1.</summary>
    SIGN_MINUS = -1,

    /// <summary><c>SIGN_ZERO</c>, 0.</summary>
    SIGN_ZERO = 0,

    /// <summary><c>SIGN_PLUS</c>, 1.</summary>
    SIGN_PLUS = 1,
}

// bitfield-types/Records.g.cs
namespace Fixture;

/// <summary><c>struct typed</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>bitfield-types.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct typed
{
    [FieldOffset(0)]
    private byte bits_0_1;
    [FieldOffset(0)]
    private ushort bits_0_2;
    [FieldOffset(2)]
    private ushort bits_2_2;
    [FieldOffset(4)]
    private byte bits_4_1;

    /// <summary><c>enum mode mode:2</c>: bits 0 to 1.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 2 bits.</exception>
    public mode mode
    {
        readonly get => (mode)BitField.Unsigned(bits_0_1, 0, 2);
        set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 0, 2, (ulong)value);
    }

    /// <summary><c>enum sign sign:3</c>: bits 2 to 4.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 3 bits.</exception>
    public sign sign
    {
        readonly get => (sign)BitField.Signed(bits_0_1, 2, 3);
        set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 2, 3, (long)value);
    }

    /// <summary><c>_Bool on:1</c>: bit 5.</summary>
    public bool on
    {
        readonly get => BitField.Unsigned(bits_0_1, 5, 1) != 0;
        set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 5, 1, value ? 1UL : 0UL);
    }

    /// <summary><c>counter_t count:10</c>: bits 6 to 15.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 10 bits.</exception>
    public uint count
    {
        readonly get => (uint)BitField.Unsigned(bits_0_2, 6, 10);
        set => bits_0_2 = (ushort)BitField.Insert(bits_0_2, 6, 10, (ulong)value);
    }

    /// <summary><c>unsigned long size:16</c>: bits 16 to 31.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 16 bits.</exception>
    public ulong size
    {
        readonly get => BitField.Unsigned(bits_2_2, 0, 16);
        set => bits_2_2 = (ushort)BitField.Insert(bits_2_2, 0, 16, (ulong)value);
    }

    /// <summary><c>char letter:7</c>: bits 32 to 38.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 7 bits.</exception>
    public byte letter
    {
        readonly get => (byte)BitField.Unsigned(bits_4_1, 0, 7);
        set => bits_4_1 = (byte)BitField.Insert(bits_4_1, 0, 7, (ulong)value);
    }
}
