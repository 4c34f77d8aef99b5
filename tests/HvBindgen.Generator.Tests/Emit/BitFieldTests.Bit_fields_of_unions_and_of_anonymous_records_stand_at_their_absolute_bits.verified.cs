// bitfield-union/Records.g.cs
namespace Fixture;

/// <summary><c>union state</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>bitfield-union.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct state
{
    [FieldOffset(0)]
    private byte bits_0_1;
    [FieldOffset(0)]
    private ushort bits_0_2;
    [FieldOffset(4)]
    private uint bits_4_4;

    /// <summary><c>__u64 as_u64</c>: bytes 0 to 7.</summary>
    [FieldOffset(0)]
    public ulong as_u64;

    /// <summary><c>__u64 kind:4</c>: bits 0 to 3.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 4 bits.</exception>
    public ulong kind
    {
        readonly get => BitField.Unsigned(bits_0_1, 0, 4);
        set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 0, 4, (ulong)value);
    }

    /// <summary><c>__u64 vector:8</c>: bits 4 to 11.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 8 bits.</exception>
    public ulong vector
    {
        readonly get => BitField.Unsigned(bits_0_2, 4, 8);
        set => bits_0_2 = (ushort)BitField.Insert(bits_0_2, 4, 8, (ulong)value);
    }

    /// <summary><c>__u64 error:32</c>: bits 32 to 63.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 32 bits.</exception>
    public ulong error
    {
        readonly get => BitField.Unsigned(bits_4_4, 0, 32);
        set => bits_4_4 = (uint)BitField.Insert(bits_4_4, 0, 32, (ulong)value);
    }

    /// <summary><c>__u8 low:2</c>: bits 0 to 1.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 2 bits.</exception>
    public byte low
    {
        readonly get => (byte)BitField.Unsigned(bits_0_1, 0, 2);
        set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 0, 2, (ulong)value);
    }

    /// <summary><c>struct named</c>: bytes 0 to 3.</summary>
    [FieldOffset(0)]
    public named_t named;

    /// <summary>Type of <c>state.named</c>: 4 bytes, aligned to 4.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 4)]
    public struct named_t
    {
        [FieldOffset(0)]
        private byte bits_0_1;
        [FieldOffset(0)]
        private uint bits_0_4;

        /// <summary><c>__u32 valid:1</c>: bit 0.</summary>
        /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 1 bit.</exception>
        public uint valid
        {
            readonly get => (uint)BitField.Unsigned(bits_0_1, 0, 1);
            set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 0, 1, (ulong)value);
        }

        /// <summary><c>__u32 other:31</c>: bits 1 to 31.</summary>
        /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 31 bits.</exception>
        public uint other
        {
            readonly get => (uint)BitField.Unsigned(bits_0_4, 1, 31);
            set => bits_0_4 = (uint)BitField.Insert(bits_0_4, 1, 31, (ulong)value);
        }
    }
}

/// <summary><c>struct holder</c>: 5 bytes, aligned to 1.</summary>
/// <remarks>bitfield-union.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 5, Pack = 1)]
public struct holder
{
    [FieldOffset(1)]
    private ushort bits_1_2;
    [FieldOffset(3)]
    private byte bits_3_1;

    /// <summary><c>__u8 lead</c>: byte 0.</summary>
    [FieldOffset(0)]
    public byte lead;

    /// <summary><c>__u16 x:9</c>: bits 8 to 16.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 9 bits.</exception>
    public ushort x
    {
        readonly get => (ushort)BitField.Unsigned(bits_1_2, 0, 9);
        set => bits_1_2 = (ushort)BitField.Insert(bits_1_2, 0, 9, (ulong)value);
    }

    /// <summary><c>__u8 y:3</c>: bits 24 to 26.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 3 bits.</exception>
    public byte y
    {
        readonly get => (byte)BitField.Unsigned(bits_3_1, 0, 3);
        set => bits_3_1 = (byte)BitField.Insert(bits_3_1, 0, 3, (ulong)value);
    }

    /// <summary><c>__u8 z:6</c>: bits 24 to 29.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 6 bits.</exception>
    public byte z
    {
        readonly get => (byte)BitField.Unsigned(bits_3_1, 0, 6);
        set => bits_3_1 = (byte)BitField.Insert(bits_3_1, 0, 6, (ulong)value);
    }
}
