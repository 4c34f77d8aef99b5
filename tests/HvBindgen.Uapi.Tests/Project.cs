extern alias uapi;

using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using uapi::HvBindgen.Uapi;
using Xunit;

namespace HvBindgen.Uapi.Tests;

/// <summary>A project in memory that has the generator and a <c>uapi.txt</c>.</summary>
internal sealed class Project
{
    internal const string Path = "/project/uapi.txt";

    private readonly CSharpParseOptions language = new(LanguageVersion.CSharp12, DocumentationMode.Diagnose);
    private AdditionalText[] others = [];
    private GeneratorDriver driver;
    private CSharpCompilation compilation;

    private Project(
        IEnumerable<AdditionalText> lists, (string Name, string Value)[] properties, IEnumerable<MetadataReference> references)
    {
        driver = CSharpGeneratorDriver.Create(
            [new UapiGenerator().AsSourceGenerator()], lists, language,
            new Properties(properties.ToDictionary(property => $"build_property.{property.Name}", property => property.Value)),
            new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        compilation = CSharpCompilation.Create(
            "Project",
            [],
            references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable,
                warningLevel: 10));
    }

    /// <summary>What the generator says.</summary>
    internal IReadOnlyList<Diagnostic> Said => Run.Diagnostics;

    /// <summary>The files, by name.</summary>
    internal Dictionary<string, string> Sources =>
        Run.Results.Single().GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());

    /// <summary>All files, one behind the other.</summary>
    internal string Text => string.Concat(Run.Results.Single().GeneratedSources.Select(source => source.SourceText.ToString()));

    private GeneratorDriverRunResult Run { get; set; } = null!;

    /// <summary>Runs the generator for a list of names.</summary>
    internal static Project With(string list, params (string Name, string Value)[] properties) => On(Frameworks.Running, list, properties);

    /// <summary>Runs the generator where other assemblies are referenced.</summary>
    internal static Project On(
        IEnumerable<MetadataReference> references, string list, params (string Name, string Value)[] properties)
    {
        Project project = new([new List(Path, list)], properties, references);
        project.Generate();
        return project;
    }

    /// <summary>Runs the generator where files of other names are with the list.</summary>
    internal static Project Beside(
        IEnumerable<(string Name, string Text)> files, string list, params (string Name, string Value)[] properties)
    {
        AdditionalText[] others = [.. files.Select(file => new List($"/project/{file.Name}", file.Text))];
        Project project = new([.. others, new List(Path, list)], properties, Frameworks.Running)
        {
            others = others,
        };
        project.Generate();
        return project;
    }

    /// <summary>Runs the generator in a project that has the package and no list.</summary>
    internal static Project WithoutList()
    {
        Project project = new([], [], Frameworks.Running);
        project.Generate();
        return project;
    }

    /// <summary>Changes the list, and begins to run again with a token.</summary>
    internal void Begin(string list, CancellationToken cancellation) =>
        driver.ReplaceAdditionalTexts([new List(Path, list)]).RunGenerators(compilation, cancellation);

    /// <summary>Changes the list, and runs again.</summary>
    internal Project WithList(string list)
    {
        driver = driver.ReplaceAdditionalTexts([.. others, new List(Path, list)]);
        Generate();
        return this;
    }

    /// <summary>Changes one of the files with the list, and runs again.</summary>
    internal Project WithFile(string name, string text, string list)
    {
        others = [.. others.Where(other => other.Path != $"/project/{name}"), new List($"/project/{name}", text)];
        return WithList(list);
    }

    /// <summary>Changes another file of the project, and runs again.</summary>
    internal Project WithCode(string code)
    {
        compilation = compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(
            code, language, cancellationToken: TestContext.Current.CancellationToken));
        Generate();
        return this;
    }

    /// <summary>Why a step gave what it gave in the last run, for each of its outputs.</summary>
    internal IReadOnlyList<IncrementalStepRunReason> ReasonsOf(string step) =>
        [.. Run.Results.Single().TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason)];

    /// <summary>The assembly with some code beside the generated; warnings are errors.</summary>
    internal byte[] Compile(string code = "", string name = "Project")
    {
        using MemoryStream image = new();
        Diagnostic[] faults = [.. FaultsOf(All(code).WithAssemblyName(name), image)];
        Assert.True(faults.Length == 0, $"{faults.Length} faults:\n{string.Join('\n', faults.Take(20).Select(fault => fault.ToString()))}");
        return image.ToArray();
    }

    /// <summary>Ids of the warnings and errors that the compiler has for it, with some code beside the generated.</summary>
    internal string[] Faults(string code)
    {
        using MemoryStream image = new();
        return [.. FaultsOf(All(code), image).Select(fault => fault.Id).Distinct()];
    }

    private CSharpCompilation All(string code) => compilation.AddSyntaxTrees(Run.GeneratedTrees).AddSyntaxTrees(CSharpSyntaxTree.ParseText(
        code, language.WithDocumentationMode(DocumentationMode.Parse), cancellationToken: TestContext.Current.CancellationToken));

    private static IEnumerable<Diagnostic> FaultsOf(CSharpCompilation all, MemoryStream image) =>
        all.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Diagnostics
            .Where(fault => fault.Severity >= DiagnosticSeverity.Warning);

    private void Generate()
    {
        driver = driver.RunGenerators(compilation, TestContext.Current.CancellationToken);
        Run = driver.GetRunResult();
        Assert.Null(Run.Results.Single().Exception);
    }

    private sealed class List(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text, Encoding.UTF8);
    }

    private sealed class Properties(Dictionary<string, string> values) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(values);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Values(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) =>
            values.TryGetValue(key, out value);
    }
}
