// record-over-aligned/Records.g.cs
namespace Fixture;

/// <summary><c>struct line</c>: 64 bytes, aligned to 64.</summary>
/// <remarks>record-over-aligned.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct line : IOverAligned
{
    /// <summary>Alignment that C gives the record, in bytes; C# gives it less.</summary>
    public static int AlignmentBytes => 64;

    /// <summary><c>__u32 words[4]</c>: bytes 0 to 15.</summary>
    [FieldOffset(0)]
    public Array4<uint> words;
}

/// <summary><c>struct pair</c>: 128 bytes, aligned to 64.</summary>
/// <remarks>record-over-aligned.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 128)]
public struct pair : IOverAligned
{
    /// <summary>Alignment that C gives the record, in bytes; C# gives it less.</summary>
    public static int AlignmentBytes => 64;

    /// <summary><c>__u8 tag</c>: byte 0.</summary>
    [FieldOffset(0)]
    public byte tag;

    /// <summary><c>struct line line</c>: bytes 64 to 127.</summary>
    [FieldOffset(64)]
    public line line;
}

/// <summary><c>struct wire</c>: 67 bytes, aligned to 1.</summary>
/// <remarks>record-over-aligned.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 67, Pack = 1)]
public struct wire
{
    /// <summary><c>__u8 tag</c>: byte 0.</summary>
    [FieldOffset(0)]
    public byte tag;

    /// <summary><c>struct line line</c>: bytes 1 to 64.</summary>
    [FieldOffset(1)]
    public line line;

    /// <summary><c>__u16 end</c>: bytes 65 to 66.</summary>
    [FieldOffset(65)]
    public ushort end;
}

/// <summary><c>struct member</c>: 32 bytes, aligned to 16.</summary>
/// <remarks>record-over-aligned.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct member : IOverAligned
{
    /// <summary>Alignment that C gives the record, in bytes; C# gives it less.</summary>
    public static int AlignmentBytes => 16;

    /// <summary><c>__u8 tag</c>: byte 0.</summary>
    [FieldOffset(0)]
    public byte tag;

    /// <summary><c>__u32 word</c>: bytes 16 to 19.</summary>
    [FieldOffset(16)]
    public uint word;
}

/// <summary><c>struct loose</c>: 12 bytes, aligned to 4.</summary>
/// <remarks>record-over-aligned.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 12, Pack = 4)]
public struct loose
{
    /// <summary><c>__u32 first</c>: bytes 0 to 3.</summary>
    [FieldOffset(0)]
    public uint first;

    /// <summary><c>loose_u64 wide</c>: bytes 4 to 11.</summary>
    [FieldOffset(4)]
    public ulong wide;
}
