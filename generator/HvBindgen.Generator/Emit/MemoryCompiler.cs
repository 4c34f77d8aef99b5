using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace HvBindgen.Generator.Emit;

/// <summary>The compiler behind <see cref="CompileCheck"/>.</summary>
internal static class MemoryCompiler
{
    private const int MaxListed = 10;

    // Types of attributes, which may be the project's own.
    private static readonly HashSet<string> UnknownType = ["CS0246", "CS0234", "CS0103"];

    private const string CoreLibrary = "System.Private.CoreLib.dll";

    private static readonly string[] Needed = [CoreLibrary, "System.Runtime.dll", "System.Runtime.InteropServices.dll"];
    private static readonly Lazy<MetadataReference[]> Few = new(() => [.. Needed.Select(Reference)]);

    /// <summary>Why nothing can be compiled here; null when it can.</summary>
    internal static string? WhyNot => Folder.Length > 0 ? null : "the runtime's assemblies are no files here";

    // Where the host found the runtime; it found none as files for a program that is one file itself.
    private static string Folder { get; } = Path.GetDirectoryName(
        (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator)
            .FirstOrDefault(path => Path.GetFileName(path) == CoreLibrary) ?? "") ?? "";

    /// <summary>Compiles; what is left to find out is whether attributes have types.</summary>
    /// <exception cref="EmitException">It does not compile.</exception>
    internal static CompiledSets Compile(
        IReadOnlyList<EmittedSet> sets, IReadOnlyList<EmittedFile> support, EmitOptions options)
    {
        Dictionary<SyntaxTree, EmittedFile> trees = [];
        foreach (EmittedFile file in (IEnumerable<EmittedFile>)
            [.. sets.SelectMany(set => set.Files), .. support, .. SharedTypes(sets, support, options)])
        {
            trees.Add(Parse(file, options.Language), file);
        }

        bool hasAttributes = sets.Any(set => set.HasAttributes);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Emitted",
            trees.Keys,
            hasAttributes ? [.. Few.Value, .. Others()] : Few.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, concurrentBuild: true));
        CompiledSets compiled = new(compilation, trees, hasAttributes);
        Require(compiled, compilation.GetDiagnostics());
        return compiled;
    }

    /// <summary>Writes the assembly.</summary>
    /// <returns>Whether it is whole: attributes that only the project has keep it from being so.</returns>
    /// <exception cref="EmitException">Something else does.</exception>
    internal static bool Write(CompiledSets compiled, Stream image)
    {
        EmitResult result = compiled.Compilation.Emit(image);
        Require(compiled, result.Diagnostics);
        return result.Success;
    }

    private static void Require(CompiledSets compiled, IEnumerable<Diagnostic> diagnostics)
    {
        Diagnostic[] faults =
        [
            .. diagnostics.Where(fault => fault.Severity == DiagnosticSeverity.Error
                && !(compiled.HasAttributes && UnknownType.Contains(fault.Id) && IsInAttribute(fault)))
                .OrderBy(fault => fault.Location.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(fault => fault.Location.SourceSpan),
        ];
        if (faults.Length > 0)
        {
            string more = faults.Length > MaxListed ? $"\nand {faults.Length - MaxListed} more" : "";
            throw new EmitException(
                string.Join('\n', faults.Take(MaxListed).Select(fault => Describe(fault, compiled.Trees)).Distinct()) + more);
        }
    }

    // What the project takes from another assembly is compiled beside it.
    private static IEnumerable<EmittedFile> SharedTypes(
        IReadOnlyList<EmittedSet> sets, IReadOnlyList<EmittedFile> support, EmitOptions options)
    {
        if (options.SharedNamespace is not { } shared)
        {
            return [];
        }

        HashSet<string> own = [.. support.Select(file => file.Path)];
        EmitOptions all = options with { SupportNamespace = shared, SharedNamespace = null, IsInternal = false };
        return CSharpEmitter.EmitSupport(sets, all).Where(file => !own.Contains(file.Path));
    }

    // C# 15 by its rules for memory too, of which this compiler has all.
    private static SyntaxTree Parse(EmittedFile file, CSharpLanguage language)
    {
        using Stream stream = new MemoryStream(file.Content.ToArray(), writable: false);
        CSharpParseOptions options = CSharpParseOptions.Default.WithDocumentationMode(DocumentationMode.None);
        return CSharpSyntaxTree.ParseText(
            SourceText.From(stream),
            language == CSharpLanguage.CSharp15
                ? options.WithLanguageVersion(LanguageVersion.Preview)
                    .WithFeatures([KeyValuePair.Create("updated-memory-safety-rules", "")])
                : options.WithLanguageVersion(LanguageVersion.CSharp14),
            file.Path);
    }

    private static bool IsInAttribute(Diagnostic fault) =>
        fault.Location.SourceTree?.GetRoot().FindNode(fault.Location.SourceSpan).FirstAncestorOrSelf<AttributeSyntax>() is not null;

    // linux/foo.h: foo.bar does not compile as C#: CS0102: ...
    private static string Describe(Diagnostic fault, Dictionary<SyntaxTree, EmittedFile> trees)
    {
        string what = $"{fault.Id}: {fault.GetMessage(CultureInfo.InvariantCulture)}";
        if (fault.Location.SourceTree is not { } tree)
        {
            return $"the C# does not compile: {what}";
        }

        SyntaxNode node = tree.GetRoot().FindNode(fault.Location.SourceSpan);
        IEnumerable<string> path = node.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().Select(NameOf).Where(name => name.Length > 0);
        string name = string.Join('.', path.Reverse());
        string file = trees[tree].Header is { Length: > 0 } header ? header : tree.FilePath;
        return $"{file}: {(name.Length > 0 ? name : "this")} does not compile as C#: {what}";
    }

    private static string NameOf(MemberDeclarationSyntax member) => member switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        EnumMemberDeclarationSyntax enumerator => enumerator.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        MethodDeclarationSyntax method => method.Identifier.Text,
        FieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.Text,
        _ => "",
    };

    private static IEnumerable<MetadataReference> Others() =>
        Directory.EnumerateFiles(Folder, "System.*.dll").Select(path => Path.GetFileName(path)).Except(Needed).Select(Reference);

    private static PortableExecutableReference Reference(string file) => MetadataReference.CreateFromFile(Path.Combine(Folder, file));
}

/// <summary>Sets that compile.</summary>
/// <param name="Compilation">What the compiler knows of them.</param>
/// <param name="Trees">The file of each of its trees.</param>
/// <param name="HasAttributes">Whether attributes may have types of the project's own.</param>
internal sealed record CompiledSets(
    CSharpCompilation Compilation, Dictionary<SyntaxTree, EmittedFile> Trees, bool HasAttributes);
