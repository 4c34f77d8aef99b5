using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Verification;
using Xunit;

namespace HvBindgen.Layout.Tests;

/// <summary>The headers that C promises without a library are the tool's own; compilers, which have their own, are the judges.</summary>
public sealed class FreestandingTests
{
    private const string Header = """
        #include <float.h>
        #include <iso646.h>
        #include <limits.h>
        #include <stdalign.h>
        #include <stdarg.h>
        #include <stdatomic.h>
        #include <stdbool.h>
        #include <stddef.h>
        #include <stdint.h>
        #include <stdnoreturn.h>

        noreturn void leave(int);
        struct everything {
            size_t size; ptrdiff_t distance; wchar_t letter; bool flag; intptr_t pointer; uintmax_t widest;
            int8_t a; uint16_t b; int32_t c; uint64_t d;
            atomic_bool latch; atomic_flag guard; atomic_uintmax_t count; atomic_wchar_t glyph; memory_order order;
            alignas(32) char wide[alignof(double)];
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
        #define F_WORDS ((not 1) or (compl 2 bitand 6) xor 1)
        #define F_ORDER memory_order_seq_cst
        #define F_FLT_DIGITS (FLT_DIG + FLT_DECIMAL_DIG + FLT_MANT_DIG + FLT_MAX_EXP - FLT_MIN_10_EXP)
        #define F_FLT_MAX FLT_MAX
        #define F_FLT_EPSILON FLT_EPSILON
        #define F_DBL_DIGITS (DBL_DIG + DBL_DECIMAL_DIG + DBL_MANT_DIG + DBL_MAX_10_EXP - DBL_MIN_EXP + FLT_RADIX)
        #define F_DBL_MAX DBL_MAX
        #define F_DBL_MIN DBL_MIN
        #define F_DBL_TRUE_MIN DBL_TRUE_MIN
        #define F_LDBL_DIGITS (LDBL_DIG + LDBL_DECIMAL_DIG + LDBL_MANT_DIG + LDBL_MAX_EXP + DECIMAL_DIG)

        """;

    // gcc's headers of vector instructions allocate memory, too.
    private const string Library = "#include <stddef.h>\nvoid *malloc(size_t);\nvoid free(void *);\n";

    // Types of instructions that are off are there too, but then gcc aligns them as what is on, and clang does not. Without __m64: gcc
    // makes it of int, clang of long long.
    private const string Vectors = """
        #include <x86intrin.h>

        struct vectors {
            char first; __m128 b; __m128d c; __m128i d; char third; __m256 e; __m256d f; __m256i g; char fourth;
            __m512 h; __m512d i; __m512i j; __mmask8 k; __mmask16 l; __mmask32 m; __mmask64 n;
        };

        """;

    [Theory]
    [InlineData("x86_64", "gcc")]
    [InlineData("x86_64", "clang")]
    [InlineData("arm64", "gcc")]
    [InlineData("arm64", "clang")]
    public async Task Compilers_agree_with_the_tool_s_own_headers(string targetName, string family)
    {
        AbiModel model = await RequireAgreementAsync(Header, targetName, family);

        Assert.Equal(27, model.Constants.Count);
    }

    [Theory]
    [InlineData("x86_64", "gcc")]
    [InlineData("x86_64", "clang")]
    [InlineData("i686", "gcc")]
    public async Task Compilers_agree_with_the_types_of_vector_instructions(string targetName, string family)
    {
        AbiModel model = await RequireAgreementAsync(Vectors, targetName, family, "-mavx512f");

        Assert.Equal(64, Assert.Single((IEnumerable<AbiRecord>)model.Records).AlignBytes);
    }

    private static async Task<AbiModel> RequireAgreementAsync(string header, string targetName, string family, params string[] flags)
    {
        HeaderSets.LoadLibClang();
        TargetInfo target = HeaderSets.Target(targetName);
        using TemporaryFolder folder = new TemporaryFolder().With("everything.h", header).With("stdlib.h", Library);

        ParsedHeaders parsed = HeaderParser.Parse(new ParseRequest("own", target, ["everything.h"], [folder.Root]) { Flags = flags });
        VerifyReport report = await CompilerOracle.VerifyAsync(
            parsed.Model,
            new VerifyRequest(Compilers.For(target, family), ["everything.h"], [folder.Root])
            {
                LastFolder = FreestandingHeaders.Folder,
                Flags = flags,
            },
            TestContext.Current.CancellationToken);

        Assert.Empty(report.Disagreements);
        Assert.Empty(report.NotAsked);
        return parsed.Model;
    }
}
