using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Parsing;

/// <summary>Headers may be named by macros, as FreeType's are.</summary>
public sealed class IncludeMacrosTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public IncludeMacrosTests() => LibClangLocator.Load();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_header_that_a_macro_names_is_read_with_its_own_macros()
    {
        folder.With("lib/names.h", "#define LIB_TYPES_H <lib/types.h>\n#define LIB_CONFIG_H LIB_TYPES_H\n")
            .With("lib/types.h", "struct found { long x; };\n#define FOUND 7\n#define LOOP do { } while (0)\n");

        AbiModel model = Parse("#include <lib/names.h>\n#include LIB_CONFIG_H\nstruct user { struct found f; };\n", ["*.h", "lib/*.h"]);

        Assert.Equal(8, model.Index.FindRecord("struct found")!.SizeBytes);
        Assert.Contains(model.Constants, constant => constant.Name == "FOUND");
        Assert.Contains(model.Macros, macro => macro.Name == "LOOP" && macro.Digest.Length > 0);
    }

    [Fact]
    public void It_may_be_found_by_way_of_a_header_that_is_not_the_sets_own()
    {
        folder.With("lib/config.h", "#define INNER \"inner.h\"\n#include INNER\n").With("lib/inner.h", "#define LOOP do { } while (0)\n");

        AbiModel model = Parse("#include <lib/config.h>\nstruct user { int x; };\n", ["demo.h", "lib/inner.h"]);

        Assert.Contains(model.Macros, macro => macro.Name == "LOOP" && macro.Digest.Length > 0);
    }

    [Fact]
    public void A_header_that_is_included_by_a_macro_may_define_further_ones()
    {
        folder.With("first.h", "#define SECOND \"second.h\"\n").With("second.h", "struct found { int x; };\n");

        AbiModel model = Parse("#define FIRST \"first.h\"\n#include FIRST\n#include SECOND\n", ["*.h"]);

        Assert.NotNull(model.Index.FindRecord("struct found"));
    }

    [Fact]
    public void The_configuration_may_define_the_macro()
    {
        folder.With("port.cfg", "struct found { int x; };\n");

        Assert.NotNull(Parse("#include PORT\n", ["*"], "PORT=\"port.cfg\"").Index.FindRecord("struct found"));
    }

    [Fact]
    public void A_macro_that_nothing_defines_may_stand_in_a_branch_that_is_not_taken()
    {
        Assert.NotNull(Parse("#ifdef USER_H\n#include USER_H\n#endif\nstruct user { int x; };\n", ["*.h"]).Index.FindRecord("struct user"));
        Assert.Contains(
            "demo.h:1:10: error: expected \"FILENAME\" or <FILENAME>",
            Assert.Throws<HeaderParseException>(() => Parse("#include USER_H\n", ["*.h"])).Message,
            StringComparison.Ordinal);
    }

    private AbiModel Parse(string header, IReadOnlyList<string> own, params string[] defines)
    {
        folder.With("demo.h", header);
        return HeaderParser.Parse(
            new ParseRequest("demo", TargetInfo.Find("x86_64")!, ["demo.h"], [folder.Root]) { OwnHeaders = own, Defines = defines }).Model;
    }
}
