using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Parsing;

/// <summary>The text of a set's own headers is found however they include each other: what a macro says is known by it alone.</summary>
public sealed class OwnHeaderTextTests : IDisposable
{
    private const string Macros = "#define NOVAL(y) y\n#define FN(x) ((x) + 2)\nstruct k { int a; };\n";

    private readonly TemporaryFolder folder = new();

    public OwnHeaderTextTests() => LibClangLocator.Load();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("../k.h")]
    [InlineData("./../k.h")]
    [InlineData("../sub/../k.h")]
    [InlineData("..//k.h")]
    public void A_macro_without_a_value_keeps_its_digest_when_its_header_is_included_by_a_relative_path(string path)
    {
        folder.With("a.h", "#include \"sub/b.h\"\n").With("sub/b.h", $"#include \"{path}\"\n").With("k.h", Macros);

        ParsedHeaders parsed = Parse(["a.h"], ["*"]);

        Assert.Equal(["FN", "NOVAL"], DigestedMacros(parsed));
        Assert.Contains(new AbiInclusion("sub/b.h", ["k.h"]), (IEnumerable<AbiInclusion>)parsed.Model.Inclusions);
    }

    [Fact]
    public void A_macro_without_a_value_keeps_its_digest_below_headers_that_are_not_own()
    {
        folder.With("umbrella.h", "#include <middle.h>\n").With("middle.h", "#include \"real/k.h\"\n").With("real/k.h", Macros);

        Assert.Equal(["FN", "NOVAL"], DigestedMacros(Parse(["umbrella.h"], ["real/*"])));
    }

    [Fact]
    public void What_clang_warns_of_is_told_of_own_headers_alone()
    {
        folder.With("a.h", "#include <library.h>\n#define OWN 1\n#define OWN 2\n").With("library.h", "#define FAR 1\n#define FAR 2\n");

        HeaderFault own = Assert.Single(Parse(["a.h"], ["a.h"]).Warnings);

        Assert.Equal(("'OWN' macro redefined", 3), (own.Message, own.Line));
        Assert.Equal(2, Parse(["a.h"], ["*"]).Warnings.Count);
    }

    [Fact]
    public void A_changed_body_of_such_a_macro_is_a_changed_digest_and_a_changed_layout_of_its_text_is_none()
    {
        folder.With("a.h", "#include \"sub/b.h\"\n").With("sub/b.h", "#include \"../k.h\"\n").With("k.h", Macros);
        AbiModel before = Parse(["a.h"], ["*"]).Model;
        File.WriteAllText(folder["k.h"], Macros.Replace("((x) + 2)", "((x)  +  2)", StringComparison.Ordinal));
        AbiModel spaced = Parse(["a.h"], ["*"]).Model;
        File.WriteAllText(folder["k.h"], Macros.Replace("+ 2", "+ 3", StringComparison.Ordinal));
        AbiModel changed = Parse(["a.h"], ["*"]).Model;

        Assert.Equal(before.Macros, spaced.Macros);
        Assert.NotEqual(before.Macros, changed.Macros);
    }

    [Fact(Timeout = 20_000)]
    public async Task Headers_that_include_each_other_in_a_circle_of_relative_paths_are_read_once_each()
    {
        folder.With("a.h", "#ifndef A_H\n#define A_H\n#include \"sub/b.h\"\nstruct a { int x; };\n#define TWICE(x) ((x) * 2)\n#endif\n")
            .With("sub/b.h",
                "#ifndef B_H\n#define B_H\n#include \"../a.h\"\n#include \"../sub/../sub/b.h\"\nstruct b { int y; };\n#endif\n");

        ParsedHeaders parsed = await Task.Run(() => Parse(["a.h"], ["*"]), TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b"], ((IEnumerable<AbiRecord>)parsed.Model.Records).Select(record => record.Name));
        Assert.Equal(["a.h", "sub/b.h"], ((IEnumerable<AbiInclusion>)parsed.Model.Inclusions).Select(inclusion => inclusion.Header));
    }

    [Fact]
    public void A_header_that_an_own_one_includes_in_quotes_from_below_another_folder_is_own_where_no_pattern_says_otherwise()
    {
        folder.With("a.h", "#include \"sub/b.h\"\n").With("sub/b.h", "#include \"../k.h\"\n").With("k.h", Macros);

        Assert.Equal(["FN", "NOVAL"], DigestedMacros(Parse(["a.h"], null)));
        Assert.Empty(DigestedMacros(Parse(["a.h"], ["a.h"])));
    }

    [Fact]
    public void What_the_compiler_itself_defines_is_no_set_s_own() =>
        Assert.Empty((IEnumerable<AbiConstant>)Parse([folder.With("a.h", "struct a { int x; };\n")["a.h"]], ["*"]).Model.Constants);

    [Fact]
    public void Headers_of_the_tool_s_own_belong_to_no_pattern()
    {
        folder.With("a.h", "#include <stddef.h>\n#include <limits.h>\nstruct a { size_t x; };\n")
            .With("limits.h", "#include_next <limits.h>\n#define NAME_MAX 255\n");

        AbiModel model = Parse(["a.h"], ["*"]).Model;

        Assert.Equal(["NAME_MAX"], ((IEnumerable<AbiConstant>)model.Constants).Select(constant => constant.Name));
        Assert.Equal(["a"], ((IEnumerable<AbiRecord>)model.Records).Select(record => record.Name));
        Assert.Equal(["size_t"], ((IEnumerable<AbiTypedef>)model.Typedefs).Select(typedef => typedef.Name));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("limits.h")]
    public void A_header_of_a_library_that_goes_on_in_the_tool_s_own_is_read_with_it_where_it_is_named(string? own)
    {
        folder.With("limits.h", "#include_next <limits.h>\n#define NAME_MAX 255\n#define NOVAL(y) y\n");

        ParsedHeaders parsed = Parse(["limits.h"], own is null ? null : [own]);

        Assert.Equal(["NOVAL"], DigestedMacros(parsed).Where(name => name == "NOVAL"));
        Assert.Superset(
            new HashSet<string> { "INT_MAX", "NAME_MAX" },
            ((IEnumerable<AbiConstant>)parsed.Model.Constants).Select(constant => constant.Name).ToHashSet());
    }

    private ParsedHeaders Parse(IReadOnlyList<string> headers, string[]? own)
    {
        ParseRequest request = new("own", TargetInfo.Find("x86_64")!, [.. headers.Select(Path.GetFileName)!], [folder.Root]);
        return HeaderParser.Parse(own is null ? request : request with { OwnHeaders = own, OwnsQuotedIncludes = false });
    }

    private static IEnumerable<string> DigestedMacros(ParsedHeaders parsed) =>
        ((IEnumerable<AbiMacro>)parsed.Model.Macros).Where(macro => macro.Digest.Length > 0).Select(macro => macro.Name);
}
