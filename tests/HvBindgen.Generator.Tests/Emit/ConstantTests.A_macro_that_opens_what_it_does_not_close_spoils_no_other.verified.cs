// macro-hidden-brace/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>BEFORE</c>, a C <c>int</c>. macro-hidden-brace.h, x86_64.</summary>
    public const int BEFORE = 1;

    /// <summary><c>BETWEEN</c>, a C <c>int</c>. macro-hidden-brace.h, x86_64.</summary>
    public const int BETWEEN = 2;

    /// <summary><c>NEIGHBOUR</c>, a C <c>int</c>. macro-hidden-brace.h, x86_64.</summary>
    public const int NEIGHBOUR = 3;

    /// <summary><c>QUOTE</c>, a C <c>char[5]</c>. macro-hidden-brace.h, x86_64.</summary>
    public static System.ReadOnlySpan<byte> QUOTE => "text"u8;

    /// <summary><c>LAST</c>, a C <c>int</c>. macro-hidden-brace.h, x86_64.</summary>
    public const int LAST = 4;
}

// Left out:
// macro-hidden-brace.h:1:9: macro LBRACE: it is no expression: it holds a brace, a semicolon, a '#' or '::', or does not close what it opens
// macro-hidden-brace.h:2:9: macro BEGIN: it is no constant expression (clang: ...)
// macro-hidden-brace.h:4:9: macro PAREN: it is no expression: it holds a brace, a semicolon, a '#' or '::', or does not close what it opens
// macro-hidden-brace.h:5:9: macro OPENS: it is no constant expression (clang: ...)
