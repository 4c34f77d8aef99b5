using HvBindgen.Cli.Printing;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Emit;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

public sealed class InitCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Init_starts_a_configuration_that_generates()
    {
        folder.With("inc/demo/thing.h", CommandLine.Header);
        Directory.CreateDirectory(folder["new/.git"]);
        string[] init =
            ["init", folder["new"], "--header", "demo/thing.h", "--namespace", "My.Abi", "--include", folder["inc"], "--target", "x86_64"];

        Ending first = CommandLine.Run(init);
        Ending again = CommandLine.Run(init);
        Ending outside = CommandLine.Run("generate", "--config", folder["new/hvbindgen.json"]);
        Ending generated = CommandLine.Run("generate", "--config", folder["new/hvbindgen.json"], "--allow-path", folder["inc"]);

        Assert.Equal((int)ExitCode.Ok, first.ExitCode);
        Assert.EndsWith($" --allow-path {folder["inc"]}\n", first.Error, StringComparison.Ordinal);
        Assert.Equal((int)ExitCode.BadConfiguration, outside.ExitCode);
        Assert.Equal((int)ExitCode.BadConfiguration, again.ExitCode);
        Assert.Contains("--force", again.Error, StringComparison.Ordinal);
        Assert.Equal(((int)ExitCode.Ok, ""), (generated.ExitCode, generated.Out));
        Assert.Equal(
            [".git", "Generated", "abi", "hvbindgen.json", "hvbindgen.schema.json"], Directory.GetFileSystemEntries(folder["new"])
                .Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Init_refuses_headers_that_are_not_there()
    {

        Ending result = CommandLine.Run("init", folder.Root, "--header", "gone.h", "--namespace", "My.Abi", "--include", folder.Root);

        Assert.Equal((int)ExitCode.HeadersMissing, result.ExitCode);
        Assert.Empty(folder.Entries());
    }

    [Fact]
    public void Init_takes_headers_of_the_tool_s_own_beside_others()
    {
        folder.With("inc/thing.h", "struct thing { uint32_t a; };\n");

        Ending started = CommandLine.Run(
            "init", folder.Root, "-H", "stdint.h", "-H", "thing.h", "-n", "My.Abi", "-I", folder["inc"], "-t", "x86_64");
        Ending generated = CommandLine.Run("generate", "--config", folder["hvbindgen.json"]);

        Assert.Equal(((int)ExitCode.Ok, (int)ExitCode.Ok), (started.ExitCode, generated.ExitCode));
    }

    [Fact]
    public void Init_says_which_package_has_the_headers_of_another_machine()
    {
        folder.With("usr/linux/types.h", "#include <asm/types.h>\n").With("usr/x86_64-linux-gnu/asm/types.h", "").With("usr/linux/a.h", "");

        Ending result = CommandLine.Run(
            "init", folder.Root, "-H", "linux/a.h", "-n", "A", "-t", "x86_64", "-t", "arm64", "-I", folder["usr"], "-I",
            folder["usr/{multiarch}"]);

        Assert.Equal((int)ExitCode.HeadersMissing, result.ExitCode);
        Assert.Contains("not found for arm64: asm/types.h", result.Error, StringComparison.Ordinal);
        Assert.Contains("linux-libc-dev-arm64-cross", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["hvbindgen.json"]));
    }

    [Fact]
    public void Init_adds_a_header_and_options_to_the_set_that_is_there_and_keeps_what_a_person_wrote()
    {
        folder.With("inc/a.h", "struct a { int x; };\n").With("inc/b.h", "struct b { int x; };\n#define B_NOT 1\n")
            .With("hvbindgen.json", """
            {
              // ours
              "sets": [{
                "name": "mine",
                "headers": [
                  "a.h", // first
                ],
                "own": ["a.h"], "includePaths": ["inc"],
                "csharp": { "namespace": "Mine", "output": "out" }
              }]
            }
            """);

        Ending added = CommandLine.Run("init", folder.Root, "--header", "b.h", "--define", "WITH_B", "--block", "B_NOT");

        Assert.Equal((int)ExitCode.Ok, added.ExitCode);
        string text = folder.Text("hvbindgen.json");
        Assert.Contains("// ours", text, StringComparison.Ordinal);
        Assert.Contains("      \"a.h\",\n      \"b.h\" // first\n", text, StringComparison.Ordinal);
        BindingSet set = BindingConfiguration.Read(folder["hvbindgen.json"]).Sets[0];
        Assert.Equal(["a.h", "b.h"], set.Headers);
        Assert.Equal(["a.h", "b.h"], set.Own);
        Assert.Equal(["WITH_B", "B_NOT"], [.. set.Defines, .. set.Block]);
        Assert.Equal((int)ExitCode.Ok, CommandLine.Run(folder, "generate").ExitCode);
    }

    [Fact]
    public void Init_adds_a_set_whose_names_do_not_clash_with_the_first()
    {
        folder.With("inc/a.h", "struct a { int x; };\n#define A_ONE 1\n").With("inc/b.h", "struct b { int x; };\n#define B_ONE 1\n");
        CommandLine.Run("init", folder.Root, "-H", "a.h", "-n", "My", "-I", folder["inc"]);

        Ending second = CommandLine.Run("init", folder.Root, "-H", "b.h", "-n", "My.B", "-I", folder["inc"], "--internal", "--own", "b*.h");
        Ending generated = CommandLine.Run(folder, "generate");

        Assert.Equal(((int)ExitCode.Ok, (int)ExitCode.Ok), (second.ExitCode, generated.ExitCode));
        BindingSet set = BindingConfiguration.Read(folder["hvbindgen.json"]).Sets[1];
        Assert.Equal(("My", "BConstants", "b", true), (set.SupportNamespace, set.ConstantsClass, set.DefaultDescriptor, set.IsInternal));
        Assert.Equal(["b*.h"], set.Own);
        Assert.True(File.Exists(folder["Generated/b/b/BConstants.g.cs"]));
    }

    [Fact]
    public void Init_starts_a_set_in_the_next_language_and_what_is_added_follows()
    {
        folder.With("inc/a.h", "struct a { void *x; };\n").With("inc/b.h", "struct b { int x; };\n").With("my.csproj", "<Project />\n");
        Ending first = CommandLine.Run("init", folder.Root, "-H", "a.h", "-n", "My", "-I", folder["inc"], "--language", "15");
        Ending second = CommandLine.Run("init", folder.Root, "-H", "b.h", "-n", "My.B", "-I", folder["inc"]);
        Ending generated = CommandLine.Run(folder, "generate");
        Ending refused = CommandLine.Run("init", folder.Root, "-H", "a.h", "-n", "My", "--force", "--language", "13");

        Assert.Equal([0, 0, 0], [first.ExitCode, second.ExitCode, generated.ExitCode]);
        Assert.All(
            BindingConfiguration.Read(folder["hvbindgen.json"]).Sets, set => Assert.Equal(CSharpLanguage.CSharp15, set.Language));
        Assert.Contains("public unsafe void* x;", folder.Text("Generated/a/Records.g.cs"), StringComparison.Ordinal);
        Assert.Contains("updated-memory-safety-rules</Features>", generated.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, refused.ExitCode);
    }

    [Fact]
    public void Init_finds_a_header_in_the_current_folder_and_names_it_as_others_have_it_too()
    {
        folder.With("mine/va.h", CommandLine.Header).With("own/vb.h", "struct vb { int x; };\n");
        string tool = Path.Combine(AppContext.BaseDirectory, "hvbindgen.dll");
        Ending Tool(string arguments) => new ChildProgram("dotnet", [tool, .. arguments.Split(' ')]) { Folder = folder["mine"] }.Run();

        Ending started = Tool("init --header ./va.h --namespace Va");
        Ending generated = Tool("generate");
        Ending added = Tool("init --header vb.h --include ../own");
        Ending missing = Tool("init --header vc.h");

        Assert.Equal([0, 0, 0], [started.ExitCode, generated.ExitCode, added.ExitCode]);
        BindingSet set = BindingConfiguration.Read(folder["mine/hvbindgen.json"]).Sets[0];
        Assert.Equal(["va.h", "vb.h"], set.Headers);
        Assert.Equal([folder["mine"], folder["own"]], set.IncludePaths.TakeLast(2));
        Assert.Contains("\".\"", folder.Text("mine/hvbindgen.json"), StringComparison.Ordinal);
        Assert.Equal((int)ExitCode.HeadersMissing, missing.ExitCode);
        Assert.Contains("the current folder", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Init_says_what_the_names_are_to_be_and_adds_to_it()
    {
        folder.With("inc/a.h", "struct a_one { int x; int y; };\n#define A_TWO 2\n#define B_THREE 3\n#define B_FOUR 4\n");
        string[] start =
        [
            "init", folder.Root, "-H", "a.h", "-n", "My", "-I", folder["inc"], "--strip-prefix", "A_", "a_", "--rename",
            "struct a_one.x=First", "--attribute", "struct a_one=System.Obsolete(\"a=b\")", "--one-file", "--class-prefix", "My",
        ];

        Ending started = CommandLine.Run(start);
        Ending added = CommandLine.Run(
            "init", folder.Root, "-H", "a.h", "--strip-prefix", "A_", "B_", "--rename", "struct a_one.y=Second", "--attribute",
            "struct a_one=System.Serializable", "--internal", "--one-file", "-t", "arm64");
        Ending generated = CommandLine.Run(folder, "generate");
        Ending other = CommandLine.Run("init", folder.Root, "-H", "a.h", "--class-prefix", "Other");

        Assert.Equal([0, 0, 0], [started.ExitCode, added.ExitCode, generated.ExitCode]);
        string text = folder.Text("Generated/Bindings.g.cs");
        Assert.All(
            (string[])["int First;", "int Second;", "[System.Obsolete(\"a=b\")]", "[System.Serializable]", "internal struct one", "THREE"],
            expected => Assert.Contains(expected, text, StringComparison.Ordinal));
        Assert.DoesNotContain("struct a_one\n", text, StringComparison.Ordinal);
        Assert.Equal(2, BindingConfiguration.Read(folder["hvbindgen.json"]).Sets[0].Targets.Count);
        Assert.Equal((int)ExitCode.BadConfiguration, other.ExitCode);
        Assert.Contains("sets[0].csharp.classPrefix is \"My\" already", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Init_writes_nothing_that_generate_would_refuse()
    {
        folder.With("inc/a.h", "struct a { int x; };\n");

        Ending result = CommandLine.Run("init", folder.Root, "-H", "a.h", "-n", "No Namespace", "-I", folder["inc"]);

        Assert.Equal((int)ExitCode.BadConfiguration, result.ExitCode);
        Assert.Equal(["inc"], Directory.GetFileSystemEntries(folder.Root).Select(Path.GetFileName));
    }

    [Fact]
    public void Init_asks_for_a_namespace_only_where_there_is_no_set_yet()
    {
        folder.With("inc/a.h", "struct a { int x; };\n");

        Ending result = CommandLine.Run("init", folder.Root, "-H", "a.h", "-I", folder["inc"]);

        Assert.Equal((int)ExitCode.BadConfiguration, result.ExitCode);
        Assert.Contains("--namespace", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("<PropertyGroup><AllowUnsafeBlocks>true</AllowUnsafeBlocks></PropertyGroup>", false)]
    public void Init_and_generate_say_what_the_project_lacks_before_the_compiler_does(string setting, bool lacks)
    {
        folder.With("inc/a.h", "struct a { int x; };\n").With("my.csproj", $"<Project>{setting}</Project>\n");

        Ending init = CommandLine.Run("init", folder.Root, "-H", "a.h", "-n", "My", "-I", folder["inc"]);
        Ending generated = CommandLine.Run(folder, "generate");

        Assert.All([init, generated], ending => Assert.Equal(lacks, ending.Error.Contains("AllowUnsafeBlocks", StringComparison.Ordinal)));
    }
}
