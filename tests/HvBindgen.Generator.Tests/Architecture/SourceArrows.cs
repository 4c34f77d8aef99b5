using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace HvBindgen.Generator.Tests.Architecture;

/// <summary>Which folder of a project uses which, as the compiler understands its sources: whatever namespace a type is in, and whether
/// it is named or only its members are.</summary>
internal sealed class SourceArrows
{
    private readonly string folder;
    private readonly List<(string From, string To, string Use)> arrows = [];

    private SourceArrows(string folder) => this.folder = folder;

    /// <summary>Folders right below the project's, and "" for files that lie in none.</summary>
    internal IReadOnlyCollection<string> Stages { get; private set; } = [];

    /// <summary>Each folder with those that it uses.</summary>
    internal ILookup<string, string> All => arrows.Distinct().ToLookup(arrow => arrow.From, arrow => arrow.To);

    /// <summary>Reads a project's sources. Its references are those that this process was started with.</summary>
    internal static SourceArrows Read(string project)
    {
        SourceArrows result = new(Path.Combine(Repository.Root, project));
        result.Find(project);
        return result;
    }

    /// <summary>What a folder uses beside itself and those that it may use, each with the file and the name.</summary>
    internal IEnumerable<string> Beyond(string stage, IEnumerable<string> allowed) =>
        arrows.Where(arrow => arrow.From == stage && !allowed.Contains(arrow.To)).Select(arrow => $"{arrow.Use} of {arrow.To}").Distinct();

    /// <summary>That the arrows given form no circle, and name all folders there are.</summary>
    internal void AssertOrder(IReadOnlyDictionary<string, string[]> order)
    {
        Assert.Equal(Stages.Order(StringComparer.Ordinal), order.Keys.Order(StringComparer.Ordinal));
        List<string> placed = [];
        while (order.FirstOrDefault(stage => !placed.Contains(stage.Key) && stage.Value.All(placed.Contains)).Key is { } next)
        {
            placed.Add(next);
        }

        Assert.Equal(order.Keys.Order(StringComparer.Ordinal), placed.Order(StringComparer.Ordinal));
    }

    private void Find(string project)
    {
        CSharpCompilation compilation = ProjectSources.Compile(project);
        Stages = [.. compilation.SyntaxTrees.Select(StageOf).OfType<string>().Distinct()];
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            if (StageOf(tree) is { } stage)
            {
                FindIn(stage, tree, compilation.GetSemanticModel(tree));
            }
        }
    }

    private void FindIn(string stage, SyntaxTree tree, SemanticModel model)
    {
        foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            SymbolInfo info = model.GetSymbolInfo(name);
            ISymbol? symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
            INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
            if (type is null)
            {
                continue;
            }

            ImmutableArray<SyntaxReference> declarations = type.OriginalDefinition.DeclaringSyntaxReferences;
            string[] stages = [.. declarations.Select(each => StageOf(each.SyntaxTree)).OfType<string>().Distinct()];
            if (!stages.Contains(stage))
            {
                string use = $"{Path.GetRelativePath(folder, tree.FilePath)}: {name.Identifier.Text}";
                arrows.AddRange(stages.Select(used => (stage, used, use)));
            }
        }
    }

    private string? StageOf(SyntaxTree tree)
    {
        if (tree.FilePath.Length == 0)
        {
            return null;
        }

        string[] parts = Path.GetRelativePath(folder, tree.FilePath).Split('/');
        return parts.Length == 1 ? "" : parts[0];
    }
}
