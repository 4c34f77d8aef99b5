// record-struct-group/Records.g.cs
namespace Fixture;

/// <summary><c>struct packet</c>: 16 bytes, aligned to 4.</summary>
/// <remarks>record-struct-group.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct packet
{
    /// <summary><c>__u16 type</c>: bytes 0 to 1.</summary>
    [FieldOffset(0)]
    public ushort type;

    /// <summary><c>__u16 id</c>: bytes 4 to 5.</summary>
    [FieldOffset(4)]
    public ushort id;

    /// <summary><c>__u32 length</c>: bytes 8 to 11.</summary>
    [FieldOffset(8)]
    public uint length;

    /// <summary><c>struct packet_head head</c>: bytes 4 to 11.</summary>
    [FieldOffset(4)]
    public packet_head head;

    /// <summary><c>__u8 ttl</c>: byte 12.</summary>
    [FieldOffset(12)]
    public byte ttl;

    /// <summary><c>__u8 hops</c>: byte 13.</summary>
    [FieldOffset(13)]
    public byte hops;

    /// <summary><c>struct tail</c>: bytes 12 to 13.</summary>
    [FieldOffset(12)]
    public tail_t tail;

    /// <summary>Type of <c>packet.tail</c>: 2 bytes, aligned to 1.</summary>
    public struct tail_t
    {
        /// <summary><c>__u8 ttl</c>: byte 0.</summary>
        public byte ttl;

        /// <summary><c>__u8 hops</c>: byte 1.</summary>
        public byte hops;
    }
}

/// <summary><c>struct packet_head</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>record-struct-group.h, x86_64.</remarks>
public struct packet_head
{
    /// <summary><c>__u16 id</c>: bytes 0 to 1.</summary>
    public ushort id;

    /// <summary><c>__u32 length</c>: bytes 4 to 7.</summary>
    public uint length;
}
