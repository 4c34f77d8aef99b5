// record-anonymous-members/Records.g.cs
namespace Fixture;

/// <summary><c>struct page</c>: 32 bytes, aligned to 8.</summary>
/// <remarks>record-anonymous-members.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct page
{
    /// <summary><c>__u32 valid</c>: bytes 0 to 3.</summary>
    [FieldOffset(0)]
    public uint valid;

    /// <summary><c>__u64 low</c>: bytes 8 to 15.</summary>
    [FieldOffset(8)]
    public ulong low;

    /// <summary><c>__u32 rip</c>: bytes 16 to 19.</summary>
    [FieldOffset(16)]
    public uint rip;

    /// <summary><c>__u32 flags</c>: bytes 20 to 23.</summary>
    [FieldOffset(20)]
    public uint flags;

    /// <summary><c>__u64 both</c>: bytes 16 to 23.</summary>
    [FieldOffset(16)]
    public ulong both;

    /// <summary><c>__u8 raw[16]</c>: bytes 8 to 23.</summary>
    [FieldOffset(8)]
    public Array16<byte> raw;

    /// <summary><c>__u32 end</c>: bytes 24 to 27.</summary>
    [FieldOffset(24)]
    public uint end;
}
