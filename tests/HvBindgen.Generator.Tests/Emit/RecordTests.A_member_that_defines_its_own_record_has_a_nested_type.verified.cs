// record-named-inner/Records.g.cs
namespace Fixture;

/// <summary><c>struct reply</c>: 36 bytes, aligned to 4.</summary>
/// <remarks>record-named-inner.h, x86_64.</remarks>
public struct reply
{
    /// <summary><c>int status</c>: bytes 0 to 3.</summary>
    public int status;

    /// <summary><c>struct point</c>: bytes 4 to 7.</summary>
    public point_t point;

    /// <summary>Type of <c>reply.point</c>: 4 bytes, aligned to 2.</summary>
    public struct point_t
    {
        /// <summary><c>short x</c>: bytes 0 to 1.</summary>
        public short x;

        /// <summary><c>char y</c>: byte 2.</summary>
        public byte y;
    }

    /// <summary><c>union value</c>: bytes 8 to 11.</summary>
    public value_t value;

    /// <summary>Type of <c>reply.value</c>: 4 bytes, aligned to 4.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 4)]
    public struct value_t
    {
        /// <summary><c>int whole</c>: bytes 0 to 3.</summary>
        [FieldOffset(0)]
        public int whole;

        /// <summary><c>char parts[4]</c>: bytes 0 to 3.</summary>
        [FieldOffset(0)]
        public Array4<byte> parts;
    }

    /// <summary><c>struct rows[3]</c>: bytes 12 to 35.</summary>
    public Array3<rows_t> rows;

    /// <summary>Type of <c>reply.rows</c>: 8 bytes, aligned to 4.</summary>
    public struct rows_t
    {
        /// <summary><c>char tag</c>: byte 0.</summary>
        public byte tag;

        /// <summary><c>struct inner</c>: bytes 4 to 7.</summary>
        public inner_t inner;

        /// <summary>Type of <c>reply.rows.inner</c>: 4 bytes, aligned to 4.</summary>
        public struct inner_t
        {
            /// <summary><c>int deep</c>: bytes 0 to 3.</summary>
            public int deep;
        }
    }
}
