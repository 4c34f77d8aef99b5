// constant-texts-and-floats/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>NAME</c>, a C <c>char[5]</c>. constant-texts-and-floats.h, x86_64.</summary>
    public static System.ReadOnlySpan<byte> NAME => "demo"u8;

    /// <summary><c>JOINED</c>, a C <c>char[8]</c>. constant-texts-and-floats.h, x86_64.</summary>
    public static System.ReadOnlySpan<byte> JOINED => "one two"u8;

    /// <summary><c>QUOTED</c>, a C <c>char[8]</c>. constant-texts-and-floats.h, x86_64.</summary>
    public static System.ReadOnlySpan<byte> QUOTED => "a\"b\\c\n\u0001"u8;

    /// <summary><c>EMPTY_TEXT</c>, a C <c>char[1]</c>. constant-texts-and-floats.h, x86_64.</summary>
    public static System.ReadOnlySpan<byte> EMPTY_TEXT => ""u8;

    /// <summary><c>ACCENT</c>, a C <c>char[3]</c>. constant-texts-and-floats.h, x86_64.</summary>
    public static System.ReadOnlySpan<byte> ACCENT => "é"u8;

    /// <summary><c>DEVICE</c>, a C <c>char[5]</c>. constant-texts-and-floats.h, x86_64.</summary>
    public static System.ReadOnlySpan<byte> DEVICE => "demo"u8;

    /// <summary><c>RATIO</c>, a C <c>double</c>. constant-texts-and-floats.h, x86_64.</summary>
    public const double RATIO = 0.5D;

    /// <summary><c>SMALL</c>, a C <c>float</c>. constant-texts-and-floats.h, x86_64.</summary>
    public const double SMALL = 0.0010000000474974513D;

    /// <summary><c>LARGE</c>, a C <c>double</c>. constant-texts-and-floats.h, x86_64.</summary>
    public const double LARGE = 1E+300D;

    /// <summary><c>INTEGRAL</c>, a C <c>double</c>. constant-texts-and-floats.h, x86_64.</summary>
    public const double INTEGRAL = 3D;

    /// <summary><c>PREFIX</c>, a C <c>char[6]</c>. constant-texts-and-floats.h, x86_64.</summary>
    public static System.ReadOnlySpan<byte> PREFIX => "user."u8;

    /// <summary><c>SUFFIX</c>, a C <c>char[5]</c>. constant-texts-and-floats.h, x86_64.</summary>
    public static System.ReadOnlySpan<byte> SUFFIX => "demo"u8;

    /// <summary><c>CONCATENATED</c>, a C <c>char[10]</c>. constant-texts-and-floats.h, x86_64.</summary>
    public static System.ReadOnlySpan<byte> CONCATENATED => "user.demo"u8;
}
