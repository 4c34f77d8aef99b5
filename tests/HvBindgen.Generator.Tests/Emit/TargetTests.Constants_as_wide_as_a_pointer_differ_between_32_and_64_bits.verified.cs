// targets-long/Constants.X64.g.cs
namespace Fixture.X64;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>BIT_COUNT</c>, a C <c>unsigned long</c>. targets-long.h, x86_64.</summary>
    public const ulong BIT_COUNT = 64;

    /// <summary><c>ALL_ONES</c>, a C <c>unsigned long</c>. targets-long.h, x86_64.</summary>
    public const ulong ALL_ONES = 0xffffffffffffffff;

    /// <summary><c>SMALL_LONG</c>, a C <c>long</c>. targets-long.h, x86_64.</summary>
    public const long SMALL_LONG = 1;
}

// targets-long/Constants.X86.g.cs
namespace Fixture.X86;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>BIT_COUNT</c>, a C <c>unsigned int</c>. targets-long.h, i686.</summary>
    public const uint BIT_COUNT = 32;

    /// <summary><c>ALL_ONES</c>, a C <c>unsigned long</c>. targets-long.h, i686.</summary>
    public const uint ALL_ONES = 0xffffffff;

    /// <summary><c>SMALL_LONG</c>, a C <c>long</c>. targets-long.h, i686.</summary>
    public const int SMALL_LONG = 1;
}

// targets-long/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>PLAIN</c>, a C <c>int</c>. targets-long.h, x86_64, i686.</summary>
    public const int PLAIN = 1;
}
