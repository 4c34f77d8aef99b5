// macro-redefined/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>TWICE</c>, a C <c>long</c>. macro-redefined.h, x86_64.</summary>
    public const long TWICE = 2;

    /// <summary><c>KIND</c>, a C <c>char[4]</c>. macro-redefined.h, x86_64.</summary>
    public static System.ReadOnlySpan<byte> KIND => "six"u8;
}
