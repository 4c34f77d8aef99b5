// enum-bit-positions/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>DEMO_PT_BIT_LAPIC</c>, an enumerator. enum-bit-positions.h, x86_64.</summary>
    public const int DEMO_PT_BIT_LAPIC = 0;

    /// <summary><c>DEMO_PT_BIT_X2APIC</c>, an enumerator. enum-bit-positions.h, x86_64.</summary>
    public const int DEMO_PT_BIT_X2APIC = 1;

    /// <summary><c>DEMO_PT_BIT_4K</c>, an enumerator. enum-bit-positions.h, x86_64.</summary>
    public const int DEMO_PT_BIT_4K = 33;

    /// <summary><c>DEMO_PT_BIT_COUNT</c>, an enumerator. enum-bit-positions.h, x86_64.</summary>
    public const int DEMO_PT_BIT_COUNT = 34;

    /// <summary><c>DEMO_OTHER_BIT_A</c>, an enumerator. enum-bit-positions.h, x86_64.</summary>
    public const int DEMO_OTHER_BIT_A = 0;

    /// <summary><c>DEMO_OTHER_BIT_B</c>, an enumerator. enum-bit-positions.h, x86_64.</summary>
    public const int DEMO_OTHER_BIT_B = 1;

    /// <summary><c>DEMO_PT_FLAGS_MASK</c>, a C <c>unsigned long long</c>. enum-bit-positions.h, x86_64.</summary>
    public const ulong DEMO_PT_FLAGS_MASK = 0x3ffffffff;
}

// enum-bit-positions/Enums.g.cs
namespace Fixture;

/// <summary>The flags whose bit positions are <c>DEMO_PT_BIT_*</c>.</summary>
/// <remarks>enum-bit-positions.h, x86_64.</remarks>
[System.Flags]
public enum DEMO_PT_FLAGS : ulong
{
    /// <summary><c>DEMO_PT_BIT_LAPIC</c>, 1.</summary>
    LAPIC = 1,

    /// <summary><c>DEMO_PT_BIT_X2APIC</c>, 2.</summary>
    X2APIC = 2,

    /// <summary><c>DEMO_PT_BIT_4K</c>, 8589934592.</summary>
    _4K = 0x200000000,
}

/// <summary><c>enum demo_access</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>enum-bit-positions.h, x86_64.</remarks>
public enum demo_access : uint
{
    /// <summary><c>DEMO_ACCESS_BIT_READ</c>, 0.</summary>
    DEMO_ACCESS_BIT_READ = 0,

    /// <summary><c>DEMO_ACCESS_BIT_WRITE</c>, 1.</summary>
    DEMO_ACCESS_BIT_WRITE = 1,

    /// <summary><c>DEMO_ACCESS_BIT_COUNT</c>, 2.</summary>
    DEMO_ACCESS_BIT_COUNT = 2,
}

/// <summary>The flags whose bit positions are <c>DEMO_ACCESS_BIT_*</c>.</summary>
/// <remarks>enum-bit-positions.h, x86_64.</remarks>
[System.Flags]
public enum DEMO_ACCESS_FLAGS : uint
{
    /// <summary><c>DEMO_ACCESS_BIT_READ</c>, 1.</summary>
    READ = 1,

    /// <summary><c>DEMO_ACCESS_BIT_WRITE</c>, 2.</summary>
    WRITE = 2,
}
