using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Files;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Hostile;

/// <summary>Headers make the compiler open what they include and nothing else, however they say it.</summary>
public sealed class IncludeGuardTests : IDisposable
{
    private const string Secret = "hunter2";
    private const string Outside = "outside of the include folders";

    private readonly TemporaryFolder folder = new();

    public IncludeGuardTests()
    {
        LibClangLocator.Load();
        folder.With("repo/.git/config", $"{Secret} = {Secret};\n").With("repo/inc/deep/other.h", "struct other { int x; };\n")
            .With("outside.h", $"struct {Secret} {{ int x; }} y z;\n");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("#include \"../.git/config\"\n")]
    [InlineData("#include \"../../outside.h\"\n")]
    [InlineData("#include <../.git/config>\n")]
    [InlineData("#  include /* c */ \"../.git/config\"\n")]
    [InlineData("# /* c\n */ include /* d\n */ \"../.git/config\"\n")]
    [InlineData("%: include \"../.git/config\"\n")]
    [InlineData("#inc\\\nlude \"../.git/config\"\n")]
    [InlineData("#inc\\ \t\nlude \"../.git/con\\\nfig\"\n")]
    [InlineData("#include_next \"../.git/config\"\n")]
    [InlineData("#import \"../.git/config\"\n")]
    [InlineData("#embed \"../.git/config\"\n")]
    [InlineData("const char *s = R\"(\n/*\n)\";\n#include \"../.git/config\"\n/* */\n")]
    [InlineData("/\\\n* */ #include \"../.git/config\"\n")]
    [InlineData("#define X 'a\n#include \"../.git/config\"\n")]
    [InlineData("#include \"deep/../../.git/config\"\n")]
    [InlineData("#include \"deep/through.h\"\n")]
    [InlineData("#include \"link.h\"\n")]
    [InlineData("#include \"linked/config\"\n")]
    [InlineData("#define NAME \"../.git/config\"\n#include NAME\n")]
    [InlineData("#define NAME OTHER\n#define OTHER <../.git/config>\n#include NAME\n")]
    [InlineData("#define NAME \"deep/other.h\"\n#include NAME\n#undef NAME\n#define NAME \"../.git/config\"\n#include NAME\n")]
    [InlineData("#de\\\nfine/* c */NAME /* d */ \"../.git/con\\\nfig\" // e\n#include NAME // f\n")]
    [InlineData("const char *s = R\"(\n/*\n)\";\n#define NAME \"../.git/config\"\n#include NAME\n/* */\n")]
    public void What_lies_outside_is_not_included_and_nothing_of_it_is_said(string header)
    {
        folder.With("repo/inc/deep/through.h", "#include \"../../.git/config\"\n");
        File.CreateSymbolicLink(folder["repo/inc/link.h"], "../.git/config");
        Directory.CreateSymbolicLink(folder["repo/inc/linked"], "../.git");

        string message = Refusal(header);

        Assert.Contains(Outside, message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, message, StringComparison.Ordinal);
        Assert.Matches(@"inc/(deep/through|demo)\.h:\d+:1: error: ", message);
    }

