using System.Text.RegularExpressions;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Snapshots;
using HvBindgen.Generator.Tests.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed partial class ConstantTests
{
    [Fact]
    public void An_integer_macro_has_the_value_and_the_type_that_C_gives_it()
    {
        Bindings bindings = Bindings.Of("constant-integers.h", use: """
            // Shifts by, and sums with, constants of every type must compile as a consumer writes them.
            ulong mask = Constants.PAGE_MASK & (Constants.SHIFTED | Constants.WIDE);
            return $"{mask:x} {1 << Constants.NUMBER:x} {Constants.PAGE_MASK:x}";
            """);

        Assert.Equal("fffffffffffff000 400 fffffffffffff000", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void An_enumerator_in_a_macro_has_the_type_that_gcc_gives_it_whatever_the_libclang()
    {
        Bindings bindings = Bindings.Of("constant-enumerators.h");

        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Strings_are_UTF8_and_floating_numbers_double()
    {
        Bindings bindings = Bindings.Of("constant-texts-and-floats.h", use: """
            return $"{Convert.ToHexString(Constants.ACCENT)} {Convert.ToHexString(Constants.QUOTED)} "
                + $"{Constants.EMPTY_TEXT.Length} {Constants.LARGE}";
            """);

        Assert.Equal("C3A9 6122625C630A01 0 1E+300", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void A_macro_without_a_value_is_left_out_with_its_reason()
    {
        Bindings bindings = Bindings.Of("macro-no-value.h");

        Verifier.Verify(bindings.Declarations + Omitted(bindings.Parsed[0]), "cs");
    }

    [Fact]
    public void A_macro_that_opens_what_it_does_not_close_spoils_no_other()
    {
        Bindings bindings = Bindings.Of("macro-hidden-brace.h");

        Verifier.Verify(bindings.Declarations + Omitted(bindings.Parsed[0]), "cs");
    }

    [Fact]
    public void A_text_that_macros_make_of_words_is_a_text_and_other_addresses_are_none()
    {
        AbiModel model = Bindings.ParseText(
            "#define WORD(x) #x\n#define TEXT(x) WORD(x)\n#define RELEASE 12\n#define MADE TEXT(RELEASE)\n"
                + "#define BESIDE TEXT(a b) TEXT(RELEASE)\n#define ADDRESS ((char *)1)\n#define BEHIND (TEXT(abc) + 1)\n",
            "x86_64");

        Assert.Equal(
            [("RELEASE", "12"), ("MADE", "12"), ("BESIDE", "a b12")],
            ((IEnumerable<AbiConstant>)model.Constants).OrderBy(constant => constant.Location.Line).Select(constant =>
                (constant.Name, constant.Value is TextValue text ? text.Value : constant.Value.ToString())));
    }

    // "\xff\0" has the two bytes that UTF-8 has for the character of its first.
    [Theory]
    [InlineData("\\xff\\0", "[0xff, 0x00]")]
    [InlineData("\\xc3\\xbf", "\"\u00ff\"u8")]
    [InlineData("\\xff", "[0xff]")]
    [InlineData("\\xff\\xfe\\0\\0", "[0xff, 0xfe, 0x00, 0x00]")]
    public void A_text_that_is_no_UTF_8_keeps_its_zeros(string text, string expected)
    {
        Bindings bindings = Bindings.OfText($"#define TEXT \"{text}\"\n", "x86_64");

        Assert.Contains($"TEXT => {expected};", bindings.Declarations, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_definition_in_force_counts()
    {
        Bindings bindings = Bindings.Of("macro-redefined.h", parse: request => request with { Defines = ["FROM_COMMAND_LINE=7"] });

        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void An_integer_of_128_bits_has_all_of_them_and_a_number_that_no_double_holds_is_none()
    {
        Bindings bindings = Bindings.Of("constant-wide.h", use: """
            int fits = Constants.FITS_INT + Constants.NEGATIVE_INT;
            return $"{Constants.WIDE_BIT == UInt128.One << 100} {Constants.WIDE_ALL == UInt128.MaxValue} "
                + $"{Constants.WIDE_NEGATIVE == -(Int128.One << 90) - 3} {Constants.WIDE_SMALL} {Constants.WIDE_TWICE >> 101} {fits}";
            """);

        Assert.Equal("True True True -5 1 0", bindings.Result);
        Verifier.Verify(bindings.Declarations + Omitted(bindings.Parsed[0]), "cs");
        Assert.Equal(
            bindings.Parsed[0].Model, SnapshotReader.Read(SnapshotWriter.Write(bindings.Parsed[0].Model), "constant-wide"));
    }

    [Fact]
    public void What_differs_with_place_and_time_is_no_constant_and_named_with_its_reason()
    {
        Bindings bindings = Bindings.Of("macro-varying.h");

        Verifier.Verify(bindings.Declarations + Omitted(bindings.Parsed[0]), "cs");
    }

    [Fact]
    public void A_type_that_a_macro_defines_on_the_way_to_its_value_is_no_obstacle()
    {
        Bindings bindings = Bindings.Of("macro-braces.h");
        AbiModel model = bindings.Parsed[0].Model;

        Assert.Equal(model, SnapshotReader.Read(SnapshotWriter.Write(model), "macro-braces"));
        Verifier.Verify(bindings.Declarations + Omitted(bindings.Parsed[0]), "cs");
    }

    [Theory]
    [InlineData("1'000'000")]
    [InlineData("3 ... 7")]
    [InlineData("1 2")]
    [InlineData("10 ms")]
    [InlineData("(1 + 2) 3")]
    [InlineData("\"text\" 5")]
    [InlineData("5, , 6")]
    public void A_macro_that_begins_with_an_expression_and_goes_on_has_no_value(string body)
    {
        ParsedHeaders parsed = FixtureHeaders.ParseText($"#define ODD {body}\n#define EVEN 4\n");

        Assert.Equal(["EVEN"], parsed.Model.Constants.Select(constant => constant.Name));
        Assert.Equal("ODD", Assert.Single(parsed.Omitted).Name);
    }

    [Theory]
    [InlineData("(1 << 33)", "shift count")]
    [InlineData("(1ULL << 64)", "shift count")]
    [InlineData("(1 << -1)", "shift count")]
    [InlineData("SHIFTED(40)", "shift count")]
    [InlineData("-9223372036854775808", "integer literal is too large")]
    [InlineData("18446744073709551616", "integer literal is too large")]
    [InlineData("'\\u00e9'", "character too large")]
    [InlineData("1.0q", "of type __float128")]
    public void What_compilers_make_each_its_own_number_of_has_no_value(string body, string reason)
    {
        ParsedHeaders parsed = FixtureHeaders.ParseText($"#define SHIFTED(n) (1 << (n))\n#define ODD {body}\n#define EVEN 4\n");

        Assert.Equal(["EVEN"], parsed.Model.Constants.Select(constant => constant.Name));
        Assert.Contains("ODD", parsed.Undefined);
        Assert.Contains(reason, parsed.Omitted.Single(omitted => omitted.Name == "ODD").Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(sizeof(long) == 8 ? 1UL << 40 : 1 << 40)", 1L << 40)]
    [InlineData("(0 && (1 << 40))", 0)]
    [InlineData("(1 << 31)", int.MinValue)]
    [InlineData("(1UL << 63 >> 63)", 1)]
    [InlineData("0x8000000000000000 >> 60", 8)]
    [InlineData("(-9223372036854775807 - 1)", long.MinValue)]
    public void A_shift_that_is_not_evaluated_or_has_room_is_no_obstacle(string body, long expected)
    {
        AbiModel model = FixtureHeaders.ParseText($"#define ODD {body}\n").Model;

        Assert.Equal(new IntegerValue(expected), model.Constants.Single().Value);
    }

    [Fact]
    public void A_macro_of_a_constant_variable_has_its_value()
    {
        AbiModel model = FixtureHeaders.ParseText("static const int limit = 7;\n#define LIMIT limit\n").Model;

        Assert.Equal(new IntegerValue(7), model.Constants.Single().Value);
    }

    private static string Omitted(ParsedHeaders parsed) =>
        "\n// Left out:\n" + string.Concat(parsed.Omitted.OrderBy(omitted => omitted.Location.Line)
            .Select(omitted =>
                $"// {omitted.Location}: {omitted.Kind} {omitted.Name}: {ClangWords().Replace(omitted.Reason, "(clang: ...)")}\n"));

    // They differ from version to version.
    [GeneratedRegex(@"\(clang: .+\)$")]
    private static partial Regex ClangWords();
}
