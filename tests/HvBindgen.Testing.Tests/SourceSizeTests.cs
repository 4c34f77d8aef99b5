using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace HvBindgen.Testing.Tests;

/// <summary>What is written by hand stays small enough to be read: lines, files, and types over all the files they are in.</summary>
public sealed class SourceSizeTests
{
    private const int MaxColumns = 140;
    private const int MaxFileLines = 400;
    private const int MaxTypeLines = 500;
    private static readonly string[] Folders = ["generator", "runtime", "samples", "tests"];
    private static readonly string[] NotByHand = ["bin", "obj", "Generated", "Fixtures"];

    [Fact]
    public void No_line_is_longer_than_a_reader_sees() => Assert.Empty(
        from file in Sources()
        from line in File.ReadLines(file).Index()
        where line.Item.Length > MaxColumns
        select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}: {line.Item.Length} columns");

    [Fact]
    public void No_file_is_longer_than_one_subject_needs() => Assert.Empty(
        from file in Sources()
        let lines = File.ReadLines(file).Count()
        where lines > MaxFileLines
        select $"{Path.GetRelativePath(Repository.Root, file)}: {lines} lines");

    [Fact]
    public void No_type_is_large_over_all_its_files()
    {
        Dictionary<string, int> sizes = Sources().SelectMany(file => TypesOf(file)).GroupBy(type => type.Name)
            .ToDictionary(parts => parts.Key, parts => parts.Sum(part => part.Lines));

        Assert.Empty(sizes.Where(type => type.Value > MaxTypeLines).Select(type => $"{type.Key}: {type.Value} lines"));
    }

    [Fact]
    public void A_type_is_counted_over_its_files_and_a_type_of_the_same_name_elsewhere_is_another()
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText("""
            namespace N;
            partial class A
            {
            }
            partial class A
            {
                struct B
                {
                }
            }
            """, cancellationToken: TestContext.Current.CancellationToken).GetRoot(TestContext.Current.CancellationToken);

        Assert.Equal([("p N.A", 3), ("p N.A", 6), ("p N.A.B", 3)], TypesOf(root, "p"));
    }

    private static IEnumerable<string> Sources() =>
        from folder in Folders
        from file in Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
        where !Path.GetRelativePath(Repository.Root, file).Split('/').Intersect(NotByHand).Any()
            && !file.Contains(".verified.", StringComparison.Ordinal) && !file.Contains(".received.", StringComparison.Ordinal)
        select file;

    // Types of one name in two projects are two.
    private static IEnumerable<(string Name, int Lines)> TypesOf(string file)
    {
        string project = string.Join('/', Path.GetRelativePath(Repository.Root, file).Split('/').Take(2));
        return TypesOf(CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot(), project);
    }

    private static IEnumerable<(string Name, int Lines)> TypesOf(SyntaxNode root, string project) =>
        from type in root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
        let names = type.AncestorsAndSelf().Select(NameOf).Where(name => name.Length > 0).Reverse()
        let span = type.GetLocation().GetLineSpan()
        select ($"{project} {string.Join('.', names)}", span.EndLinePosition.Line - span.StartLinePosition.Line + 1);

    private static string NameOf(SyntaxNode node) => node switch
    {
        BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
        TypeDeclarationSyntax { TypeParameterList.Parameters.Count: > 0 and int arity } type => $"{type.Identifier.Text}`{arity}",
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        _ => "",
    };
}
