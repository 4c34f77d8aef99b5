namespace HvBindgen.Generator.Model;

/// <summary>Macros of the compiler's own that stand for something else at each place, on each day, or with each compiler.</summary>
/// <remarks>
/// What is made of them is no constant of a header. They are replaced by names that nothing declares before macros are asked about, so
/// that the compiler itself finds every macro that comes to one, by whatever way.
/// </remarks>
internal static class VaryingMacros
{
    /// <summary>Lets no compiler declare what stands for one of <see cref="Names"/> by itself where it is called.</summary>
    internal const string NoImplicitFunctions = "#pragma GCC diagnostic error \"-Wimplicit-function-declaration\"";

    private const string Prefix = "hvbindgen_varying";

    internal static IReadOnlyList<string> Names { get; } =
    [
        "__LINE__", "__FILE__", "__FILE_NAME__", "__BASE_FILE__", "__INCLUDE_LEVEL__", "__COUNTER__", "__DATE__", "__TIME__",
        "__TIMESTAMP__", "__VERSION__", "__GNUC__", "__GNUC_MINOR__", "__GNUC_PATCHLEVEL__",
        "__GXX_ABI_VERSION", "__clang__", "__llvm__",
        "__clang_version__", "__clang_major__", "__clang_minor__", "__clang_patchlevel__",

        // No macros, yet as different in each function and at each place; a macro of the name hides them.
        "__func__", "__FUNCTION__", "__PRETTY_FUNCTION__",
        "__builtin_LINE", "__builtin_COLUMN", "__builtin_FILE", "__builtin_FUNCTION",
    ];

    /// <summary>What stands for a macro where constants are asked for.</summary>
    internal static string Replacement(string macro) => Prefix + macro;

    /// <summary>The macro that the compiler's complaint is about; null when it is about something else.</summary>
    internal static string? NamedIn(string words) =>
        Names.FirstOrDefault(name => words.Contains($"'{Replacement(name)}'", StringComparison.Ordinal));
}
