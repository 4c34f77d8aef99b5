using System.Text.RegularExpressions;
using Xunit;

namespace HvBindgen.Generator.Tests.Architecture;

/// <summary>The folders of the generator are stages: each uses what stands before it, never what stands after.</summary>
public sealed partial class StageTests
{
    private const string Generator = "generator/HvBindgen.Generator";

    // Each stage with those it may use, beside what lies in no folder: that is for all and uses none.
    // Configuration turns a file into requests to all stages; nobody but the command line uses it.
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        [""] = [],
        ["Model"] = [],
        ["Files"] = [],
        ["Clang"] = [],
        ["Output"] = ["Files"],
        ["Processes"] = [],
        ["Headers"] = ["Files", "Processes"],
        ["Parsing"] = ["Clang", "Files", "Model"],
        ["Emit"] = ["Model"],
        ["Packing"] = ["Model"],
        ["Snapshots"] = ["Files", "Model"],
        ["Diff"] = ["Model", "Output"],
        ["Lint"] = ["Diff", "Model", "Output"],
        ["Verification"] = ["Model", "Processes"],
        ["Inspect"] = ["Emit", "Model", "Output"],
        ["Configuration"] = ["Diff", "Emit", "Files", "Headers", "Inspect", "Lint", "Model", "Parsing"],
    };

    private static readonly Lazy<SourceArrows> Sources = new(() => SourceArrows.Read(Generator));

    public static TheoryData<string> Stages => [.. Arrows.Keys];

    [Fact]
    public void Every_folder_of_the_library_is_a_stage_and_no_arrow_leads_back() => Sources.Value.AssertOrder(Arrows);

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_stage_uses_only_the_stages_before_it(string stage) => Assert.Empty(Sources.Value.Beyond(stage, [.. Arrows[stage], ""]));

    [Fact]
    public void The_library_neither_prints_nor_knows_the_command_line()
    {
        string[] users =
        [
            .. ProjectSources.In(Path.Combine(Repository.Root, Generator))
                .Where(file => CommandLine().IsMatch(ProjectSources.WithoutComments(File.ReadAllText(file))))
                .Select(file => Path.GetFileName(file)),
        ];

        Assert.Empty(users);
    }

    [Fact]
    public void One_type_starts_other_programs()
    {
        string[] starters =
        [
            .. from folder in Repository.ProductFolders
               from file in ProjectSources.In(Repository.PathOf(folder))
               where ProgramStart().IsMatch(ProjectSources.WithoutComments(File.ReadAllText(file)))
               select Path.GetRelativePath(Repository.Root, file),
        ];

        Assert.Equal([$"{Generator}/Processes/ChildProcess.cs"], starters);
    }

    [Fact]
    public void Only_the_Clang_stage_calls_libclang()
    {
        string[] calls =
        [
            .. ProjectSources.In(Path.Combine(Repository.Root, Generator))
                .Where(file => !file.Contains("/Clang/", StringComparison.Ordinal))
                .Where(file => LibClangCall().IsMatch(ProjectSources.WithoutComments(File.ReadAllText(file))))
                .Select(file => Path.GetRelativePath(Repository.Root, file)),
        ];

        Assert.Empty(calls);
    }

    [Fact]
    public void Only_parsing_sees_clang_s_enums_beside_the_Clang_stage()
    {
        string[] users =
        [
            .. ProjectSources.In(Path.Combine(Repository.Root, Generator))
                .Where(file => File.ReadAllText(file).Contains("using ClangSharp.Interop", StringComparison.Ordinal))
                .Select(file => Path.GetRelativePath(Path.Combine(Repository.Root, Generator), file).Split('/')[0]).Distinct(),
        ];

        Assert.DoesNotContain(users, user => user is not ("Clang" or "Parsing"));
    }

    [Fact]
    public void The_model_knows_no_file_no_console_and_no_compiler()
    {
        string[] users =
        [
            .. ProjectSources.In(Path.Combine(Repository.Root, Generator, "Model"))
                .Where(file => Outside().IsMatch(ProjectSources.WithoutComments(File.ReadAllText(file))))
                .Select(file => Path.GetFileName(file)),
        ];

        Assert.Empty(users);
    }

    [GeneratedRegex(@"(?<![\w.])Console\.|\bSpectre\b|\bSystem\.CommandLine\b|\bHvBindgen\.Cli\b|\bEnvironment\.Exit\b")]
    private static partial Regex CommandLine();

    [GeneratedRegex(@"\bProcessStartInfo\b|\bProcess\.Start\(|\bnew Process\b")]
    private static partial Regex ProgramStart();

    [GeneratedRegex(@"(?<![\w.])clang\.\w+")]
    private static partial Regex LibClangCall();

    [GeneratedRegex(@"\b(File|Directory|Console|Process)\.|\bMicrosoft\.CodeAnalysis\b|\bClangSharp\b")]
    private static partial Regex Outside();
}
