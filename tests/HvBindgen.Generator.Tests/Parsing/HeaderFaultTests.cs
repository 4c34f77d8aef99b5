using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Parsing;

public sealed class HeaderFaultTests
{
    [Fact]
    public void A_missing_header_is_named_where_it_is_included()
    {
        HeaderFault fault = Refuse("struct fine { int a; };\n#include <linux/no_such.h>\n");

        Assert.EndsWith("/test.h", fault.File, StringComparison.Ordinal);
        Assert.Equal((2, 10, "'linux/no_such.h' file not found"), (fault.Line, fault.Column, fault.Message));
    }

    [Fact]
    public void A_missing_header_of_the_set_itself_is_named()
    {
        HeaderParseException fault = Assert.Throws<HeaderParseException>(() => FixtureHeaders.Parse("no-such-fixture.h"));

        Assert.Contains("'no-such-fixture.h' file not found", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_syntax_error_has_file_line_and_column_and_clang_s_words()
    {
        HeaderFault fault = Refuse("struct broken {\n\tint 7;\n};\n");

        Assert.Equal((2, 6, "expected member name or ';' after declaration specifiers"), (fault.Line, fault.Column, fault.Message));
        Assert.EndsWith(
            "/test.h:2:6: error: expected member name or ';' after declaration specifiers", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#define NEXT:: (1 + 1)\n")]
    [InlineData("#define NAME(x) (:: x)\n#define NEXT NAME(1)\n")]
    [InlineData("#define NEXT (1 + LATER)\n#define LATER THEN(2)\n#define THEN(x) (sizeof(::x))\n")]
    [InlineData("#define _IOW(t, n, T) (:: t)\n#define NEXT(x) _IOW(1, x, int)\n#define ALSO NEXT(3)\n")]
    public void Two_colons_in_a_macro_or_in_those_that_it_names_are_no_expression_and_do_not_keep_clang(string macros)
    {
        AbiModel model = FixtureHeaders.ParseText($"{macros}#define FINE 3\n#define ALSO_FINE (\"::\"[0] ? 1 : FINE)\n").Model;

        Assert.Equal(["ALSO_FINE", "FINE"], ((IEnumerable<AbiConstant>)model.Constants).Select(constant => constant.Name).Order());
    }

    [Fact]
    public void An_unknown_type_is_no_silent_int()
    {
        HeaderFault fault = Refuse("struct guess { u64 value; };\n");

        Assert.Equal("unknown type name 'u64'", fault.Message);
    }

    [Fact]
    public void An_error_directive_stops_the_parse_with_its_text()
    {
        HeaderFault fault = Refuse("#ifndef __arm__\n#error \"only for ARM\"\n#endif\n");

        Assert.Equal((2, "\"only for ARM\""), (fault.Line, fault.Message));
    }

    [Fact]
    public void A_record_that_ends_in_an_incomplete_one_is_refused()
    {
        HeaderFault fault = Refuse("struct outer { struct hidden inside; };\n");

        Assert.Contains("incomplete type", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_in_the_header_that_fails_stops_the_parse()
    {
        HeaderFault fault = Refuse("struct loose { char a; long b; };\n_Static_assert(sizeof(struct loose) == 9, \"packed\");\n");

        Assert.Equal(2, fault.Line);
        Assert.Contains("packed", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_of_a_set_are_reported_at_once()
    {
        HeaderParseException fault = Assert.Throws<HeaderParseException>(
            () => FixtureHeaders.ParseText("struct a { one_t x; };\nstruct b { two_t x; };\n#include <three.h>\n"));

        Assert.Equal([1, 2, 3], fault.Faults.Select(each => each.Line).Order());
        Assert.StartsWith("fixture does not parse for x86_64:\n", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_construct_that_the_model_cannot_hold_is_refused_with_its_place()
    {
        HeaderFault fault = Refuse($"#define MANY {new string('*', 150)}\nstruct odd {{\n\tint MANY MANY z;\n}};\n");

        Assert.Equal(3, fault.Line);
        Assert.Contains("not supported", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#define LIMIT 5\nstruct broken {\n")]
    [InlineData("#define LIMIT 5\nstatic inline int open(void) {\n")]
    [InlineData("#define LIMIT 5\nenum broken { A,\n")]
    [InlineData("struct whole { int a; };\nstruct broken { int a; }\n")]
    [InlineData("struct whole { int a; };\ntypedef struct whole\n")]
    [InlineData("struct whole { int a; };\nextern int counter\n")]
    public void A_header_that_ends_inside_a_declaration_is_refused(string header)
    {
        HeaderFault fault = Refuse(header);

        Assert.EndsWith("/test.h", fault.File, StringComparison.Ordinal);
        Assert.Equal(2, fault.Line);
    }

    [Fact]
    public void Two_definitions_of_one_record_are_refused() =>
        Assert.Contains(
            "redefinition of 'twice'", Refuse("struct twice { int a; };\nstruct twice { long a; };\n").Message, StringComparison.Ordinal);

    [Fact]
    public void A_target_that_clang_does_not_know_is_refused()
    {
        TargetInfo unknown = TargetInfo.Find("x86_64")! with { Name = "vax", Triple = "vax-dec-ultrix" };

        HeaderParseException fault = Assert.Throws<HeaderParseException>(
            () => FixtureHeaders.ParseText("struct fine { int a; };\n", change: request => request with { Target = unknown }));

        Assert.Contains("vax", fault.Message, StringComparison.Ordinal);
    }

    // The zSystems ELF ABI: __int128 is aligned to 8 bytes. libclang 14 says 16.
    [Fact]
    public void A_libclang_that_aligns_128_bit_numbers_otherwise_than_the_machine_is_told_of_and_lays_nothing_out()
    {
        LoadedLibClang library = LibClangLocator.Load();
        const string Header = "struct s {\n\tchar c;\n\tunsigned __int128 wide[2];\n};\n";
        if (library.Major <= 14)
        {
            HeaderFault fault = Assert.Single(
                Assert.Throws<HeaderParseException>(() => FixtureHeaders.ParseText(Header, "s390x")).Faults);

            Assert.Equal(3, fault.Line);
            Assert.Contains("aligns __int128 to 16 bytes and the ABI of s390x to 8", fault.Message, StringComparison.Ordinal);
        }
        else
        {
            AbiRecord record = FixtureHeaders.ParseText(Header, "s390x").Model.Records[0];
            Assert.Equal((8L, 40L), (record.AlignBytes, record.SizeBytes));
        }

        // What needs no layout of such a number is right with every version.
        AbiModel pointed = FixtureHeaders.ParseText("#define WIDE ((__int128)1 << 70)\nstruct s { __int128 *p; };\n", "s390x").Model;
        Assert.Equal(8, pointed.Records[0].SizeBytes);
        Assert.Equal(16, FixtureHeaders.ParseText(Header).Model.Records[0].AlignBytes);
    }

    [Theory]
    [InlineData("struct __attribute__((scalar_storage_order(\"big-endian\"))) s { int a : 4; };\n", "x86_64", "clang ignores it")]
    [InlineData("#pragma scalar_storage_order big-endian\nstruct s { int a : 4; };\n", "x86_64", "clang ignores it")]
    [InlineData("struct __attribute__((__ms_struct__)) s { char a : 1; int b : 2; };\n", "arm64", "gcc ignores it on arm64")]
    [InlineData("struct inner { int a, b, c; };\nstruct s { char c; _Atomic struct inner in; };\n", "x86_64", "12 with gcc")]
    [InlineData("typedef int __attribute__((aligned(8))) t; struct s { char c; t b : 5; };\n", "x86_64", "the type of bit-field \"b\"")]
    [InlineData("typedef int __attribute__((aligned(8))) t; struct s { char c; t : 0; };\n", "arm64", "the type of an unnamed bit-field")]
    [InlineData("enum __attribute__((mode(QI))) e { A, B };\n", "x86_64", "\"enum e\" has a mode and nothing negative")]
    [InlineData("typedef enum __attribute__((__mode__(__HI__))) { A, B } e;\n", "arm64", "clang makes it signed and gcc unsigned")]
    public void A_record_that_compilers_lay_out_each_in_its_own_way_is_refused_with_its_line(string header, string target, string reason)
    {
        HeaderFault fault = Assert.Single(
            Assert.Throws<HeaderParseException>(() => FixtureHeaders.ParseText(header, target)).Faults);

        Assert.Equal(header.Contains("inner", StringComparison.Ordinal) ? 2 : 1, fault.Line);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("struct s { int ms_struct, scalar_storage_order; }; /* __attribute__((ms_struct)) */\n", "arm64")]
    [InlineData("struct __attribute__((ms_struct)) s { char a : 1; int b : 2; };\n", "x86_64")]
    [InlineData("typedef int __attribute__((aligned(2))) t; struct s { char c; t b : 5; };\n", "x86_64")]
    [InlineData("typedef int __attribute__((aligned(8))) t; struct s { char c; t b; int d : 5 __attribute__((aligned(8))); };\n", "arm64")]
    [InlineData("struct inner { int a, b; };\nstruct s { char c; _Atomic struct inner in; };\n", "x86_64")]
    [InlineData("struct inner { int a, b, c; };\nstruct s { _Atomic struct inner *in; };\n", "x86_64")]
    public void A_record_that_compilers_lay_out_alike_is_not_refused_for_the_words_in_it(string header, string target) =>
        Assert.NotEmpty(FixtureHeaders.ParseText(header, target).Model.Records);

    [Theory]
    [InlineData("enum __attribute__((mode(QI))) e { A = -1, B };\n", PrimitiveKind.SChar)]
    [InlineData("enum __attribute__((packed)) e { A, B };\n", PrimitiveKind.UChar)]
    [InlineData("enum __attribute__((deprecated)) e { A, B };\n", PrimitiveKind.UInt)]
    public void An_enum_that_compilers_make_of_one_type_is_not_refused_for_its_attributes(string header, PrimitiveKind expected) =>
        Assert.Equal(expected, FixtureHeaders.ParseText(header).Model.Enums.Single().Underlying);

    [Fact]
    public void A_target_of_another_width_is_refused()
    {
        TargetInfo wrong = TargetInfo.Find("x86_64")! with { Triple = "i686-linux-gnu" };

        HeaderParseException fault = Assert.Throws<HeaderParseException>(
            () => FixtureHeaders.ParseText("struct fine { long a; };\n", change: request => request with { Target = wrong }));

        Assert.Contains("32-bit pointers", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Requests_without_the_macros_that_decode_them_are_refused()
    {
        const string Header =
            "#define _IOC(d, t, n, s) 5U\n#define _IOW(t, n, T) _IOC(1, t, n, sizeof(T))\n#define DEMO_SET _IOW(1, 2, int)\n";

        Exception? fault = Record.Exception(
            () => FixtureHeaders.ParseText(Header, change: request => request with { IncludePaths = [request.IncludePaths[0]] }));

        Assert.IsType<HeaderParseException>(fault);
    }

    [Fact]
    public void A_header_that_is_not_there_is_told_alone()
    {
        HeaderParseException fault = Assert.Throws<HeaderParseException>(
            () => FixtureHeaders.ParseText("#include <gone.h>\n#include <gone_too.h>\nstruct a { gone_t x; };\n"));

        Assert.EndsWith("'gone.h' file not found", Assert.Single(fault.Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_and_variables_are_left_out_and_reported()
    {
        ParsedHeaders parsed = FixtureHeaders.ParseText("static inline int twice(int x) { return 2 * x; }\nextern int counter;\n");

        Assert.Equal(["twice", "counter"], parsed.Omitted.Select(omitted => omitted.Name));
    }

    [Fact]
    public void Blocked_names_are_left_out()
    {
        ParsedHeaders parsed = FixtureHeaders.ParseText(
            "struct keep { int a; };\nstruct drop_me { int a; };\n#define DROP_IT 1\n",
            change: request => request with { Block = ["drop_*", "DROP_*"] });

        Assert.Equal(["keep"], ((IEnumerable<AbiRecord>)parsed.Model.Records).Select(record => record.Name));
        Assert.Empty((IEnumerable<AbiConstant>)parsed.Model.Constants);
    }

    private static HeaderFault Refuse(string header) =>
        Assert.Throws<HeaderParseException>(() => FixtureHeaders.ParseText(header)).Faults[0];
}