    [Fact]
    public void A_step_up_from_behind_a_link_is_one_from_where_the_link_leads()
    {
        folder.With("elsewhere/empty.h", "").With("repo/inc/outside.h", "struct inside { int x; };\n");
        Directory.CreateSymbolicLink(folder["repo/inc/out"], folder["elsewhere"]);

        string message = Refusal("#include \"out/../outside.h\"\n");

        Assert.Contains(Outside, message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/*\n * Users are advised to #include this file.\n */\n")]
    [InlineData("/* Windows needs to export/import data. */\n")]
    [InlineData("/* Either/#import or */\n")]
    public void Prose_that_speaks_of_an_include_is_none(string text) => Assert.Empty(IncludeNames.Of(text));

    [Fact]
    public void An_absolute_name_is_one_outside() =>
        Assert.Contains(Outside, Refusal($"#include \"{folder["outside.h"]}\"\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("#define NAME(x) <x.h>\n#include NAME(deep/other)\n")]
    [InlineData("#define HALF <deep/other.h\n#include HALF >\n")]
    [InlineData("#define NAME \"deep/\" \"other.h\"\n#include NAME\n")]
    [InlineData("#define other x\n#define NAME <deep/other.h>\n#include NAME\n")]
    [InlineData("struct no; //\n#include __FILE__\n")]
    [InlineData("#define \u00c4 \"deep/other.h\"\n#include \u00c4\n")]
    [InlineData("#define NAME \"deep/other.h\"\n#include_next NAME\n")]
    public void A_macro_that_only_the_compiler_could_expand_is_refused_with_its_place(string header) =>
        Assert.Matches(@"demo\.h:[23]:1: error: an #include of a?\s?macro.* is not followed", Refusal(header));

    [Fact]
    public void Headers_that_name_each_other_by_macros_without_end_are_refused_in_time()
    {
        for (int step = 0; step < 600; step++)
        {
            folder.With($"repo/inc/step{step}.h", $"#define NEXT{step + 1} \"step{step + 1}.h\"\n");
        }

        string header = string.Concat(Enumerable.Range(0, 600).Select(step => $"#include NEXT{step}\n"));

        Assert.Contains(
            $"it is one of over {IncludeGuard.MaxFollowed} headers that macros could name",
            Refusal($"#define NEXT0 \"step0.h\"\n{header}"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_and_a_pipe_are_no_headers()
    {
        File.CreateSymbolicLink(folder["repo/inc/zero.h"], "/dev/zero");
        Assert.Equal(0, ChildProgram.Run("mkfifo", folder["repo/inc/pipe.h"]).ExitCode);

        Assert.Contains(Outside, Refusal("#include \"zero.h\"\n"), StringComparison.Ordinal);
        Assert.Contains("\"pipe.h\" is not included: it is no regular file", Refusal("#include \"pipe.h\"\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_larger_than_any_is_refused()
    {
        folder.With("repo/inc/large.h", "");
        using (FileStream large = File.OpenWrite(folder["repo/inc/large.h"]))
        {
            large.SetLength(IncludeGuard.MaxFileBytes + 1);
        }

        Assert.Contains("larger than 32 MB", Refusal("#include \"large.h\"\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#include \"deep/other.h\"\n")]
    [InlineData("#include \"deep/../deep/other.h\"\n")]
    [InlineData("#include <sibling.h>\n")]
    [InlineData("#include <alias.h>\n")]
    [InlineData("#define NAME <alias.h>\n#include NAME\n")]
    [InlineData("/* One may include this in \"../.git/config\". */\nstruct other { int x; };\n")]
    [InlineData("#if __has_include(<nowhere.h>)\n#include <nowhere.h>\n#endif\nstruct other { int x; };\n")]
    public void What_is_inside_is_included(string header)
    {
        folder.With("repo/more/sibling.h", "#include \"../inc/deep/other.h\"\n");
        File.CreateSymbolicLink(folder["repo/more/alias.h"], "../inc/deep/other.h");

        Assert.Contains(Parse(header).Model.Records, record => record.Name == "other");
    }

    [Fact]
    public void Bounds_allow_more_than_the_include_folders()
    {
        folder.With("repo/elsewhere/e.h", "struct other { int x; };\n");
        PathBounds bounds = PathBounds.Around(folder["repo/hvbindgen.json"]);

        Assert.Contains(Outside, Refusal("#include \"../elsewhere/e.h\"\n"), StringComparison.Ordinal);
        Assert.Single(Parse("#include \"../elsewhere/e.h\"\n", bounds).Model.Records);
        Assert.Throws<HeaderParseException>(() => Parse("#include \"../.git/config\"\n", bounds));
    }

    [Fact]
    public void What_the_compiler_opened_all_the_same_is_not_quoted()
    {
        IncludeGuard guard = new(Request(null));

        HeaderParseException fault = Assert.Throws<HeaderParseException>(
            () => guard.RequireAfter([folder["repo/inc/deep/other.h"], folder["repo/.git/config"]]));

        Assert.Contains("the headers made the compiler open", Assert.Single(fault.Faults).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fault.Message, StringComparison.Ordinal);
    }

    private string Refusal(string header) => Assert.Throws<HeaderParseException>(() => Parse(header)).Message;

    private ParsedHeaders Parse(string header, PathBounds? bounds = null)
    {
        folder.With("repo/inc/demo.h", header);
        return HeaderParser.Parse(Request(bounds));
    }

    private ParseRequest Request(PathBounds? bounds) =>
        new("demo", TargetInfo.Find("x86_64")!, ["demo.h"], [folder["repo/inc"], folder["repo/more"]])
        {
            Bounds = bounds,
            OwnHeaders = ["*.h"],
        };
}
