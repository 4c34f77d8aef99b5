using System.Text.RegularExpressions;
using HvBindgen.Generator.Tests.Verification;
using Xunit;

namespace HvBindgen.Generator.Tests.Architecture;

/// <summary>The folders of the generator are stages: each uses what stands before it, never what stands after.</summary>
public sealed partial class StageTests
{
    private const string Generator = "generator/HvBindgen.Generator";

    [Theory]
    [InlineData("Model")]
    [InlineData("Headers")]
    [InlineData("Clang")]
    [InlineData("Parsing", "Clang", "Model")]
    [InlineData("Emit", "Model")]
    [InlineData("Snapshots", "Model")]
    [InlineData("Diff", "Model")]
    [InlineData("Inspect", "Model", "Emit")]
    public void A_stage_uses_only_the_stages_before_it(string stage, params string[] allowed)
    {
        string folder = Path.Combine(RepositoryFolders.Root, Generator, stage);
        Assert.SkipUnless(Directory.Exists(folder), $"{stage} is not written yet");
        List<string> backward = [];
        foreach (string file in SourcesIn(folder))
        {
            foreach (string used in StagesUsedBy(File.ReadAllText(file)))
            {
                if (used != stage && !allowed.Contains(used))
                {
                    backward.Add($"{Path.GetRelativePath(RepositoryFolders.Root, file)} uses {used}");
                }
            }
        }

        Assert.Empty(backward);
    }

    [Fact]
    public void Only_the_Clang_stage_calls_libclang()
    {
        string[] calls =
        [
            .. SourcesIn(Path.Combine(RepositoryFolders.Root, Generator))
                .Where(file => !file.Contains("/Clang/", StringComparison.Ordinal) && LibClangCall().IsMatch(WithoutComments(File.ReadAllText(file))))
                .Select(file => Path.GetRelativePath(RepositoryFolders.Root, file)),
        ];

        Assert.Empty(calls);
    }

    [Fact]
    public void Only_parsing_sees_clang_s_enums_beside_the_Clang_stage()
    {
        string[] users =
        [
            .. SourcesIn(Path.Combine(RepositoryFolders.Root, Generator))
                .Where(file => File.ReadAllText(file).Contains("using ClangSharp.Interop", StringComparison.Ordinal))
                .Select(file => Path.GetRelativePath(Path.Combine(RepositoryFolders.Root, Generator), file).Split('/')[0]).Distinct(),
        ];

        Assert.DoesNotContain(users, user => user is not ("Clang" or "Parsing"));
    }

    [Fact]
    public void The_model_knows_no_file_no_console_and_no_compiler()
    {
        string[] users =
        [
            .. SourcesIn(Path.Combine(RepositoryFolders.Root, Generator, "Model"))
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

    private static string WithoutComments(string source) => Comment().Replace(source, "");

    [GeneratedRegex(@"(?://[^\n]*)|""(?:[^""\\\n]|\\.)*""")]
    private static partial Regex Comment();

    [GeneratedRegex(@"HvBindgen\.Generator\.(Headers|Clang|Parsing|Model|Emit|Snapshots|Diff|Inspect|Configuration|Output|Verification)\b")]
    private static partial Regex UsingOfStage();

    [GeneratedRegex(@"(?<![\w.])(Clang|Parsing|Emit|Snapshots|Diff|Inspect|Configuration|Output|Verification)\.[A-Z]\w*")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"(?<![\w.])clang\.\w+")]
    private static partial Regex LibClangCall();

    [GeneratedRegex(@"\b(File|Directory|Console|Process)\.|\bMicrosoft\.CodeAnalysis\b|\bClangSharp\b")]
    private static partial Regex Outside();
}
