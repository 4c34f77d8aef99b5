extern alias uapi;

using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using uapi::HvBindgen.Uapi;
using Xunit;

namespace HvBindgen.Uapi.Tests;

/// <summary>
/// A project of .NET 8 as Roslyn's own test library has it: what the generator and the compiler say must be what is expected, by place,
/// and nothing else.
/// </summary>
internal sealed class GeneratorTest : CSharpSourceGeneratorTest<UapiGenerator, DefaultVerifier>
{
    internal const string List = "/0/uapi.txt";

    private readonly LanguageVersion version;
    private readonly bool allowsUnsafe;

    private GeneratorTest(LanguageVersion version, bool allowsUnsafe)
    {
        (this.version, this.allowsUnsafe) = (version, allowsUnsafe);

        // Nothing is fetched while tests run.
        ReferenceAssemblies = new ReferenceAssemblies("net8.0");
        TestState.AdditionalReferences.AddRange(Frameworks.Net8);
        TestState.Sources.Add("class Program { }");
        CompilerDiagnostics = CompilerDiagnostics.Warnings;
    }

    /// <summary>A list of names.</summary>
    internal static GeneratorTest Of(
        string list, LanguageVersion version = LanguageVersion.CSharp12, bool allowsUnsafe = true,
        params (string Name, string Value)[] properties)
    {
        GeneratorTest test = new(version, allowsUnsafe);
        test.TestState.AdditionalFiles.Add((List, SourceText.From(list, Encoding.UTF8)));
        string values = string.Concat(properties.Select(property => $"build_property.{property.Name} = {property.Value}\n"));
        test.TestState.AnalyzerConfigFiles.Add(("/0/.globalconfig", $"is_global = true\n{values}"));
        return test;
    }

    /// <summary>Expects something that is said at a name of the list; line and column count from 1.</summary>
    internal GeneratorTest Saying(string id, DiagnosticSeverity severity, int line, int column, int length, string message)
    {
        TestState.ExpectedDiagnostics.Add(
            new DiagnosticResult(id, severity).WithSpan(List, line, column, line, column + length).WithMessage(message));
        return this;
    }

    /// <summary>Expects something that is said of the whole project.</summary>
    internal GeneratorTest Saying(string id, DiagnosticSeverity severity, string message)
    {
        TestState.ExpectedDiagnostics.Add(new DiagnosticResult(id, severity).WithMessage(message));
        return this;
    }

    /// <summary>Looks at what is said, whatever files are made; they must compile.</summary>
    internal Task RunWhateverIsMade()
    {
        TestBehaviors |= TestBehaviors.SkipGeneratedSourcesCheck;
        return RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Expects a file with exactly this text.</summary>
    internal GeneratorTest Making(string name, string text)
    {
        TestState.GeneratedSources.Add((typeof(UapiGenerator), name, SourceText.From(text, Encoding.UTF8)));
        return this;
    }

    /// <summary>Expects exactly the files that were named.</summary>
    internal Task Run() => RunAsync(TestContext.Current.CancellationToken);

    /// <inheritdoc/>
    protected override CompilationOptions CreateCompilationOptions() => new CSharpCompilationOptions(
        OutputKind.DynamicallyLinkedLibrary, allowUnsafe: allowsUnsafe, nullableContextOptions: NullableContextOptions.Enable);

    /// <inheritdoc/>
    protected override ParseOptions CreateParseOptions() => new CSharpParseOptions(version, DocumentationMode.Diagnose);
}
