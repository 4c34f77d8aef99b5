using System.Runtime.Loader;
using HvBindgen.Generator.Emit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

/// <summary>Compiles generated C# in memory as strictly as the projects that hold it: every warning is an error.</summary>
internal static class CSharpCompiler
{
    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);
    private static readonly string FrameworkPack = FindFrameworkPack();

    private static readonly MetadataReference[] References =
        [.. Directory.GetFiles(Path.Combine(FrameworkPack, "ref", "net10.0"), "*.dll")
            .Select(file => MetadataReference.CreateFromFile(file))];

    private static readonly ISourceGenerator LibraryImport = LoadLibraryImportGenerator();

    // A consumer's own code has no documentation to check.
    private static readonly CSharpParseOptions ConsumerLanguage = Language.WithDocumentationMode(DocumentationMode.Parse);

    /// <summary>Compiles the files of a set, with a consumer's code beside them.</summary>
    /// <returns>The assembly's image.</returns>
    internal static byte[] Compile(IEnumerable<EmittedFile> files, string? consumer)
    {
        List<SyntaxTree> trees = [.. files.Select(file => CSharpSyntaxTree.ParseText(file.Text, Language, file.Path))];
        if (consumer is not null)
        {
            trees.Add(CSharpSyntaxTree.ParseText(consumer, ConsumerLanguage, "Consumer.cs"));
        }

        CSharpCompilationOptions options = new(
            OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true,
            optimizationLevel: OptimizationLevel.Release,
            generalDiagnosticOption: ReportDiagnostic.Error,
            warningLevel: 10,
            nullableContextOptions: NullableContextOptions.Enable);
        Compilation compilation = CSharpCompilation.Create("Fixture", trees, References, options);
        if (trees.Exists(tree => tree.GetText().ToString().Contains("[LibraryImport", StringComparison.Ordinal)))
        {
            CSharpGeneratorDriver.Create([LibraryImport], parseOptions: Language)
                .RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _, TestContext.Current.CancellationToken);
        }

        using MemoryStream image = new();
        Diagnostic[] faults = [.. compilation.Emit(image).Diagnostics.Where(fault => fault.Severity >= DiagnosticSeverity.Warning)];
        Assert.True(faults.Length == 0, $"generated C# does not compile:\n{string.Join('\n', faults.Select(Describe))}");
        return image.ToArray();
    }

    private static string Describe(Diagnostic fault)
    {
        int line = fault.Location.GetLineSpan().StartLinePosition.Line;
        string text = fault.Location.SourceTree?.GetText().Lines[line].ToString() ?? "";
        return $"{fault}\n    {text.Trim()}";
    }

    // <dotnet>/shared/Microsoft.NETCore.App/<version>/ is where this process runs; the pack of the SDK lies beside "shared".
    private static string FindFrameworkPack()
    {
        string dotnet = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        string packs = Path.Combine(dotnet, "packs", "Microsoft.NETCore.App.Ref");
        return Directory.GetDirectories(packs, $"{Environment.Version.Major}.*")
            .OrderBy(folder => Version.Parse(Path.GetFileName(folder).Split('-')[0])).Last();
    }

    private static ISourceGenerator LoadLibraryImportGenerator()
    {
        string folder = Path.Combine(FrameworkPack, "analyzers", "dotnet", "cs");
        AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(folder, "Microsoft.Interop.SourceGeneration.dll"));
        Type type = AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(folder, "Microsoft.Interop.LibraryImportGenerator.dll"))
            .GetType("Microsoft.Interop.LibraryImportGenerator", throwOnError: true)!;
        return ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator();
    }
}
