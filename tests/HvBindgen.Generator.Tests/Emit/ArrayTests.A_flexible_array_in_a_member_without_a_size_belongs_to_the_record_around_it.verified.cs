// array-flexible-in-empty-member/Records.g.cs
namespace Fixture;

/// <summary><c>struct payload</c>: 0 bytes in C; C# has no type without a size, so use it only behind a pointer.</summary>
/// <remarks>array-flexible-in-empty-member.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 1)]
public unsafe struct payload
{
    /// <summary>Where the elements of <c>__u16 words[]</c> start, in bytes from the start of the record.</summary>
    public const int words_offset = 0;

    /// <summary>Bytes that a record with a number of elements of <c>__u16 words[]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize(int count) => System.Math.Max(0, checked(0 + (count * sizeof(ushort))));

    /// <summary>The elements of <c>__u16 words[]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<ushort> words(System.Span<byte> record) => MemoryMarshal.Cast<byte, ushort>(record.Slice(words_offset));

    /// <summary>The first element of <c>__u16 words[]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static ushort* words(payload* record) => (ushort*)((byte*)record + words_offset);
}

/// <summary><c>struct packet</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>array-flexible-in-empty-member.h, x86_64.</remarks>
public unsafe struct packet
{
    /// <summary><c>__u32 count</c>: bytes 0 to 3.</summary>
    public uint count;

    /// <summary><c>__u32 tail_words</c>: bytes 4 to 7.</summary>
    public uint tail_words;

    /// <summary>Where the elements of <c>__u16 tail.words[]</c> start, in bytes from the start of the record.</summary>
    public const int tail_words__offset = 8;

    /// <summary>Bytes that a record with a number of elements of <c>__u16 tail.words[]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize(int count) => System.Math.Max(8, checked(8 + (count * sizeof(ushort))));

    /// <summary>The elements of <c>__u16 tail.words[]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<ushort> tail_words_(System.Span<byte> record) => MemoryMarshal.Cast<byte, ushort>(record.Slice(tail_words__offset));

    /// <summary>The first element of <c>__u16 tail.words[]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static ushort* tail_words_(packet* record) => (ushort*)((byte*)record + tail_words__offset);
}

/// <summary><c>struct entries</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>array-flexible-in-empty-member.h, x86_64.</remarks>
public unsafe struct entries
{
    /// <summary><c>__u32 count</c>: bytes 0 to 3.</summary>
    public uint count;

    /// <summary>Where the elements of <c>struct list.item[0]</c> start, in bytes from the start of the record.</summary>
    public const int list_item_offset = 4;

    /// <summary>Bytes that a record with a number of elements of <c>struct list.item[0]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize(int count) => System.Math.Max(4, checked(4 + (count * sizeof(list_item_t))));

    /// <summary>The elements of <c>struct list.item[0]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<list_item_t> list_item(System.Span<byte> record) => MemoryMarshal.Cast<byte, list_item_t>(record.Slice(list_item_offset));

    /// <summary>The first element of <c>struct list.item[0]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static list_item_t* list_item(entries* record) => (list_item_t*)((byte*)record + list_item_offset);

    /// <summary>Type of <c>entries.list.item</c>: 2 bytes, aligned to 1.</summary>
    public struct list_item_t
    {
        /// <summary><c>__u8 kind</c>: byte 0.</summary>
        public byte kind;

        /// <summary><c>__u8 size</c>: byte 1.</summary>
        public byte size;
    }
}

/// <summary><c>struct choice</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>array-flexible-in-empty-member.h, x86_64.</remarks>
public unsafe struct choice
{
    /// <summary><c>__u64 count</c>: bytes 0 to 7.</summary>
    public ulong count;

    /// <summary>Where the elements of <c>__u16 as.words.words[]</c> start, in bytes from the start of the record.</summary>
    public const int as_words_words_offset = 8;

    /// <summary>Bytes that a record with a number of elements of <c>__u16 as.words.words[]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize_as_words_words(int count) => System.Math.Max(8, checked(8 + (count * sizeof(ushort))));

    /// <summary>The elements of <c>__u16 as.words.words[]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<ushort> as_words_words(System.Span<byte> record) => MemoryMarshal.Cast<byte, ushort>(record.Slice(as_words_words_offset));

    /// <summary>The first element of <c>__u16 as.words.words[]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static ushort* as_words_words(choice* record) => (ushort*)((byte*)record + as_words_words_offset);

    /// <summary>Where the elements of <c>__u8 as.bytes[0]</c> start, in bytes from the start of the record.</summary>
    public const int as_bytes_offset = 8;

    /// <summary>Bytes that a record with a number of elements of <c>__u8 as.bytes[0]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize_as_bytes(int count) => System.Math.Max(8, checked(8 + (count * sizeof(byte))));

    /// <summary>The elements of <c>__u8 as.bytes[0]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<byte> as_bytes(System.Span<byte> record) => MemoryMarshal.Cast<byte, byte>(record.Slice(as_bytes_offset));

    /// <summary>The first element of <c>__u8 as.bytes[0]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static byte* as_bytes(choice* record) => (byte*)((byte*)record + as_bytes_offset);
}
