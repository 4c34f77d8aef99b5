using System.Text.RegularExpressions;

namespace HvBindgen.Generator.Parsing;

/// <summary>
/// The compiler's flags that a configuration may name: those that say how the headers are meant, and none that does anything.
/// </summary>
/// <remarks>
/// A configuration comes with a repository that is not trusted. A flag that loads code, opens a file, adds a folder or reads further
/// arguments has no place here, so what is not known is refused. gcc and clang both take these.
/// </remarks>
public static partial class CompilerFlags
{
    /// <summary>What there is, for messages.</summary>
    public const string Known =
        "Known are -fms-extensions, -f[no-]short-enums, -fshort-wchar, -fpack-struct[=N], -ffreestanding, -malign-double, "
        + "-std=(c|gnu)(99|11|17|23), -m[no-](mmx|sse|sse2|sse3|ssse3|sse4.1|sse4.2|avx|avx2|avx512f) and -UNAME.";

    /// <summary>Whether a flag may be given.</summary>
    /// <param name="flag">One argument.</param>
    /// <returns>True for those of <see cref="Known"/>.</returns>
    public static bool IsKnown(string flag) => Pattern().IsMatch(flag);

    [GeneratedRegex(
        @"\A-(?:fms-extensions|f(?:no-)?short-enums|fshort-wchar|fpack-struct(?:=(?:1|2|4|8|16))?|ffreestanding|malign-double"
        + @"|std=(?:c|gnu)(?:99|11|17|2x|23)|m(?:no-)?(?:mmx|sse|sse2|sse3|ssse3|sse4\.[12]|avx|avx2|avx512f)|U[A-Za-z_][A-Za-z_0-9]*)\z")]
    private static partial Regex Pattern();
}
