// array-flexible/Records.g.cs
namespace Fixture;

/// <summary><c>struct entry</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>array-flexible.h, x86_64.</remarks>
public struct entry
{
    /// <summary><c>__u16 key</c>: bytes 0 to 1.</summary>
    public ushort key;

    /// <summary><c>__u32 value</c>: bytes 4 to 7.</summary>
    public uint value;
}

/// <summary><c>struct list</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>array-flexible.h, x86_64.</remarks>
public unsafe struct list
{
    /// <summary><c>__u32 count</c>: bytes 0 to 3.</summary>
    public uint count;

    /// <summary>Where the elements of <c>struct entry entries[]</c> start, in bytes from the start of the record.</summary>
    public const int entries_offset = 4;

    /// <summary>Bytes that a record with a number of elements of <c>struct entry entries[]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize(int count) => System.Math.Max(4, checked(4 + (count * sizeof(entry))));

    /// <summary>The elements of <c>struct entry entries[]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<entry> entries(System.Span<byte> record) => MemoryMarshal.Cast<byte, entry>(record.Slice(entries_offset));

    /// <summary>The first element of <c>struct entry entries[]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static entry* entries(list* record) => (entry*)((byte*)record + entries_offset);
}

/// <summary><c>struct zero</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>array-flexible.h, x86_64.</remarks>
public unsafe struct zero
{
    /// <summary><c>__u64 count</c>: bytes 0 to 7.</summary>
    public ulong count;

    /// <summary>Where the elements of <c>__u64 words[0]</c> start, in bytes from the start of the record.</summary>
    public const int words_offset = 8;

    /// <summary>Bytes that a record with a number of elements of <c>__u64 words[0]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize(int count) => System.Math.Max(8, checked(8 + (count * sizeof(ulong))));

    /// <summary>The elements of <c>__u64 words[0]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<ulong> words(System.Span<byte> record) => MemoryMarshal.Cast<byte, ulong>(record.Slice(words_offset));

    /// <summary>The first element of <c>__u64 words[0]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static ulong* words(zero* record) => (ulong*)((byte*)record + words_offset);
}

/// <summary><c>struct one</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>array-flexible.h, x86_64.</remarks>
public struct one
{
    /// <summary><c>__u32 count</c>: bytes 0 to 3.</summary>
    public uint count;

    /// <summary><c>__u32 words[1]</c>: bytes 4 to 7.</summary>
    public Array1<uint> words;
}

/// <summary><c>struct tail</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>array-flexible.h, x86_64.</remarks>
public unsafe struct tail
{
    /// <summary><c>__u64 wide</c>: bytes 0 to 7.</summary>
    public ulong wide;

    /// <summary><c>__u8 count</c>: byte 8.</summary>
    public byte count;

    /// <summary>Where the elements of <c>__u8 data[]</c> start, in bytes from the start of the record.</summary>
    public const int data_offset = 9;

    /// <summary>Bytes that a record with a number of elements of <c>__u8 data[]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize(int count) => System.Math.Max(16, checked(9 + (count * sizeof(byte))));

    /// <summary>The elements of <c>__u8 data[]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<byte> data(System.Span<byte> record) => MemoryMarshal.Cast<byte, byte>(record.Slice(data_offset));

    /// <summary>The first element of <c>__u8 data[]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static byte* data(tail* record) => (byte*)((byte*)record + data_offset);
}

/// <summary><c>struct inline_items</c>: 1 byte, aligned to 1.</summary>
/// <remarks>array-flexible.h, x86_64.</remarks>
public unsafe struct inline_items
{
    /// <summary><c>__u8 count</c>: byte 0.</summary>
    public byte count;

    /// <summary>Where the elements of <c>struct items[]</c> start, in bytes from the start of the record.</summary>
    public const int items_offset = 1;

    /// <summary>Bytes that a record with a number of elements of <c>struct items[]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize(int count) => System.Math.Max(1, checked(1 + (count * sizeof(items_t))));

    /// <summary>The elements of <c>struct items[]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<items_t> items(System.Span<byte> record) => MemoryMarshal.Cast<byte, items_t>(record.Slice(items_offset));

    /// <summary>The first element of <c>struct items[]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static items_t* items(inline_items* record) => (items_t*)((byte*)record + items_offset);

    /// <summary>Type of <c>inline_items.items</c>: 4 bytes, aligned to 2.</summary>
    public struct items_t
    {
        /// <summary><c>__u8 kind</c>: byte 0.</summary>
        public byte kind;

        /// <summary><c>__u16 size</c>: bytes 2 to 3.</summary>
        public ushort size;
    }
}

/// <summary><c>struct pointers</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>array-flexible.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public unsafe struct pointers
{
    /// <summary><c>__u32 count</c>: bytes 0 to 3.</summary>
    [FieldOffset(0)]
    public uint count;

    /// <summary>Where the elements of <c>void *items[]</c> start, in bytes from the start of the record.</summary>
    public const int items_offset = 8;

    /// <summary>Bytes that a record with a number of elements of <c>void *items[]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize(int count) => System.Math.Max(8, checked(8 + (count * sizeof(nint))));

    /// <summary>The elements of <c>void *items[]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<nint> items(System.Span<byte> record) => MemoryMarshal.Cast<byte, nint>(record.Slice(items_offset));

    /// <summary>The first element of <c>void *items[]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static nint* items(pointers* record) => (nint*)((byte*)record + items_offset);
}

/// <summary><c>struct rows</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>array-flexible.h, x86_64.</remarks>
public unsafe struct rows
{
    /// <summary><c>__u32 count</c>: bytes 0 to 3.</summary>
    public uint count;

    /// <summary>Where the elements of <c>__u32 cells[][4]</c> start, in bytes from the start of the record.</summary>
    public const int cells_offset = 4;

    /// <summary>Bytes that a record with a number of elements of <c>__u32 cells[][4]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize(int count) => System.Math.Max(4, checked(4 + (count * sizeof(Array4<uint>))));

    /// <summary>The elements of <c>__u32 cells[][4]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<Array4<uint>> cells(System.Span<byte> record) => MemoryMarshal.Cast<byte, Array4<uint>>(record.Slice(cells_offset));

    /// <summary>The first element of <c>__u32 cells[][4]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static Array4<uint>* cells(rows* record) => (Array4<uint>*)((byte*)record + cells_offset);
}
