// record-packed/Records.g.cs
namespace Fixture;

/// <summary><c>struct header</c>: 13 bytes, aligned to 1.</summary>
/// <remarks>record-packed.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 13, Pack = 1)]
public struct header
{
    /// <summary><c>__u8 kind</c>: byte 0.</summary>
    [FieldOffset(0)]
    public byte kind;

    /// <summary><c>__u32 length</c>: bytes 1 to 4.</summary>
    [FieldOffset(1)]
    public uint length;

    /// <summary><c>__u64 address</c>: bytes 5 to 12.</summary>
    [FieldOffset(5)]
    public ulong address;
}

/// <summary><c>struct table</c>: 42 bytes, aligned to 2.</summary>
/// <remarks>record-packed.h, x86_64.</remarks>
public struct table
{
    /// <summary><c>__u8 count</c>: byte 0.</summary>
    public byte count;

    /// <summary><c>struct header entries[3]</c>: bytes 1 to 39.</summary>
    public Array3<header> entries;

    /// <summary><c>__u16 checksum</c>: bytes 40 to 41.</summary>
    public ushort checksum;
}

/// <summary><c>struct halfway</c>: 12 bytes, aligned to 2.</summary>
/// <remarks>record-packed.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 12, Pack = 2)]
public struct halfway
{
    /// <summary><c>__u8 kind</c>: byte 0.</summary>
    [FieldOffset(0)]
    public byte kind;

    /// <summary><c>__u64 address</c>: bytes 2 to 9.</summary>
    [FieldOffset(2)]
    public ulong address;

    /// <summary><c>__u8 end</c>: byte 10.</summary>
    [FieldOffset(10)]
    public byte end;
}

/// <summary><c>struct cells</c>: 26 bytes, aligned to 2.</summary>
/// <remarks>record-packed.h, x86_64.</remarks>
public struct cells
{
    /// <summary><c>__u8 first</c>: byte 0.</summary>
    public byte first;

    /// <summary><c>struct halfway cell[2]</c>: bytes 2 to 25.</summary>
    public Array2<halfway> cell;
}
