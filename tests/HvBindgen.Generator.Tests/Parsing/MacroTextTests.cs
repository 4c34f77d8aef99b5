using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Parsing;

/// <summary>Each macro that clang has in force is given the text of its own definition, however that is written.</summary>
public sealed class MacroTextTests
{
    private const string Own = "#define BEFORE(q) q\n#define FN(x, y) ((x) + 2)\n#define BEHIND(w, z, v) w\n";

    public MacroTextTests() => LibClangLocator.Load();

    [Theory]
    [InlineData("")]
    [InlineData("#define TXT \"one \\\ntwo\"\n")]
    [InlineData("#define TXT \"one \\\\\\\ntwo\"\n")]
    [InlineData("#define TXT \"one \\\r\ntwo\"\r\n")]
    [InlineData("#define TXT 'a\\\n'\n")]
    [InlineData("#if 0\nsay \"foo \\\nbar\nit's \\\nso\n#endif\n")]
    [InlineData("#if 0\ndon't /* here\n#endif\n")]
    [InlineData("// a line \\\n/* that goes on\n")]
    [InlineData("/\\\n* a comment *\\\n/\n")]
    [InlineData("#define LONG 1 + \\ \n 2\n")]
    [InlineData("#define LONG 1 + \\\t\r\n 2\r\n")]
    [InlineData("\\\n\\\n")]
    [InlineData("struct a { int x; };\rstruct b { int x; };\r")]
    public void Lines_are_counted_as_clang_counts_them(string before) => RequireFound(before + Own);

    [Theory]
    [InlineData("%:define FN(x, y) ((x) + 2)\n")]
    [InlineData("  %: define FN(x, y) ((x) + 2)\n")]
    [InlineData("#def\\\nine FN(x, y) ((x) + 2)\n")]
    [InlineData("%\\\n:define FN(x, y) ((x) + 2)\n")]
    [InlineData("#define F\\\nN(x, y) ((x) + 2)\n")]
    [InlineData("#define \\\n  FN(x, y) ((x) + 2)\n")]
    [InlineData("#define \\\nFN(x, y) ((x) + 2)\n")]
    [InlineData("# /*\n*/ define FN(x, y) ((x) + 2)\n")]
    [InlineData("/*\n\n*/ # define /*\n*/ FN(x, y) ((x) + 2)\n")]
    [InlineData("#define\fFN(x, y) ((x) + 2)\n")]
    [InlineData("#\vdefine\vFN(x, y)\v((x)\f+ 2)\n")]
    [InlineData("#define FN(x, y) \\ \n ((x) + 2)\n")]
    [InlineData("#define FN(x, \\\t\n y) ((x) + 2)\n")]
    public void A_definition_is_found_however_its_directive_is_written(string definition) =>
        RequireFound($"#define BEFORE(q) q\n{definition}#define BEHIND(w, z, v) w\n");

    [Theory]
    [InlineData("\u00fcx", "\u00fcx")]
    [InlineData("\\u00fcx", "\u00fcx")]
    [InlineData("x\\U000000fc", "x\u00fc")]
    [InlineData("$x", "$x")]
    public void A_name_may_begin_with_any_letter(string written, string name)
    {
        AbiModel model = FixtureHeaders.ParseText(
            $"#include <linux/ioctl.h>\n#define {written}(n) _IOC(1, 2, n, 4)\n#define FN(n) {name}(n)\n#define RQ {name}(1)\n").Model;

        Assert.Equal([3, 3], model.Macros.Where(macro => macro.Name == name || macro.Name == "FN").Select(macro => macro.Samples.Count));
        Assert.Contains("RQ", ((IEnumerable<AbiIoctl>)model.Ioctls).Select(request => request.Name));
    }

    [Fact]
    public void A_parameter_may_have_any_letters() =>
        Assert.Equal(
            5,
            FixtureHeaders.ParseText("#include <linux/ioctl.h>\n#define FN(\u00fc, n) _IOC(1, 2, n, \u00fc)\n")
                .Model.Macros.Single(macro => macro.Name == "FN").Samples.Count);

