using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Verification;
using Xunit;

namespace HvBindgen.Layout.Tests;

/// <summary>Questions that a compiler refuses: what is wrong is told from what C cannot say.</summary>
public sealed class RefusedQuestionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public RefusedQuestionTests() => HeaderSets.LoadLibClang();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_macro_that_is_no_constant_in_C_is_named_as_not_asked()
    {
        ParsedHeaders parsed = Parse("static inline int now(void) { return 3; }\n#define NOW now()\n#define FIXED 7\n");
        AbiConstant now = new("NOW", new AbiPrimitive(PrimitiveKind.Int), new IntegerValue(3), new SourceLocation("sample.h"));
        AbiModel claimed = parsed.Model with { Constants = EquatableArray.From(parsed.Model.Constants.Append(now)) };

        VerifyReport report = await VerifyAsync(parsed with { Model = claimed }, "gcc");

        Assert.Empty(report.Disagreements);
        Assert.Equal(5, report.Agreed);
        Assert.Equal("NOW: value", Assert.Single(report.NotAsked).Fact);
    }

    [Theory]
    [InlineData("gcc", "(1 << 33)", "x86_64")]
    [InlineData("clang", "(1 << 33)", "x86_64")]
    [InlineData("gcc", "'\\u00e9'", "x86_64")]
    [InlineData("clang", "'\\u00e9'", "x86_64")]
    [InlineData("gcc", "1.0q", "arm64")]
    [InlineData("clang", "1.0q", "arm64")]
    public async Task It_asks_nobody_about_a_macro_that_C_gives_no_value(string family, string body, string machine)
    {
        VerifyReport report = await VerifyAsync(Parse($"#define ODD {body}\n#define EVEN 4\n", machine), family);

        Assert.Empty(report.Disagreements);
        Assert.Equal("ODD: no number", Assert.Single(report.NotAsked).Fact);
    }

    [Theory]
    [InlineData("gcc")]
    [InlineData("clang")]
    public async Task It_notices_a_constant_made_of_the_beginning_of_a_macro(string family)
    {
        ParsedHeaders parsed = Parse("#define RANGE 3\n");
        folder.With("sample.h", "#define RANGE 3 ... 7\n");

        VerifyReport report = await VerifyAsync(parsed, family);

        Assert.Contains("RANGE: value", report.Disagreements.Select(fact => fact.Fact));
        Assert.Empty(report.NotAsked);
    }

    [Fact]
    public async Task A_volatile_bit_field_is_named_where_gcc_does_not_tell_its_sign()
    {
        VerifyReport report = await VerifyAsync(Parse("struct s { volatile unsigned a : 2; const int b : 3; };\n"), "gcc");

        Assert.Empty(report.Disagreements);
        Assert.Equal("struct s.a: sign", Assert.Single(report.NotAsked).Fact);
    }

    [Fact]
    public async Task A_wide_character_is_a_number_to_all()
    {
        VerifyReport report = await VerifyAsync(Parse("#define WIDE L'\\u00e9'\n"), "gcc");

        Assert.Empty(report.Disagreements);
        Assert.Empty(report.NotAsked);
    }

    [Theory]
    [InlineData("(int){7}")]
    [InlineData("sizeof (int) {0}")]
    [InlineData("((long)\"abc\")")]
    [InlineData("'\\777'")]
    [InlineData("\"\\777\"")]
    public async Task What_is_no_constant_of_C_is_not_asked_whatever_a_compiler_makes_of_it(string body)
    {
        ParsedHeaders parsed = Parse($"#define BASE {body}\n#define SIZE sizeof(struct {{ int a; }})\n");
        foreach (string family in (string[])["gcc", "clang"])
        {
            VerifyReport report = await VerifyAsync(parsed, family);

            Assert.Empty(report.Disagreements);
            Assert.Equal("BASE: no number", Assert.Single(report.NotAsked).Fact);
        }
    }

    private ParsedHeaders Parse(string header, string machine = "x86_64") => HeaderParser.Parse(
        new ParseRequest("sample", HeaderSets.Target(machine), ["sample.h"], [folder.With("sample.h", header).Root]));

    private Task<VerifyReport> VerifyAsync(ParsedHeaders parsed, string family) => CompilerOracle.VerifyAsync(
        parsed.Model,
        new VerifyRequest(Compilers.For(parsed.Model.Target, family), ["sample.h"], [folder.Root]) { Undefined = parsed.Undefined },
        TestContext.Current.CancellationToken);
}
