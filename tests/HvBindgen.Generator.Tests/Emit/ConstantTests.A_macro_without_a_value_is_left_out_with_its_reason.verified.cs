// macro-no-value/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>AFTER_OPEN</c>, a C <c>int</c>. macro-no-value.h, x86_64.</summary>
    public const int AFTER_OPEN = 5;

    /// <summary><c>NEGATIVE_SHIFT</c>, a C <c>int</c>. macro-no-value.h, x86_64.</summary>
    public const int NEGATIVE_SHIFT = 64;
}

// macro-no-value/Records.g.cs
namespace Fixture;

/// <summary><c>struct thing</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>macro-no-value.h, x86_64.</remarks>
public struct thing
{
    /// <summary><c>int a</c>: bytes 0 to 3.</summary>
    public int a;
}

// Left out:
// macro-no-value.h:4:9: macro GUARD: it is empty
// macro-no-value.h:5:9: macro DOUBLED: a function-like macro has no value of its own
// macro-no-value.h:6:9: macro TYPE: it is no constant expression (clang: ...)
// macro-no-value.h:7:9: macro RECORD: it is no constant expression (clang: ...)
// macro-no-value.h:8:9: macro ATTRIBUTE: it is no constant expression (clang: ...)
// macro-no-value.h:9:9: macro STATEMENT: it is no expression: it holds a brace, a semicolon, a '#' or '::', or does not close what it opens
// macro-no-value.h:10:9: macro BRACES: it is no expression: it holds a brace, a semicolon, a '#' or '::', or does not close what it opens
// macro-no-value.h:11:9: macro POINTER: it is an address, not a number or a text
// macro-no-value.h:12:9: macro UNKNOWN_NAME: it is no constant expression (clang: ...)
// macro-no-value.h:13:9: macro CALL: a function-like macro has no value of its own
// macro-no-value.h:14:9: macro UNBALANCED: it is no expression: it holds a brace, a semicolon, a '#' or '::', or does not close what it opens
// macro-no-value.h:15:9: macro OPEN: it is no expression: it holds a brace, a semicolon, a '#' or '::', or does not close what it opens
// macro-no-value.h:18:9: macro HIDDEN_BRACES: it is no constant expression (clang: ...)
