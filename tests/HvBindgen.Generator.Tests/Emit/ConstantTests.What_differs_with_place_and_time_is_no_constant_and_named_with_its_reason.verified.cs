// macro-varying/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>FIXED</c>, a C <c>int</c>. macro-varying.h, x86_64.</summary>
    public const int FIXED = 3;
}

// Left out:
// macro-varying.h:1:9: macro HERE: it comes to __LINE__, which is something else at each place or time
// macro-varying.h:2:9: macro NEXT: it comes to __LINE__, which is something else at each place or time
// macro-varying.h:3:9: macro WHERE: it comes to __FILE__, which is something else at each place or time
// macro-varying.h:4:9: macro BASE: it comes to __BASE_FILE__, which is something else at each place or time
// macro-varying.h:5:9: macro COUNT: it comes to __COUNTER__, which is something else at each place or time
// macro-varying.h:6:9: macro DAY: it comes to __DATE__, which is something else at each place or time
// macro-varying.h:7:9: macro STAMP: it comes to __TIMESTAMP__, which is something else at each place or time
// macro-varying.h:8:9: macro DEPTH: it comes to __INCLUDE_LEVEL__, which is something else at each place or time
// macro-varying.h:9:9: macro LENGTH: it comes to __LINE__, which is something else at each place or time
// macro-varying.h:10:9: macro CALL: a function-like macro has no value of its own
// macro-varying.h:11:9: macro CALLED: it comes to __LINE__, which is something else at each place or time
// macro-varying.h:12:9: macro COMPILER: it comes to __GNUC__, which is something else at each place or time
// macro-varying.h:13:9: macro BY_CLANG: it comes to __clang__, which is something else at each place or time
// macro-varying.h:14:9: macro BY_LLVM: it comes to __llvm__, which is something else at each place or time
// macro-varying.h:15:9: macro NAME_SIZE: it comes to __func__, which is something else at each place or time
// macro-varying.h:16:9: macro OTHER_NAME_SIZE: it comes to __FUNCTION__, which is something else at each place or time
// macro-varying.h:17:9: macro BUILT_LINE: it comes to __builtin_LINE, which is something else at each place or time
// macro-varying.h:18:9: macro BUILT_COLUMN: it comes to __builtin_COLUMN, which is something else at each place or time
// macro-varying.h:19:9: macro BUILT_SIZE: it comes to __builtin_FILE, which is something else at each place or time
// macro-varying.h:20:9: macro BUILT_NAME: it comes to __builtin_FUNCTION, which is something else at each place or time
