// enum-kinds/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>LOOSE_A</c>, an enumerator. enum-kinds.h, x86_64.</summary>
    public const int LOOSE_A = 7;

    /// <summary><c>LOOSE_B</c>, an enumerator. enum-kinds.h, x86_64.</summary>
    public const int LOOSE_B = 8;

    /// <summary><c>LOOSE_MINUS</c>, an enumerator. enum-kinds.h, x86_64.</summary>
    public const int LOOSE_MINUS = -3;

    /// <summary><c>LOOSE_WIDE</c>, an enumerator. enum-kinds.h, x86_64.</summary>
    public const ulong LOOSE_WIDE = 0xffffffffffffffff;

    /// <summary><c>INNER_A</c>, an enumerator. enum-kinds.h, x86_64.</summary>
    public const int INNER_A = 3;
}

// enum-kinds/Enums.g.cs
namespace Fixture;

/// <summary><c>enum plain</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>enum-kinds.h, x86_64.</remarks>
public enum plain : uint
{
    /// <summary><c>PLAIN_A</c>, 0.</summary>
    PLAIN_A = 0,

    /// <summary><c>PLAIN_B</c>, 5.</summary>
    PLAIN_B = 5,

    /// <summary><c>PLAIN_C</c>, 6.</summary>
    PLAIN_C = 6,
}

/// <summary><c>enum negative</c>, a C <c>int</c>.</summary>
/// <remarks>enum-kinds.h, x86_64.</remarks>
public enum negative : int
{
    /// <summary><c>NEGATIVE_LOW</c>, -2147483648.</summary>
    NEGATIVE_LOW = -2147483648,

    /// <summary><c>NEGATIVE_HIGH</c>, 2147483647.</summary>
    NEGATIVE_HIGH = 0x7fffffff,
}

/// <summary><c>enum high</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>enum-kinds.h, x86_64.</remarks>
public enum high : uint
{
    /// <summary><c>HIGH_BIT</c>, 2147483648.</summary>
    HIGH_BIT = 0x80000000,
}

/// <summary><c>enum wide</c>, a C <c>unsigned long</c>.</summary>
/// <remarks>enum-kinds.h, x86_64.</remarks>
public enum wide : ulong
{
    /// <summary><c>WIDE_BIT</c>, 9223372036854775808.</summary>
    WIDE_BIT = 0x8000000000000000,

    /// <summary><c>WIDE_NONE</c>, 0.</summary>
    WIDE_NONE = 0,
}

/// <summary><c>enum wide_negative</c>, a C <c>long</c>.</summary>
/// <remarks>enum-kinds.h, x86_64.</remarks>
public enum wide_negative : long
{
    /// <summary><c>WIDE_MINUS</c>, -1.</summary>
    WIDE_MINUS = -1,

    /// <summary><c>WIDE_PLUS</c>, 1099511627776.</summary>
    WIDE_PLUS = 0x10000000000,
}

/// <summary><c>enum tiny</c>, a C <c>unsigned char</c>.</summary>
/// <remarks>enum-kinds.h, x86_64.</remarks>
public enum tiny : byte
{
    /// <summary><c>TINY_A</c>, 0.</summary>
    TINY_A = 0,

    /// <summary><c>TINY_B</c>, 255.</summary>
    TINY_B = 255,
}

/// <summary><c>enum fixed</c>, a C <c>unsigned char</c>.</summary>
/// <remarks>enum-kinds.h, x86_64.</remarks>
public enum @fixed : byte
{
    /// <summary><c>FIXED_A</c>, 0.</summary>
    FIXED_A = 0,

    /// <summary><c>FIXED_Z</c>, 200.</summary>
    FIXED_Z = 200,
}

/// <summary><c>aliased_t</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>enum-kinds.h, x86_64.</remarks>
public enum aliased_t : uint
{
    /// <summary><c>ALIASED_A</c>, 1.</summary>
    ALIASED_A = 1,
}

// enum-kinds/Records.g.cs
namespace Fixture;

/// <summary><c>struct user</c>: 20 bytes, aligned to 4.</summary>
/// <remarks>enum-kinds.h, x86_64.</remarks>
public struct user
{
    /// <summary><c>enum plain plain</c>: bytes 0 to 3.</summary>
    public plain plain;

    /// <summary><c>plain_t again</c>: bytes 4 to 7.</summary>
    public plain again;

    /// <summary><c>enum tiny tiny</c>: byte 8.</summary>
    public tiny tiny;

    /// <summary><c>enum fixed fixed</c>: byte 9.</summary>
    public @fixed @fixed;

    /// <summary><c>aliased_t aliased</c>: bytes 12 to 15.</summary>
    public aliased_t aliased;

    /// <summary><c>unsigned int inner</c>: bytes 16 to 19.</summary>
    public uint inner;
}
