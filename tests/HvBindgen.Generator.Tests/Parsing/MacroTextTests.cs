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

    private static void RequireFound(string header)
    {
        AbiModel model = FixtureHeaders.ParseText(header).Model;

        AbiMacro macro = model.Macros.Single(macro => macro.Name == "FN");
        Assert.Equal(("(x, y)", MacroDigest.Of("((x) + 2)")), (macro.Parameters, macro.Digest));
    }
}
