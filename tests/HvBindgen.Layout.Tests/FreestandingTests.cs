using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Verification;
using Xunit;

namespace HvBindgen.Layout.Tests;

/// <summary>The headers that C promises without a library are the tool's own; compilers, which have their own, are the judges.</summary>
public sealed class FreestandingTests
{
    private const string Header = """
        #include <limits.h>
        #include <stdarg.h>
        #include <stdbool.h>
        #include <stddef.h>
        #include <stdint.h>

        struct everything {
            size_t size; ptrdiff_t distance; wchar_t letter; bool flag; intptr_t pointer; uintmax_t widest;
            int8_t a; uint16_t b; int32_t c; uint64_t d;
            char aligned[_Alignof(max_align_t)], sized[sizeof(max_align_t)], list[sizeof(va_list)];
        };

        #define F_CHAR_BIT CHAR_BIT
        #define F_CHAR_MIN CHAR_MIN
        #define F_CHAR_MAX CHAR_MAX
        #define F_SHRT_MIN SHRT_MIN
        #define F_USHRT_MAX USHRT_MAX
        #define F_INT_MIN INT_MIN
        #define F_UINT_MAX UINT_MAX
        #define F_LONG_MIN LONG_MIN
        #define F_LONG_MAX LONG_MAX
        #define F_ULONG_MAX ULONG_MAX
        #define F_LLONG_MIN LLONG_MIN
        #define F_ULLONG_MAX ULLONG_MAX
        #define F_OFFSET offsetof(struct everything, flag)
        #define F_TRUE true
        #define F_INT64_MIN INT64_MIN
        #define F_UINT64_MAX UINT64_MAX
        #define F_SIZE_MAX SIZE_MAX

        """;

    [Theory]
    [InlineData("x86_64", "gcc")]
    [InlineData("x86_64", "clang")]
    [InlineData("arm64", "gcc")]
    [InlineData("arm64", "clang")]
    public async Task Compilers_agree_with_the_tool_s_own_headers(string targetName, string family)
    {
        HeaderSets.LoadLibClang();
        TargetInfo target = HeaderSets.Target(targetName);
        using TemporaryFolder folder = new TemporaryFolder().With("everything.h", Header);

        ParsedHeaders parsed = HeaderParser.Parse(new ParseRequest("own", target, ["everything.h"], [folder.Root]));
        VerifyReport report = await CompilerOracle.VerifyAsync(
            parsed.Model,
            new VerifyRequest(Compilers.For(target, family), ["everything.h"], [folder.Root]) { LastFolder = FreestandingHeaders.Folder },
            TestContext.Current.CancellationToken);

        Assert.Empty(report.Disagreements);
        Assert.Empty(report.NotAsked);
        Assert.Equal(17, parsed.Model.Constants.Count);
    }
}
