// constant-integers/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>NUMBER</c>, a C <c>int</c>. constant-integers.h, x86_64.</summary>
    public const int NUMBER = 42;

    /// <summary><c>MINUS</c>, a C <c>int</c>. constant-integers.h, x86_64.</summary>
    public const int MINUS = -1;

    /// <summary><c>SMALLEST</c>, a C <c>int</c>. constant-integers.h, x86_64.</summary>
    public const int SMALLEST = -2147483648;

    /// <summary><c>SMALLEST_LONG</c>, a C <c>long long</c>. constant-integers.h, x86_64.</summary>
    public const long SMALLEST_LONG = long.MinValue;

    /// <summary><c>UNSIGNED</c>, a C <c>unsigned int</c>. constant-integers.h, x86_64.</summary>
    public const uint UNSIGNED = 42;

    /// <summary><c>LONG</c>, a C <c>long</c>. constant-integers.h, x86_64.</summary>
    public const long LONG = 42;

    /// <summary><c>WIDE</c>, a C <c>unsigned long long</c>. constant-integers.h, x86_64.</summary>
    public const ulong WIDE = 0xffffffffffffffff;

    /// <summary><c>HEXADECIMAL</c>, a C <c>unsigned int</c>. constant-integers.h, x86_64.</summary>
    public const uint HEXADECIMAL = 0x80000000;

    /// <summary><c>OCTAL</c>, a C <c>int</c>. constant-integers.h, x86_64.</summary>
    public const int OCTAL = 493;

    /// <summary><c>SHIFTED</c>, a C <c>unsigned long</c>. constant-integers.h, x86_64.</summary>
    public const ulong SHIFTED = 0x10000000000;

    /// <summary><c>SHIFTED_BY_UNSIGNED</c>, a C <c>int</c>. constant-integers.h, x86_64.</summary>
    public const int SHIFTED_BY_UNSIGNED = 8;

    /// <summary><c>PAGE_SIZE</c>, a C <c>unsigned long</c>. constant-integers.h, x86_64.</summary>
    public const ulong PAGE_SIZE = 0x1000;

    /// <summary><c>PAGE_MASK</c>, a C <c>unsigned long</c>. constant-integers.h, x86_64.</summary>
    public const ulong PAGE_MASK = 0xfffffffffffff000;

    /// <summary><c>CAST</c>, a C <c>unsigned char</c>. constant-integers.h, x86_64.</summary>
    public const byte CAST = 255;

    /// <summary><c>CAST_SHORT</c>, a C <c>short</c>. constant-integers.h, x86_64.</summary>
    public const short CAST_SHORT = -1;

    /// <summary><c>SIZE</c>, a C <c>unsigned long</c>. constant-integers.h, x86_64.</summary>
    public const ulong SIZE = 16;

    /// <summary><c>LETTER</c>, a C <c>int</c>. constant-integers.h, x86_64.</summary>
    public const int LETTER = 65;

    /// <summary><c>LETTERS</c>, a C <c>int</c>. constant-integers.h, x86_64.</summary>
    public const int LETTERS = 0x4142;

    /// <summary><c>TRUTH</c>, a C <c>int</c>. constant-integers.h, x86_64.</summary>
    public const int TRUTH = 1;

    /// <summary><c>BOOLEAN</c>, a C <c>_Bool</c>. constant-integers.h, x86_64.</summary>
    public const bool BOOLEAN = true;

    /// <summary><c>CHARACTER</c>, a C <c>char</c>. constant-integers.h, x86_64.</summary>
    public const sbyte CHARACTER = -56;

    /// <summary><c>ALIAS</c>, a C <c>int</c>. constant-integers.h, x86_64.</summary>
    public const int ALIAS = 9;

    /// <summary><c>ENUM_SUM</c>, a C <c>int</c>. constant-integers.h, x86_64.</summary>
    public const int ENUM_SUM = 12;

    /// <summary><c>CAST_ENUM</c>, a C <c>unsigned int</c>. constant-integers.h, x86_64.</summary>
    public const uint CAST_ENUM = 9;

    /// <summary><c>CHOICE</c>, a C <c>int</c>. constant-integers.h, x86_64.</summary>
    public const int CHOICE = 1;

    /// <summary><c>ORDER_FIRST</c>, a C <c>int</c>. constant-integers.h, x86_64.</summary>
    public const int ORDER_FIRST = 3;

    /// <summary><c>CONTINUED</c>, a C <c>int</c>. constant-integers.h, x86_64.</summary>
    public const int CONTINUED = 3;
}

// constant-integers/Enums.g.cs
namespace Fixture;

/// <summary><c>enum order</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>constant-integers.h, x86_64.</remarks>
public enum order : uint
{
    /// <summary><c>ORDER_FIRST</c>, 3.</summary>
    ORDER_FIRST = 3,

    /// <summary><c>ORDER_LAST</c>, 9.</summary>
    ORDER_LAST = 9,
}

// constant-integers/Records.g.cs
namespace Fixture;

/// <summary><c>struct sized</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>constant-integers.h, x86_64.</remarks>
public unsafe struct sized
{
    /// <summary><c>__u32 a</c>: bytes 0 to 3.</summary>
    public uint a;

    /// <summary><c>__u64 b</c>: bytes 8 to 15.</summary>
    public ulong b;

    /// <summary>Where the elements of <c>__u8 tail[]</c> start, in bytes from the start of the record.</summary>
    public const int tail_offset = 16;

    /// <summary>Bytes that a record with a number of elements of <c>__u8 tail[]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize(int count) => System.Math.Max(16, checked(16 + (count * sizeof(byte))));

    /// <summary>The elements of <c>__u8 tail[]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<byte> tail(System.Span<byte> record) => MemoryMarshal.Cast<byte, byte>(record.Slice(tail_offset));

    /// <summary>The first element of <c>__u8 tail[]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static byte* tail(sized* record) => (byte*)((byte*)record + tail_offset);
}
