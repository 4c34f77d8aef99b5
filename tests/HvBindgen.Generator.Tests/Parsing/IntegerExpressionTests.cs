using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Parsing;

/// <summary>An expression of literals has the type and the value that clang gives it, and what C leaves open is clang's to say.</summary>
public sealed class IntegerExpressionTests : IDisposable
{
    private const int Expressions = 1500;

    private static readonly string[] Literals =
    [
        "0", "1", "2", "3", "7", "31", "32", "63", "100", "0x7fffffff", "0x80000000", "0xffffffff", "2147483648", "0x7fffffffffffffff",
        "0x8000000000000000", "0xffffffffffffffff", "1u", "3U", "5l", "6UL", "1ul", "0xffffffffL", "2ll", "9ULL", "1ull", "0777",
    ];

    private static readonly string[] Counts = ["0", "1", "3", "8", "15", "16u", "30", "31", "31ull", "33", "62", "63"];

    private static readonly string[] Binary = ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"];

    private static readonly string[] Unary = ["-", "~", "!", "+"];

    private readonly TemporaryFolder folder = new();

    public IntegerExpressionTests() => LibClangLocator.Load();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("x86_64", 1)]
    [InlineData("arm64", 2)]
    [InlineData("i686", 3)]
    [InlineData("i686", 4)]
    public void Types_and_values_are_clang_s(string target, int seed)
    {
        Random random = new(seed);
        string[] expressions = [.. Enumerable.Range(0, Expressions).Select(_ => Expression(random, 3))];

        // What a branch takes back is asked about as a variable; its type and value stay.
        string header = string.Concat(expressions.Select((expression, index) =>
            $"#define READ_{index} ({expression})\n#define ASKED_{index} ({expression})\n#ifdef OTHER\n#undef ASKED_{index}\n#endif\n"));
        ParsedHeaders parsed = HeaderParser.Parse(With(header, "", target));

        Dictionary<string, AbiConstant> constants =
            ((IEnumerable<AbiConstant>)parsed.Model.Constants).ToDictionary(constant => constant.Name, StringComparer.Ordinal);
        int read = 0;
        for (int index = 0; index < expressions.Length; index++)
        {
            AbiConstant? asked = constants.GetValueOrDefault($"ASKED_{index}");
            AbiConstant? given = constants.GetValueOrDefault($"READ_{index}");
            Assert.Equal((expressions[index], asked?.Type, asked?.Value), (expressions[index], given?.Type, given?.Value));
            Assert.Equal(parsed.Undefined.Contains($"ASKED_{index}"), parsed.Undefined.Contains($"READ_{index}"));

            // Not by way of a second question: this is what was read.
            if (IntegerExpression.Read(expressions[index], parsed.Model.Target.PointerBytes) is { } number)
            {
                read++;
                Assert.Equal(
                    (expressions[index], new AbiPrimitive(number.Kind), new IntegerValue(number.Value)),
                    (expressions[index], asked?.Type, asked?.Value));
            }
        }

        Assert.InRange(read, Expressions / 4, Expressions - 1);
    }

    [Theory]
    [InlineData("1 -3", PrimitiveKind.Int, -2)]
    [InlineData("2+3*4", PrimitiveKind.Int, 14)]
    [InlineData("10-4-3", PrimitiveKind.Int, 3)]
    [InlineData("1 | 6 ^ 4 & 12 << 1 + 1", PrimitiveKind.Int, 7)]
    [InlineData("- -1", PrimitiveKind.Int, 1)]
    [InlineData("-~!0", PrimitiveKind.Int, 2)]
    [InlineData("1 << 31", PrimitiveKind.Int, int.MinValue)]
    [InlineData("-1 >> 1", PrimitiveKind.Int, -1)]
    [InlineData("-1 + 0u", PrimitiveKind.UInt, uint.MaxValue)]
    [InlineData("-7 / 2", PrimitiveKind.Int, -3)]
    [InlineData("-7 % 2", PrimitiveKind.Int, -1)]
    [InlineData("1u - 2l", PrimitiveKind.Long, -1)]
    public void An_expression_is_read_as_C_reads_it(string text, PrimitiveKind kind, long value)
    {
        IntegerNumber? number = IntegerExpression.Read(text, sizeof(long));

        Assert.Equal((kind, (Int128)value), (number?.Kind, number?.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 2")]
    [InlineData("1 +")]
    [InlineData("--1")]
    [InlineData("1 ++1")]
    [InlineData("1--1")]
    [InlineData("0xE+1")]
    [InlineData("1 && 1")]
    [InlineData("1 < 2")]
    [InlineData("1 ? 2 : 3")]
    [InlineData("(1")]
    [InlineData("1)")]
    [InlineData("()")]
    [InlineData("(int)1")]
    [InlineData("sizeof(1)")]
    [InlineData("'a'")]
    [InlineData("1, 2")]
    [InlineData("1.5 + 1")]
    [InlineData("1 << 32")]
    [InlineData("1 << -1")]
    [InlineData("2 << 31")]
    [InlineData("-1 << 1")]
    [InlineData("1 / 0")]
    [InlineData("1 % 0")]
    [InlineData("2147483647 + 1")]
    [InlineData("(-2147483647 - 1) / -1")]
    [InlineData("(-2147483647 - 1) % -1")]
    [InlineData("-(-2147483647 - 1)")]
    public void Other_text_and_what_C_leaves_open_is_none(string text) => Assert.Null(IntegerExpression.Read(text, sizeof(long)));

    [Fact]
    public void However_deep_a_text_is_nested_it_is_no_danger()
    {
        Assert.Null(IntegerExpression.Read(new string('(', 1 << 20) + "1" + new string(')', 1 << 20), sizeof(long)));
        Assert.Null(IntegerExpression.Read(string.Concat(Enumerable.Repeat("- ", 1 << 20)) + "1", sizeof(long)));
        Assert.NotNull(IntegerExpression.Read(string.Concat(Enumerable.Repeat("(1 + ", 50)) + "1" + new string(')', 50), sizeof(long)));
    }

    [Theory]
    [InlineData("BIT(3)")]
    [InlineData("(1UL << 3)")]
    [InlineData("_BITUL(3) | OTHER")]
    [InlineData("~(OTHER - 1)")]
    [InlineData("__SIZEOF_LONG__ * 8")]
    public void Flags_are_known_by_what_they_are_replaced_by(string body) => Assert.Contains("OWN", Candidates(body).Arithmetic);

    [Theory]
    [InlineData("ENUMERATOR + 1")]
    [InlineData("sizeof(long)")]
    [InlineData("OWN")]
    [InlineData("ROUND + 1")]
    [InlineData("(int)1")]
    [InlineData("'a'")]
    [InlineData("\"a\"")]
    [InlineData("EITHER + 1")]
    [InlineData("SAME(1)SAME(2)")]
    [InlineData("1 SAME(2)")]
    [InlineData("BIT")]
    [InlineData("OTHER(1)")]
    [InlineData("BOTH(1)")]
    [InlineData("BOTH")]
    [InlineData("1 ? 2 : 3")]
    [InlineData("EMPTY 1")]
    public void Anything_else_is_asked_about(string body) => Assert.DoesNotContain("OWN", Candidates(body).Arithmetic);

    [Theory]
    [InlineData("")]
    [InlineData("#undef BIT\n??=define SAME_AGAIN(a) a\n??=define BIT(n) SAME_AGAIN(n)SAME_AGAIN(n)\n")]
    public void Tokens_that_meet_are_not_joined(string hidden)
    {
        string body = hidden.Length > 0 ? "BIT(3)" : "SAME(1)SAME(2)";

        AbiModel model = HeaderParser.Parse(With($"#include <library.h>\n#define OWN {body}\n#define REST BIT(2)\n", hidden)).Model;

        Assert.DoesNotContain("OWN", ((IEnumerable<AbiConstant>)model.Constants).Select(constant => constant.Name));
    }

    [Fact]
    public void Of_what_C_leaves_open_clang_s_words_are_told()
    {
        ParsedHeaders parsed = HeaderParser.Parse(With("#include <library.h>\n#define OWN BIT(64)\n#define NONE (1 / 0)\n"));

        Assert.Contains("OWN", parsed.Undefined);
        Assert.Contains(
            "(clang: initializer element", parsed.Omitted.Single(macro => macro.Name == "NONE").Reason, StringComparison.Ordinal);
    }

    private MacroCandidates Candidates(string body)
    {
        ParseRequest request = With($"#include <library.h>\nenum {{ ENUMERATOR }};\n#define OWN {body}\n");
        IncludeGuard guard = new(request);
        guard.RequireBefore();
        HeaderFiles files = new(request.SearchedFolders, request.OwnHeaders, request.OwnsQuotedIncludes);
        MacroCandidates candidates = MacroCandidates.From(files.ReadOwnSources(request.Headers, request.IncludePaths, guard));
        candidates.SetAside(() => HeaderMacros.Of(files, guard, request));
        return candidates;
    }

    private ParseRequest With(string own, string hidden = "", string target = "x86_64")
    {
        const string library =
            "#define __AC(X, Y) (X##Y)\n#define _AC(X, Y) __AC(X, Y)\n#define _UL(x) (_AC(x, UL))\n#define _BITUL(x) (_UL(1) << (x))\n"
            + "#define BIT(n) (1UL << (n))\n#define OTHER 0x10\n#define SAME(a) a\n#define EMPTY\n#define ROUND TURN\n#define TURN ROUND\n"
            + "#define BOTH(n) n\n#undef BOTH\n#define BOTH 1\n"
            + "#ifdef SIDE\n#define EITHER 1\n#else\n#define EITHER ENUMERATOR\n#endif\n";
        folder.With("own.h", own).With("library.h", library + hidden);
        return new("own", TargetInfo.Find(target)!, ["own.h"], [folder.Root, FixtureFolders.Includes])
        {
            OwnHeaders = ["own.h"],

            // With trigraphs, which the text scan does not know.
            Flags = hidden.Contains("??=", StringComparison.Ordinal) ? ["-std=c11"] : [],
        };
    }

    private static string Expression(Random random, int depth)
    {
        if (depth == 0 || random.Next(6) == 0)
        {
            return Literals[random.Next(Literals.Length)];
        }

        string left = Expression(random, depth - 1);
        if (random.Next(5) == 0)
        {
            return $"{Unary[random.Next(Unary.Length)]} {left}";
        }

        string @operator = Binary[random.Next(Binary.Length)];
        string right = @operator is "<<" or ">>" && random.Next(8) > 0
            ? Counts[random.Next(Counts.Length)]
            : Expression(random, depth - 1);
        string expression = $"{left} {@operator} {right}";
        return random.Next(3) > 0 ? $"({expression})" : expression;
    }
}
