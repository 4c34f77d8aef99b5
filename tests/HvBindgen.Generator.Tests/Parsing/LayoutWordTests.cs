using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Parsing;

/// <summary>Words by which one compiler alone lays records out are found however a header comes to use them, and nowhere else.</summary>
public sealed class LayoutWordTests
{
    private const string BigEndian = "scalar_storage_order(\"big-endian\")";
    private const string Order = "gcc lays records out by scalar_storage_order and clang ignores it";
    private const string Microsoft = "clang lays records out by ms_struct and gcc ignores it on arm64";
    private const string Pragma = "clang lays records out by #pragma ms_struct and gcc ignores it";

    public LayoutWordTests() => LibClangLocator.Load();

    [Theory]
    [InlineData("struct be { int a; } __attribute__((packed,\n  " + BigEndian + "\n));\n", 2, Order)]
    [InlineData("struct be { int a; } __attribute__((\n__scalar_storage_order__\n(\"big-endian\")));\n", 2, Order)]
    [InlineData("struct be { int a; } __attribute__((scalar_\\\nstorage_order(\"big-endian\")));\n", 1, Order)]
    [InlineData("#define SSO scalar_storage_order\nstruct be { int a; } __attribute__((SSO(\"big-endian\")));\n", 1, Order)]
    [InlineData("#define BE __attribute__((" + BigEndian + "))\n#define ALSO BE\nstruct be { int a; } ALSO;\n", 1, Order)]
    [InlineData("#define A(x) __attribute__((x))\nstruct be { int a; } A(" + BigEndian + ");\n", 2, Order)]
    [InlineData("#define A(n) __attribute__((n(\"big-endian\")))\nstruct be { int a; } A(scalar_storage_order);\n", 2, Order)]
    [InlineData("#define A(n) __attribute__((scalar_##n(\"big-endian\")))\nstruct be { int a; } A(storage_order);\n", 2, Order)]
    [InlineData("_Pragma(\"scalar_storage_order big-endian\")\nstruct be { int a; };\n", 1, Order)]
    [InlineData("#define BE _Pragma(\"scalar_storage_order big-endian\")\nBE\nstruct be { int a; };\n", 1, Order)]
    [InlineData("#define DO(x) _Pragma(#x)\nDO(scalar_storage_order big-endian)\nstruct be { int a; };\n", 2, Order)]
    [InlineData("struct ms { char a : 1; int b : 2; } __attribute__((packed,\n  ms_struct\n));\n", 2, Microsoft)]
    [InlineData("#define MS __ms_struct__\nstruct __attribute__((MS)) ms { char a : 1; int b : 2; };\n", 1, Microsoft)]
    [InlineData("#pragma ms_struct on\nstruct ms { char a : 1; int b : 2; };\n", 1, Pragma)]
    [InlineData("#pragma ms_struct on\nstruct ms { char a : 1; int b : 2; };\n", 1, Pragma, "x86_64")]
    [InlineData("#pragma ms_struct on\nstruct ms { char a : 1; int b : 2; };\n", 1, Pragma, "i686")]
    [InlineData("_Pragma(\"ms_struct on\")\nstruct ms { char a : 1; int b : 2; };\n", 1, Pragma, "x86_64")]
    [InlineData("#define DO(x) _Pragma(#x)\nDO(ms_struct on)\nstruct ms { char a : 1; int b : 2; };\n", 2, Pragma, "x86_64")]
    public void A_record_laid_out_by_them_is_refused(string header, int line, string reason, string target = "arm64")
    {
        HeaderFault fault = Assert.Single(Assert.Throws<HeaderParseException>(() => FixtureHeaders.ParseText(header, target)).Faults);

        Assert.Equal((line, reason), (fault.Line, fault.Message));
    }

    [Theory]
    [InlineData("#define BE __attribute__((" + BigEndian + "))\nstruct s { int a; };\n")]
    [InlineData("#define BE _Pragma(\"scalar_storage_order big-endian\")\n#ifdef BE\n#undef BE\n#endif\nstruct s { int a; };\n")]
    [InlineData("#if __has_attribute(scalar_storage_order)\nstruct never { int a; };\n#endif\nstruct s { int a; };\n")]
    [InlineData("#define ORDER(s) ((s).scalar_storage_order + (s)->ms_struct)\nstruct s { int ms_struct,\n  scalar_storage_order; };\n")]
    [InlineData("#define KNOWN \"__attribute__((ms_struct))\"\nstruct s { int (*f)(int ms_struct); } __attribute__((packed));\n")]
    [InlineData("#pragma ms_struct off\n#pragma ms_struct reset\nstruct s { char a : 1; int b : 2; };\n")]
    public void One_that_only_names_them_is_not(string header) =>
        Assert.NotEmpty(FixtureHeaders.ParseText(header, "arm64").Model.Records);

    [Fact]
    public void Both_compilers_know_the_attribute_on_machines_that_have_it() =>
        Assert.NotEmpty(FixtureHeaders.ParseText(
            "struct s { char a : 1; int b : 2; } __attribute__((packed,\n  ms_struct\n));\n").Model.Records);
}
