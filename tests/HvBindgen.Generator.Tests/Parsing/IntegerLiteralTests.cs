using System.Diagnostics;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Parsing;

/// <summary>A literal has the type and the value that clang gives it, and what is in force is clang's to say.</summary>
public sealed class IntegerLiteralTests : IDisposable
{
    private static readonly string[] Digits =
    [
        "0", "1", "7", "007", "0x0", "0X7f", "0xAbC", "2147483647", "2147483648", "4294967295", "4294967296", "0x7fffffff", "0x80000000",
        "0xffffffff", "0x100000000", "017777777777", "020000000000", "037777777777", "040000000000", "9223372036854775807",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "0x7fffffffffffffff", "0x8000000000000000",
        "0xffffffffffffffff", "0x0000ffffffffffffffff", "0x10000000000000000", "0777777777777777777777", "01000000000000000000000",
        "01777777777777777777777", "02000000000000000000000",
    ];

    private static readonly string[] Suffixes =
    [
        "", "u", "U", "l", "L", "ul", "uL", "Ul", "UL", "lu", "Lu", "lU", "LU", "ll", "LL", "ull", "uLL", "Ull", "ULL", "llu", "LLu", "llU",
        "LLU",
    ];

    private readonly TemporaryFolder folder = new();

    public IntegerLiteralTests() => LibClangLocator.Load();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("x86_64")]
    [InlineData("arm64")]
    [InlineData("i686")]
    public void Types_and_values_are_clang_s(string target)
    {
        string[] literals = [.. Digits.SelectMany(digits => Suffixes.Select(suffix => digits + suffix))];

        // What a branch takes back is asked about; its type and value stay.
        string header = string.Concat(literals.Select((literal, index) =>
            $"#define READ_{index} {literal}\n#define ASKED_{index} {literal}\n#define IN_{index} ({literal})\n"
                + $"#ifdef OTHER\n#undef ASKED_{index}\n#endif\n"));
        ParsedHeaders parsed = HeaderParser.Parse(With(header, target));

        Dictionary<string, AbiConstant> constants =
            ((IEnumerable<AbiConstant>)parsed.Model.Constants).ToDictionary(constant => constant.Name, StringComparer.Ordinal);
        for (int index = 0; index < literals.Length; index++)
        {
            AbiConstant? asked = constants.GetValueOrDefault($"ASKED_{index}");
            foreach (string name in (string[])[$"READ_{index}", $"IN_{index}"])
            {
                AbiConstant? read = constants.GetValueOrDefault(name);
                Assert.Equal((literals[index], asked?.Type, asked?.Value), (literals[index], read?.Type, read?.Value));
                Assert.Equal(parsed.Undefined.Contains($"ASKED_{index}"), parsed.Undefined.Contains(name));
            }
        }

        Assert.True(literals.Count(literal => IntegerLiteral.Read(literal, sizeof(long)) is not null) > literals.Length * 3 / 4);
    }

    [Theory]
    [InlineData("")]
    [InlineData("()")]
    [InlineData("-1")]
    [InlineData("0x")]
    [InlineData("08")]
    [InlineData("0b1")]
    [InlineData("1'000")]
    [InlineData("1_000")]
    [InlineData("1.")]
    [InlineData("1e3")]
    [InlineData("0x1p3")]
    [InlineData("1f")]
    [InlineData("1lL")]
    [InlineData("1lul")]
    [InlineData("1uu")]
    [InlineData("1uul")]
    [InlineData("1lll")]
    [InlineData("u")]
    [InlineData("L")]
    [InlineData("1z")]
    [InlineData("1i64")]
    [InlineData("1wb")]
    [InlineData("((1))")]
    [InlineData("(1")]
    [InlineData("1 ")]
    [InlineData("\u0661")]
    [InlineData("1\u0662")]
    [InlineData("9223372036854775808")]
    [InlineData("0x10000000000000000")]
    [InlineData("02000000000000000000000")]
    public void Other_text_is_none(string text) => Assert.Null(IntegerLiteral.Read(text, sizeof(long)));

    [Theory]
    [InlineData("", PrimitiveKind.Int, 1, "0 parses,")]
    [InlineData("#undef OWN\n#define OWN 0x2ul\n", PrimitiveKind.ULong, 2, "0 parses,")]
    [InlineData("#undef OWN\n#define OWN (1 + 2)\n", PrimitiveKind.Int, 3, "0 parses,")]
    [InlineData("#undef OWN\n#define OWN (1 ? 3 : 2)\n", PrimitiveKind.Int, 3, "0 parses,")]
    [InlineData("%:undef OWN\n%:define OWN (1 ? 3 : 2)\n", PrimitiveKind.Int, 3, "0 parses,")]
    [InlineData("??=undef OWN\n??=define OWN (1 ? 3 : 2)\n", PrimitiveKind.Int, 3, "1 parse,")]
    [InlineData("#undef OWN\n#define OWN other(1, 2)\nenum { other_1 };\n#define other(a, b) (b + 2)\n", PrimitiveKind.Int, 4, "0 parses,")]
    [InlineData("#pragma push_macro(\"OWN\")\n#undef OWN\n#define OWN 5\n", PrimitiveKind.Int, 5, "0 parses,")]
    [InlineData("#undef OWN\n#define OWN ) 6\n", null, 0, "0 parses,")]
    [InlineData("#undef OWN\n", null, 0, "1 parse,")]
    public void What_another_s_header_makes_of_it_counts(string library, PrimitiveKind? kind, int value, string spent)
    {
        StageTimes times = new(Stopwatch.GetTimestamp());
        folder.With("library.h", library);

        AbiModel model = HeaderParser.Parse(
            With("#define OWN 1\n#define REST 7\n#include <library.h>\n", "x86_64") with
            {
                Times = times,

                // With trigraphs, which the text scan does not know.
                Flags = library.Contains("??=", StringComparison.Ordinal) ? ["-std=c11"] : [],
            }).Model;

        IEnumerable<AbiConstant> constants = model.Constants;
        AbiConstant? own = constants.SingleOrDefault(constant => constant.Name == "OWN");
        Assert.Equal(
            kind is { } found ? (new AbiPrimitive(found), new IntegerValue(value)) : (null, null),
            ((AbiPrimitive?)own?.Type, (IntegerValue?)own?.Value));
        Assert.Equal(new IntegerValue(7), constants.Single(constant => constant.Name == "REST").Value);
        Assert.StartsWith(spent, times.Ended.Single(stage => stage.Name == "clang: asked again").Note, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_a_branch_takes_back_is_asked_about()
    {
        AbiModel model = HeaderParser.Parse(
            With("#define GONE 1\n#undef GONE\n#define BACK 1\n#undef BACK\n#define BACK 2L\n#define KEPT 3\n", "x86_64")).Model;

        Assert.Equal(
            [("BACK", PrimitiveKind.Long), ("KEPT", PrimitiveKind.Int)],
            ((IEnumerable<AbiConstant>)model.Constants).Select(constant => (constant.Name, ((AbiPrimitive)constant.Type).Kind)));
    }

    private ParseRequest With(string header, string target)
    {
        folder.With("own.h", header);
        return new("own", TargetInfo.Find(target)!, ["own.h"], [folder.Root, FixtureFolders.Includes]) { OwnHeaders = ["own.h"] };
    }
}
