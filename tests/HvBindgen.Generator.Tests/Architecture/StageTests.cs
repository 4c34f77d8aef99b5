using System.Text.RegularExpressions;
using Xunit;

namespace HvBindgen.Generator.Tests.Architecture;

/// <summary>The folders of the generator are stages: each uses what stands before it, never what stands after.</summary>
public sealed partial class StageTests
{
    private const string Generator = "generator/HvBindgen.Generator";

    // Each stage with those it may use. Configuration turns a file into requests to all stages; nobody but the command line uses it.
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Model"] = [],
        ["Files"] = [],
        ["Clang"] = [],
        ["Output"] = [],
        ["Processes"] = [],
        ["Headers"] = ["Processes"],
        ["Parsing"] = ["Clang", "Files", "Model"],
        ["Emit"] = ["Model"],
        ["Snapshots"] = ["Files", "Model"],
        ["Diff"] = ["Model", "Output"],
        ["Verification"] = ["Model", "Processes"],
        ["Inspect"] = ["Emit", "Model", "Output"],
        ["Configuration"] = ["Diff", "Emit", "Files", "Headers", "Inspect", "Model", "Parsing"],
    };

    public static TheoryData<string> Stages => [.. Arrows.Keys];

    [Fact]
    public void Every_folder_of_the_library_is_a_stage() => Assert.Equal(
        Arrows.Keys.Order(StringComparer.Ordinal),
        Directory.GetDirectories(Path.Combine(Repository.Root, Generator)).Select(folder => Path.GetFileName(folder))
            .Where(folder => folder is not ("bin" or "obj")).Order(StringComparer.Ordinal));

    [Fact]
    public void No_arrow_leads_back()
    {
        List<string> placed = [];
        while (Arrows.FirstOrDefault(stage => !placed.Contains(stage.Key) && stage.Value.All(placed.Contains)).Key is { } next)
        {
            placed.Add(next);
        }

        Assert.Equal(Arrows.Count, placed.Count);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_stage_uses_only_the_stages_before_it(string stage)
    {
        List<string> backward = [];
        foreach (string file in SourcesIn(Path.Combine(Repository.Root, Generator, stage)))
        {
            foreach (string used in StagesUsedBy(File.ReadAllText(file)))
            {
                if (used != stage && !Arrows[stage].Contains(used))
                {
                    backward.Add($"{Path.GetRelativePath(Repository.Root, file)} uses {used}");
                }
            }
        }

        Assert.Empty(backward);
    }

    [Fact]
    public void The_library_neither_prints_nor_knows_the_command_line()
    {
        string[] users =
        [
            .. SourcesIn(Path.Combine(Repository.Root, Generator))
                .Where(file => CommandLine().IsMatch(WithoutComments(File.ReadAllText(file)))).Select(file => Path.GetFileName(file)),
        ];

        Assert.Empty(users);
    }

    [Fact]
    public void Only_the_Clang_stage_calls_libclang()
    {
        string[] calls =
        [
            .. SourcesIn(Path.Combine(Repository.Root, Generator))
                .Where(file => !file.Contains("/Clang/", StringComparison.Ordinal) && LibClangCall().IsMatch(WithoutComments(File.ReadAllText(file))))
                .Select(file => Path.GetRelativePath(Repository.Root, file)),
        ];

        Assert.Empty(calls);
    }

    [Fact]
    public void Only_parsing_sees_clang_s_enums_beside_the_Clang_stage()
    {
        string[] users =
        [
            .. SourcesIn(Path.Combine(Repository.Root, Generator))
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
            .. SourcesIn(Path.Combine(Repository.Root, Generator, "Model"))
                .Where(file => Outside().IsMatch(WithoutComments(File.ReadAllText(file)))).Select(file => Path.GetFileName(file)),
        ];

        Assert.Empty(users);
    }

    internal static IEnumerable<string> SourcesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
                && !file.Contains("/Templates/", StringComparison.Ordinal));

    // "using HvBindgen.Generator.Emit;" and "Emit.EmitOptions", which needs no using.
    private static IEnumerable<string> StagesUsedBy(string source)
    {
        string code = WithoutComments(source);
        return UsingOfStage().Matches(code).Concat(QualifiedName().Matches(code)).Select(match => match.Groups[1].Value).Distinct();
    }

    internal static string WithoutComments(string source) => Comment().Replace(source, "");

    [GeneratedRegex(@"(?://[^\n]*)|""(?:[^""\\\n]|\\.)*""")]
    private static partial Regex Comment();

    [GeneratedRegex(@"HvBindgen\.Generator\.(Files|Processes|Headers|Clang|Parsing|Model|Emit|Snapshots|Diff|Inspect|Configuration|Output|Verification)\b")]
    private static partial Regex UsingOfStage();

    [GeneratedRegex(@"(?<![\w.])(Clang|Parsing|Emit|Snapshots|Diff|Inspect|Configuration|Output|Verification)\.[A-Z]\w*")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"(?<![\w.])Console\.|\bSpectre\b|\bSystem\.CommandLine\b|\bHvBindgen\.Cli\b|\bEnvironment\.Exit\b")]
    private static partial Regex CommandLine();

    [GeneratedRegex(@"(?<![\w.])clang\.\w+")]
    private static partial Regex LibClangCall();

    [GeneratedRegex(@"\b(File|Directory|Console|Process)\.|\bMicrosoft\.CodeAnalysis\b|\bClangSharp\b")]
    private static partial Regex Outside();
}
