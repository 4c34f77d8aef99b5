// constant-wide/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>WIDE_BIT</c>, a C <c>unsigned __int128</c>. constant-wide.h, x86_64.</summary>
    public static System.UInt128 WIDE_BIT => new System.UInt128(0x1000000000, 0);

    /// <summary><c>WIDE_ALL</c>, a C <c>unsigned __int128</c>. constant-wide.h, x86_64.</summary>
    public static System.UInt128 WIDE_ALL => new System.UInt128(0xffffffffffffffff, 0xffffffffffffffff);

    /// <summary><c>WIDE_NEGATIVE</c>, a C <c>__int128</c>. constant-wide.h, x86_64.</summary>
    public static System.Int128 WIDE_NEGATIVE => new System.Int128(0xfffffffffbffffff, 0xfffffffffffffffd);

    /// <summary><c>WIDE_SMALL</c>, a C <c>__int128</c>. constant-wide.h, x86_64.</summary>
    public static System.Int128 WIDE_SMALL => new System.Int128(0xffffffffffffffff, 0xfffffffffffffffb);

    /// <summary><c>WIDE_TWICE</c>, a C <c>unsigned __int128</c>. constant-wide.h, x86_64.</summary>
    public static System.UInt128 WIDE_TWICE => new System.UInt128(0x2000000000, 0);

    /// <summary><c>LONG_ZERO</c>, a C <c>long double</c>. constant-wide.h, x86_64.</summary>
    public const double LONG_ZERO = 0D;

    /// <summary><c>FITS_INT</c>, an enumerator. constant-wide.h, x86_64.</summary>
    public const int FITS_INT = 1;

    /// <summary><c>FITS_NO_INT</c>, an enumerator. constant-wide.h, x86_64.</summary>
    public const long FITS_NO_INT = 0x100000000;

    /// <summary><c>NEGATIVE_INT</c>, an enumerator. constant-wide.h, x86_64.</summary>
    public const int NEGATIVE_INT = -1;
}

// Left out:
// constant-wide.h:7:9: macro LONG_TINY: it is no number that a double holds
// constant-wide.h:8:9: macro LONG_HUGE: it is no number that a double holds
// constant-wide.h:9:9: macro INFINITE: it is no number that a double holds
