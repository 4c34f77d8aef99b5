using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HvBindgen.Generator.Tests.Architecture;

/// <summary>The sources of a project, as text and as the compiler understands them.</summary>
internal static partial class ProjectSources
{
    internal static IEnumerable<string> In(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
                && !file.Contains("/Templates/", StringComparison.Ordinal));

    /// <summary>Compiles a project. Its references are those that this process was started with.</summary>
    /// <param name="project">Its folder, from the repository's root.</param>
    internal static CSharpCompilation Compile(string project)
    {
        string name = Path.GetFileName(project);
        string[] references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        return CSharpCompilation.Create(
            name,
            [
                .. In(Repository.PathOf(project)).Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file)),
                CSharpSyntaxTree.ParseText(string.Concat(UsingsOf(project).Select(name => $"global using {name};\n"))),
            ],
            references.Where(path => Path.GetFileNameWithoutExtension(path) != name).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    /// <summary>Projects from the repository's root, but those whose sources are generated and seen by everyone.</summary>
    internal static IEnumerable<string> WrittenProjects =>
        from folder in Repository.ProductFolders
        from project in Directory.GetDirectories(Repository.PathOf(folder))
        where !project.EndsWith(".Abi", StringComparison.Ordinal)
        select Path.GetRelativePath(Repository.Root, project);

    /// <summary>All types that a compilation declares, those inside others too.</summary>
    internal static IEnumerable<INamedTypeSymbol> TypesIn(CSharpCompilation compilation) => TypesIn(compilation.Assembly.GlobalNamespace);

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceOrTypeSymbol holder)
    {
        foreach (INamespaceOrTypeSymbol member in holder.GetMembers().OfType<INamespaceOrTypeSymbol>())
        {
            if (member is INamedTypeSymbol type)
            {
                yield return type;
            }

            foreach (INamedTypeSymbol inner in TypesIn(member))
            {
                yield return inner;
            }
        }
    }

    private static IEnumerable<string> UsingsOf(string project) =>
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
        .. from element in XDocument.Load(Directory.GetFiles(Repository.PathOf(project), "*.csproj").Single()).Descendants("Using")
           from name in element.Attribute("Include")!.Value.Split(';')
           where !name.StartsWith("System", StringComparison.Ordinal)
           select name,
    ];

    internal static string WithoutComments(string source) => Comment().Replace(source, "");

    [GeneratedRegex(@"(?://[^\n]*)|""(?:[^""\\\n]|\\.)*""")]
    private static partial Regex Comment();
}
