using HvBindgen.Generator.Emit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

/// <summary>Compiles generated C# in memory as strictly as the projects that hold it: every warning is an error.</summary>
internal static class CSharpCompiler
{
    private static readonly MetadataReference[] References =
        [.. Directory.GetFiles(FrameworkReferences(), "*.dll").Select(file => MetadataReference.CreateFromFile(file))];

    /// <summary>Compiles the files of a set, with a consumer's code beside them.</summary>
    /// <returns>The assembly's image.</returns>
    internal static byte[] Compile(
        IEnumerable<EmittedFile> files, string? consumer, CSharpLanguage language = CSharpLanguage.CSharp14)
    {
        using MemoryStream image = new();
        Diagnostic[] faults = [.. Compilation(files, consumer, language).Emit(image).Diagnostics.Where(IsFault)];
        Assert.True(faults.Length == 0, $"generated C# does not compile:\n{string.Join('\n', faults.Select(Describe))}");
        return image.ToArray();
    }

    /// <summary>The errors of a consumer's code, by their numbers; the files themselves must have none.</summary>
    internal static IReadOnlyList<string> FaultsOf(IReadOnlyList<EmittedFile> files, string consumer, CSharpLanguage language)
    {
        Compile(files, null, language);
        return [.. Compilation(files, consumer, language).GetDiagnostics().Where(IsFault).Select(fault => fault.Id)];
    }

    private static CSharpCompilation Compilation(IEnumerable<EmittedFile> files, string? consumer, CSharpLanguage language)
    {
        CSharpParseOptions options = language == CSharpLanguage.CSharp15
            ? new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.Diagnose)
                .WithFeatures([KeyValuePair.Create("updated-memory-safety-rules", "")])
            : new CSharpParseOptions(LanguageVersion.CSharp14, DocumentationMode.Diagnose);
        List<SyntaxTree> trees = [.. files.Select(file => CSharpSyntaxTree.ParseText(file.Text, options, file.Path))];
        if (consumer is not null)
        {
            // A consumer's own code has no documentation to check.
            trees.Add(CSharpSyntaxTree.ParseText(consumer, options.WithDocumentationMode(DocumentationMode.Parse), "Consumer.cs"));
        }

        return CSharpCompilation.Create("Fixture", trees, References, new(
            OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true,
            optimizationLevel: OptimizationLevel.Release,
            generalDiagnosticOption: ReportDiagnostic.Error,
            warningLevel: 10,
            nullableContextOptions: NullableContextOptions.Enable));
    }

    private static bool IsFault(Diagnostic diagnostic) => diagnostic.Severity >= DiagnosticSeverity.Warning;

    private static string Describe(Diagnostic fault)
    {
        int line = fault.Location.GetLineSpan().StartLinePosition.Line;
        string text = fault.Location.SourceTree?.GetText().Lines[line].ToString() ?? "";
        return $"{fault}\n    {text.Trim()}";
    }

    // <dotnet>/shared/Microsoft.NETCore.App/<version>/ is where this process runs; the pack of the SDK lies beside "shared".
    private static string FrameworkReferences()
    {
        string dotnet = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        string packs = Path.Combine(dotnet, "packs", "Microsoft.NETCore.App.Ref");
        string pack = Directory.GetDirectories(packs, $"{Environment.Version.Major}.*")
            .OrderBy(folder => Version.Parse(Path.GetFileName(folder).Split('-')[0])).Last();
        return Path.Combine(pack, "ref", "net10.0");
    }
}
