// array-kinds/Records.g.cs
namespace Fixture;

/// <summary><c>struct cell</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>array-kinds.h, x86_64.</remarks>
public struct cell
{
    /// <summary><c>__u8 kind</c>: byte 0.</summary>
    public byte kind;

    /// <summary><c>__u32 data</c>: bytes 4 to 7.</summary>
    public uint data;
}

/// <summary><c>struct arrays</c>: 192 bytes, aligned to 16.</summary>
/// <remarks>array-kinds.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 192)]
public struct arrays : IOverAligned
{
    /// <summary>Alignment that C gives the record, in bytes; C# gives it less.</summary>
    public static int AlignmentBytes => 16;

    /// <summary><c>char text[5]</c>: bytes 0 to 4.</summary>
    [FieldOffset(0)]
    public Array5<byte> text;

    /// <summary><c>__u32 grid[2][3]</c>: bytes 8 to 31.</summary>
    [FieldOffset(8)]
    public Array2<Array3<uint>> grid;

    /// <summary><c>struct cell cells[2][2]</c>: bytes 32 to 63.</summary>
    [FieldOffset(32)]
    public Array2<Array2<cell>> cells;

    /// <summary><c>struct cell *rows[3]</c>: bytes 64 to 87.</summary>
    [FieldOffset(64)]
    public Array3<nint> rows;

    /// <summary><c>guid_t id</c>: bytes 88 to 103.</summary>
    [FieldOffset(88)]
    public Array16<byte> id;

    /// <summary><c>guid_t peers[2]</c>: bytes 104 to 135.</summary>
    [FieldOffset(104)]
    public Array2<Array16<byte>> peers;

    /// <summary><c>__u64 one[1]</c>: bytes 136 to 143.</summary>
    [FieldOffset(136)]
    public Array1<ulong> one;

    /// <summary><c>_Bool flags[4]</c>: bytes 144 to 147.</summary>
    [FieldOffset(144)]
    public Array4<byte> flags;

    /// <summary><c>long double wide[2]</c>: bytes 160 to 191.</summary>
    /// <remarks>Bytes, because C# has no type for 'long double'.</remarks>
    [FieldOffset(160)]
    public Array2<Array16<byte>> wide;
}
