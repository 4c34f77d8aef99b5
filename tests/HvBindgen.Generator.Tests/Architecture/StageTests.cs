using System.Text.RegularExpressions;
using Xunit;

namespace HvBindgen.Generator.Tests.Architecture;

/// <summary>The folders of a project are stages: each uses what stands before it, never what stands after.</summary>
public sealed partial class StageTests
{
    private const string Generator = "generator/HvBindgen.Generator";

    public static TheoryData<string> Projects => [.. StageOrder.All.Select(order => order.Project)];

    public static TheoryData<string, string> Stages =>
        [.. from order in StageOrder.All from stage in order.Arrows.Keys select (order.Project, stage)];

    [Fact]
    public void Every_project_of_the_product_has_an_order() =>
        Assert.Equal(
            from folder in Repository.ProductFolders
            from project in Directory.GetDirectories(Repository.PathOf(folder))
            where !Directory.Exists(Path.Combine(project, "Generated")) && HasSources(project)
            let name = Path.GetRelativePath(Repository.Root, project)
            orderby name
            select name,
            from order in StageOrder.All orderby order.Project select order.Project);

    // A package of build files alone has none.
    private static bool HasSources(string project) => Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
        .Any(file => !Path.GetRelativePath(project, file).StartsWith("obj/", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_is_a_stage_and_no_arrow_leads_back(string project) =>
        StageOrder.Of(project).Sources.AssertOrder(StageOrder.Of(project).Arrows);

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_stage_uses_only_the_stages_before_it(string project, string stage) =>
        Assert.Empty(StageOrder.Of(project).Backward(stage));

    [Theory]
    [InlineData("generator/HvBindgen.Uapi", "Output", "UapiOutput.cs: NameSelection of Selection")]
    // The loop names no type of Processors when it asks one for its register page.
    [InlineData("runtime/HvBindgen.Mshv", "Running", "RegisterWriteBack.cs: IsValid of Processors")]
    public void Uses_are_seen_though_no_namespace_says_so(string project, string stage, string expected) =>
        Assert.Contains(
            StageOrder.Of(project).Sources.Beyond(stage, []), use => use.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void A_project_declares_the_C_library_s_calls_in_one_place()
    {
        foreach (string project in Repository.ProductFolders.SelectMany(folder => Directory.GetDirectories(Repository.PathOf(folder))))
        {
            // libclang's are another library's.
            string[] holders =
            [
                .. ProjectSources.In(project).Where(file => !file.Contains("/Clang/Interop/", StringComparison.Ordinal)
                    && CLibraryCall().IsMatch(ProjectSources.WithoutComments(File.ReadAllText(file)))),
            ];

            Assert.True(holders.Length <= 1, string.Join(", ", holders));
        }
    }

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

    [GeneratedRegex(@"\[(LibraryImport|DllImport)\(")]
    private static partial Regex CLibraryCall();

    [GeneratedRegex(@"\bProcessStartInfo\b|\bProcess\.Start\(|\bnew Process\b")]
    private static partial Regex ProgramStart();

    [GeneratedRegex(@"(?<![\w.])clang\.\w+")]
    private static partial Regex LibClangCall();

    [GeneratedRegex(@"\b(File|Directory|Console|Process)\.|\bMicrosoft\.CodeAnalysis\b|\bClangSharp\b")]
    private static partial Regex Outside();
}
