// record-plain/Records.g.cs
namespace Fixture;

/// <summary><c>struct region</c>: 32 bytes, aligned to 8.</summary>
/// <remarks>record-plain.h, x86_64.</remarks>
public unsafe struct region
{
    /// <summary><c>__u64 start</c>: bytes 0 to 7.</summary>
    public ulong start;

    /// <summary><c>__u32 pages</c>: bytes 8 to 11.</summary>
    public uint pages;

    /// <summary><c>__u8 flags</c>: byte 12.</summary>
    public byte flags;

    /// <summary><c>__u8 node</c>: byte 13.</summary>
    public byte node;

    /// <summary><c>__u16 padding</c>: bytes 14 to 15.</summary>
    public ushort padding;

    /// <summary><c>void *owner</c>: bytes 16 to 23.</summary>
    public void* owner;

    /// <summary><c>char *name</c>: bytes 24 to 31.</summary>
    public byte* name;
}
