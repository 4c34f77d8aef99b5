// constant-enumerators/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>EVENT_IN</c>, a C <c>int</c>. constant-enumerators.h, x86_64.</summary>
    public const int EVENT_IN = 1;

    /// <summary><c>EVENT_OUT</c>, a C <c>int</c>. constant-enumerators.h, x86_64.</summary>
    public const int EVENT_OUT = 4;

    /// <summary><c>EVENT_EDGE</c>, a C <c>unsigned int</c>. constant-enumerators.h, x86_64.</summary>
    public const uint EVENT_EDGE = 0x80000000;

    /// <summary><c>EVENT_BOTH</c>, a C <c>int</c>. constant-enumerators.h, x86_64.</summary>
    public const int EVENT_BOTH = 5;

    /// <summary><c>EVENT_ALL</c>, a C <c>unsigned int</c>. constant-enumerators.h, x86_64.</summary>
    public const uint EVENT_ALL = 0x80000005;

    /// <summary><c>EVENT_NOT</c>, a C <c>int</c>. constant-enumerators.h, x86_64.</summary>
    public const int EVENT_NOT = -2;

    /// <summary><c>EVENT_CAST</c>, a C <c>unsigned int</c>. constant-enumerators.h, x86_64.</summary>
    public const uint EVENT_CAST = 1;

    /// <summary><c>WIDE_LOW</c>, a C <c>int</c>. constant-enumerators.h, x86_64.</summary>
    public const int WIDE_LOW = 1;

    /// <summary><c>WIDE_HIGH</c>, a C <c>unsigned long</c>. constant-enumerators.h, x86_64.</summary>
    public const ulong WIDE_HIGH = 0x10000000000;

    /// <summary><c>BOTH_NEGATIVE</c>, a C <c>int</c>. constant-enumerators.h, x86_64.</summary>
    public const int BOTH_NEGATIVE = -1;

    /// <summary><c>HIDDEN_ONE</c>, a C <c>long</c>. constant-enumerators.h, x86_64.</summary>
    public const long HIDDEN_ONE = 7;

    /// <summary><c>HIDDEN_SUM</c>, a C <c>long</c>. constant-enumerators.h, x86_64.</summary>
    public const long HIDDEN_SUM = 8;
}

// constant-enumerators/Enums.g.cs
namespace Fixture;

/// <summary><c>enum event</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>constant-enumerators.h, x86_64.</remarks>
public enum @event : uint
{
    /// <summary><c>EVENT_IN</c>, 1.</summary>
    EVENT_IN = 1,

    /// <summary><c>EVENT_OUT</c>, 4.</summary>
    EVENT_OUT = 4,

    /// <summary><c>EVENT_EDGE</c>, 2147483648.</summary>
    EVENT_EDGE = 0x80000000,
}

/// <summary><c>enum wide</c>, a C <c>unsigned long</c>.</summary>
/// <remarks>constant-enumerators.h, x86_64.</remarks>
public enum wide : ulong
{
    /// <summary><c>WIDE_LOW</c>, 1.</summary>
    WIDE_LOW = 1,

    /// <summary><c>WIDE_HIGH</c>, 1099511627776.</summary>
    WIDE_HIGH = 0x10000000000,
}

/// <summary><c>enum both</c>, a C <c>long</c>.</summary>
/// <remarks>constant-enumerators.h, x86_64.</remarks>
public enum both : long
{
    /// <summary><c>BOTH_NEGATIVE</c>, -1.</summary>
    BOTH_NEGATIVE = -1,

    /// <summary><c>BOTH_HIGH</c>, 2147483648.</summary>
    BOTH_HIGH = 0x80000000,
}

/// <summary><c>enum hidden</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>constant-enumerators.h, x86_64.</remarks>
public enum hidden : uint
{
    /// <summary><c>HIDDEN_ONE</c>, 1.</summary>
    HIDDEN_ONE = 1,

    /// <summary><c>HIDDEN_TOP</c>, 2147483648.</summary>
    HIDDEN_TOP = 0x80000000,
}
