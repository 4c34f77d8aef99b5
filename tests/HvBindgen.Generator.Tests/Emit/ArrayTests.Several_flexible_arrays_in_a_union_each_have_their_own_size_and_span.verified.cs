// array-flexible-in-union/Records.g.cs
namespace Fixture;

/// <summary><c>struct message</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>array-flexible-in-union.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public unsafe struct message
{
    /// <summary><c>__u32 kind</c>: bytes 0 to 3.</summary>
    [FieldOffset(0)]
    public uint kind;

    /// <summary>Where the elements of <c>__u8 bytes[]</c> start, in bytes from the start of the record.</summary>
    public const int bytes_offset = 8;

    /// <summary>Bytes that a record with a number of elements of <c>__u8 bytes[]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize_bytes(int count) => System.Math.Max(16, checked(8 + (count * sizeof(byte))));

    /// <summary>The elements of <c>__u8 bytes[]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<byte> bytes(System.Span<byte> record) => MemoryMarshal.Cast<byte, byte>(record.Slice(bytes_offset));

    /// <summary>The first element of <c>__u8 bytes[]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static byte* bytes(message* record) => (byte*)((byte*)record + bytes_offset);

    /// <summary>Where the elements of <c>__u64 words[]</c> start, in bytes from the start of the record.</summary>
    public const int words_offset = 8;

    /// <summary>Bytes that a record with a number of elements of <c>__u64 words[]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize_words(int count) => System.Math.Max(16, checked(8 + (count * sizeof(ulong))));

    /// <summary>The elements of <c>__u64 words[]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<ulong> words(System.Span<byte> record) => MemoryMarshal.Cast<byte, ulong>(record.Slice(words_offset));

    /// <summary>The first element of <c>__u64 words[]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static ulong* words(message* record) => (ulong*)((byte*)record + words_offset);

    /// <summary><c>__u32 number</c>: bytes 8 to 11.</summary>
    [FieldOffset(8)]
    public uint number;
}

/// <summary><c>struct named_end</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>array-flexible-in-union.h, x86_64.</remarks>
public unsafe struct named_end
{
    /// <summary><c>__u32 count</c>: bytes 0 to 3.</summary>
    public uint count;

    /// <summary>Where the elements of <c>__u8 data.bytes[0]</c> start, in bytes from the start of the record.</summary>
    public const int data_bytes_offset = 4;

    /// <summary>Bytes that a record with a number of elements of <c>__u8 data.bytes[0]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize_data_bytes(int count) => System.Math.Max(4, checked(4 + (count * sizeof(byte))));

    /// <summary>The elements of <c>__u8 data.bytes[0]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<byte> data_bytes(System.Span<byte> record) => MemoryMarshal.Cast<byte, byte>(record.Slice(data_bytes_offset));

    /// <summary>The first element of <c>__u8 data.bytes[0]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static byte* data_bytes(named_end* record) => (byte*)((byte*)record + data_bytes_offset);

    /// <summary>Where the elements of <c>__u32 data.words[0]</c> start, in bytes from the start of the record.</summary>
    public const int data_words_offset = 4;

    /// <summary>Bytes that a record with a number of elements of <c>__u32 data.words[0]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize_data_words(int count) => System.Math.Max(4, checked(4 + (count * sizeof(uint))));

    /// <summary>The elements of <c>__u32 data.words[0]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<uint> data_words(System.Span<byte> record) => MemoryMarshal.Cast<byte, uint>(record.Slice(data_words_offset));

    /// <summary>The first element of <c>__u32 data.words[0]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static uint* data_words(named_end* record) => (uint*)((byte*)record + data_words_offset);
}

/// <summary><c>struct wrapper</c>: 24 bytes, aligned to 8.</summary>
/// <remarks>array-flexible-in-union.h, x86_64.</remarks>
public struct wrapper
{
    /// <summary><c>__u64 id</c>: bytes 0 to 7.</summary>
    public ulong id;

    /// <summary><c>struct message message</c>: bytes 8 to 23.</summary>
    public message message;
}