    [Theory]
    [InlineData("#import <k.h>\n")]
    [InlineData("%:include <k.h>\n")]
    [InlineData("#include_next <k.h>\n")]
    [InlineData("#inc\\\nlude <.//k.h>\n")]
    [InlineData("# /* */ include /*\n*/ <k.h>\n")]
    public void A_header_is_read_however_it_is_included(string include)
    {
        using TemporaryFolder folder = new();
        folder.With("1/a.h", include).With("2/k.h", Own);

        RequireFound(Parse(["a.h"], folder["1"], folder["2"]));
    }

    [Fact]
    public void The_next_header_is_none_of_the_folder_of_the_one_that_asks_for_it()
    {
        using TemporaryFolder folder = new();
        folder.With("1/a.h", "#include_next <k.h>\n").With("1/k.h", "\n#define FN(a) a\n").With("2/k.h", Own);

        RequireFound(Parse(["a.h"], folder["1"], folder["2"]));
    }

    [Theory]
    [InlineData("#define FIRST(q) q\n\n", true)]
    [InlineData("#define FIRST(q) q\n#define FN(a) a\n#undef FN\n", false)]
    public void Of_two_headers_of_one_name_each_has_its_own_text(string first, bool isFound)
    {
        using TemporaryFolder folder = new();
        folder.With("1/nx.h", first + "#include_next <nx.h>\n").With("2/nx.h", Own);

        if (isFound)
        {
            RequireFound(Parse(["nx.h"], folder["1"], folder["2"]));
        }
        else
        {
            // Two definitions of it stand in line 2 of nx.h.
            HeaderParseException refused = Assert.Throws<HeaderParseException>(() => Parse(["nx.h"], folder["1"], folder["2"]));
            Assert.Contains("the text of macro FN was not found", Assert.Single(refused.Faults).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_macro_whose_text_is_not_found_is_refused_with_its_place()
    {
        HeaderFault fault = Assert.Single(Assert.Throws<HeaderParseException>(() => FixtureHeaders.ParseText(
            "struct a { int x; };\n??=define FN(x) x\n", change: request => request with { Flags = ["-std=c11"] })).Faults);

        Assert.Equal((2, "the text of macro FN was not found: changes of it would not be seen"), (fault.Line, fault.Message));
    }

    [Fact]
    public void One_that_has_a_value_needs_no_text() =>
        Assert.Equal(
            ["ONE"],
            ((IEnumerable<AbiConstant>)FixtureHeaders.ParseText(
                "??=define ONE 1\n", change: request => request with { Flags = ["-std=c11"] }).Model.Constants).Select(one => one.Name));

    [Theory]
    [InlineData(0xe9, 0xe8, false)]
    [InlineData(0xe9, 0xe9, true)]
    [InlineData(0xff, 0xfe, false)]
    public void Bytes_that_are_no_UTF_8_tell_texts_apart(byte first, byte second, bool areEqual) =>
        Assert.Equal(areEqual, DigestWith(first) == DigestWith(second));

    [Fact]
    public void A_letter_in_UTF_8_is_another_text_than_the_byte_of_Latin_1() =>
        Assert.NotEqual(DigestWith(0xe9), DigestWith(0xc3, 0xa9));

    private static string DigestWith(params byte[] letter)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["a.h"], [.. "#define T(x) \""u8, .. letter, .. "\" x\n"u8]);
        return Parse(["a.h"], folder.Root).Macros.Single(macro => macro.Name == "T").Digest;
    }

    private static AbiModel Parse(string[] headers, params string[] folders) =>
        HeaderParser.Parse(new ParseRequest("own", TargetInfo.Find("x86_64")!, headers, folders) { OwnHeaders = ["*"] }).Model;

    private static void RequireFound(string header) => RequireFound(FixtureHeaders.ParseText(header).Model);

    private static void RequireFound(AbiModel model)
    {
        AbiMacro macro = model.Macros.Single(macro => macro.Name == "FN");
        Assert.Equal(("(x, y)", MacroDigest.Of("((x) + 2)")), (macro.Parameters, macro.Digest));
    }
}
