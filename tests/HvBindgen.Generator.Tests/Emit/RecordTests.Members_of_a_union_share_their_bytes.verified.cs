// record-union/Records.g.cs
namespace Fixture;

/// <summary><c>union value</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>record-union.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct value
{
    /// <summary><c>__u64 as_u64</c>: bytes 0 to 7.</summary>
    [FieldOffset(0)]
    public ulong as_u64;

    /// <summary><c>double as_double</c>: bytes 0 to 7.</summary>
    [FieldOffset(0)]
    public double as_double;

    /// <summary><c>__u8 bytes[12]</c>: bytes 0 to 11.</summary>
    [FieldOffset(0)]
    public Array12<byte> bytes;

    /// <summary><c>struct halves</c>: bytes 0 to 7.</summary>
    [FieldOffset(0)]
    public halves_t halves;

    /// <summary>Type of <c>value.halves</c>: 8 bytes, aligned to 4.</summary>
    public struct halves_t
    {
        /// <summary><c>__u32 low</c>: bytes 0 to 3.</summary>
        public uint low;

        /// <summary><c>__u32 high</c>: bytes 4 to 7.</summary>
        public uint high;
    }
}

/// <summary><c>either_t</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>record-union.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public unsafe struct either_t
{
    /// <summary><c>int number</c>: bytes 0 to 3.</summary>
    [FieldOffset(0)]
    public int number;

    /// <summary><c>void *pointer</c>: bytes 0 to 7.</summary>
    [FieldOffset(0)]
    public void* pointer;
}
