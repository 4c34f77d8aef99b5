using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace HvBindgen.Docs.Tests;

/// <summary>Every C# block of every document compiles against the libraries it is about.</summary>
public class SnippetTests
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly IReadOnlyList<MetadataReference> References = FindReferences();

    public static TheoryData<string> DocumentsWithSnippets =>
        [.. Documents.All.Where(file => new MarkdownDocument(Path.Combine(Repository.Root, file)).Snippets.Count > 0)];

    [Theory]
    [MemberData(nameof(DocumentsWithSnippets))]
    public void Every_snippet_compiles(string file)
    {
        MarkdownDocument document = new(Path.Combine(Repository.Root, file));

        List<string> errors = [];
        foreach (MarkdownDocument.Snippet snippet in document.Snippets)
        {
            errors.AddRange(Compile(snippet).Select(error => $"{file}:{snippet.Line + 1 + Line(error)}: {error.Id} {error.GetMessage()}"));
        }

        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }

    [Fact]
    public void A_snippet_with_a_mistake_is_noticed()
    {
        MarkdownDocument.Snippet wrong = new(1, "", "using HvBindgen.Mshv.Abi;\nulong x = new mshv_create_vp().no_such_member;");

        Assert.Equal("CS1061", Assert.Single(Compile(wrong)).Id);
    }

    [Fact]
    public void The_read_me_has_a_snippet() =>
        Assert.Contains("README.md", (IEnumerable<string>)DocumentsWithSnippets.Select(row => row.Data));

    private static List<Diagnostic> Compile(MarkdownDocument.Snippet snippet)
    {
        // What is given becomes parameters of the function around, so that unassigned variables are no errors.
        List<string> lines = [.. snippet.Code.Split('\n')];
        int usings = lines.FindLastIndex(
            line => line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=', StringComparison.Ordinal)) + 1;
        if (snippet.Given.Length > 0)
        {
            lines.Insert(usings, $"return; partial class Program {{ static void Body({snippet.Given}) {{");
            lines.Add("} }");
        }

        CSharpCompilation compilation = CSharpCompilation.Create(
            "Snippet",
            [
                CSharpSyntaxTree.ParseText(ImplicitUsings),
                CSharpSyntaxTree.ParseText(string.Join('\n', snippet.Given.Length > 0 ? Inline(lines, usings) : lines)),
            ],
            References,
            new CSharpCompilationOptions(
                OutputKind.ConsoleApplication, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        return [.. compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
    }

    // The line that was put in shares the line of the last using, so that line numbers stay those of the document.
    private static List<string> Inline(List<string> lines, int usings)
    {
        string added = lines[usings];
        lines.RemoveAt(usings);
        if (usings == 0)
        {
            lines[0] = added + lines[0];
        }
        else
        {
            lines[usings - 1] += " " + added;
        }

        return lines;
    }

    private static int Line(Diagnostic error) => error.Location.GetLineSpan().StartLinePosition.Line;

    private static List<MetadataReference> FindReferences()
    {
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return [.. trusted.Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("HvBindgen.Docs", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))];
    }
}
