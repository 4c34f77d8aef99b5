using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>A file of generated C#.</summary>
/// <param name="Path">Path below the output folder, with <c>/</c> between folders.</param>
/// <param name="Content">UTF-8, LF, ending in a line feed; the same bytes on every machine and run.</param>
public sealed record EmittedFile(string Path, ReadOnlyMemory<byte> Content)
{
    /// <summary>The header whose declarations it has; empty for a file of several or of none.</summary>
    public string Header { get; init; } = "";

    /// <summary>The types that it declares, with their namespaces and without their parameters; nothing where all is in one file.</summary>
    internal IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>What its declarations need whatever the headers are: bits of <see cref="SupportEmitter.NeedsOf"/>.</summary>
    internal int Needs { get; init; }

    /// <summary>The content as text.</summary>
    public string Text => Encoding.UTF8.GetString(Content.Span);
}

/// <summary>Declarations that go into one file.</summary>
/// <param name="Path">Path below the output folder.</param>
/// <param name="Namespace">Their namespace.</param>
/// <param name="Members">The declarations.</param>
internal sealed record SourcePart(string Path, string Namespace, IReadOnlyList<MemberDeclarationSyntax> Members)
{
    /// <summary>The header that declares them; empty for none.</summary>
    internal string Header { get; init; } = "";
}

/// <summary>Puts declarations into a file with the header that all generated files have.</summary>
internal sealed class SourceFile(EmitOptions options)
{
    private const string OnePath = "Bindings.g.cs";

    private readonly SyntaxList<UsingDirectiveSyntax> usings = List(NamespacesUsed(options).Select(Using));

    /// <summary>A file of one namespace.</summary>
    internal EmittedFile Build(SourcePart part) => Build(part.Path, part.Namespace, part.Members) with { Header = part.Header };

    /// <summary>A file of one namespace.</summary>
    internal EmittedFile Build(string path, string @namespace, IReadOnlyList<MemberDeclarationSyntax> members)
    {
        CompilationUnitSyntax unit = CompilationUnit(
            default,
            usings,
            default,
            SingletonList<MemberDeclarationSyntax>(FileScopedNamespaceDeclaration(
                default,
                default,
                Tokens.First(Tokens.LineEnd, SyntaxKind.NamespaceKeyword),
                CSharpType.NameOf(@namespace),
                Tokens.AtLineEnd(SyntaxKind.SemicolonToken),
                default,
                default,
                List(members.Select(Visible)))),
            Tokens.Plain(SyntaxKind.EndOfFileToken));
        return Build(path, HeaderOf(options), unit) with { Types = TypesOf(@namespace, members) };
    }

    /// <summary>A file of types that are the same whatever the headers are, and that members of others are made of.</summary>
    internal EmittedFile BuildSupport(string path, string @namespace, IReadOnlyList<MemberDeclarationSyntax> members) =>
        options.PublicTypes.Count > 0 ? new SourceFile(options with { IsInternal = false }).Build(path, @namespace, members)
            : Build(path, @namespace, members);

    /// <summary>One file of all parts, with a block for each namespace.</summary>
    /// <param name="parts">The parts, in any order.</param>
    /// <param name="facts">Attributes of the assembly, which stand in front.</param>
    internal EmittedFile BuildOne(IEnumerable<SourcePart> parts, IReadOnlyList<AttributeListSyntax> facts)
    {
        IEnumerable<MemberDeclarationSyntax> blocks = parts.OrderBy(part => part.Path, StringComparer.Ordinal)
            .GroupBy(part => part.Namespace).OrderBy(block => block.Key, StringComparer.Ordinal)
            .Select(block => Block(block.Key, [.. block.SelectMany(part => part.Members).Select(Visible)]));
        return Build(
            OnePath, HeaderOf(options),
            CompilationUnit(default, usings, List(facts), List(blocks), Tokens.Plain(SyntaxKind.EndOfFileToken)));
    }

    private static NamespaceDeclarationSyntax Block(string @namespace, MemberDeclarationSyntax[] members) => NamespaceDeclaration(
        default,
        default,
        Tokens.First(Tokens.LineEnd, SyntaxKind.NamespaceKeyword),
        CSharpType.NameOf(@namespace, Tokens.NextLine),
        Code.OpenBrace(members[0]),
        default,
        default,
        List(members),
        Tokens.AtLineEnd(SyntaxKind.CloseBraceToken),
        default);

    /// <summary>A file of anything.</summary>
    internal static EmittedFile Build(string path, EmitOptions options, CompilationUnitSyntax unit) => Build(path, HeaderOf(options), unit);

    private static EmittedFile Build(string path, string header, CompilationUnitSyntax unit)
    {
        using IndentingWriter writer = new(header.Length + (unit.FullSpan.Length * 5 / 4));
        EmittedFile file = Finish(path, header, unit, "", writer);
        return file with { Needs = SupportEmitter.NeedsOf(file.Content.Span) };
    }

    private static string OriginOf(EmitOptions options) => options.IsOneFile ? OnePath : OriginEmitter.Path;

    // What a configuration marks as obsolete is compared with C all the same.
    private static string Obsolete(EmitOptions options) =>
        options.Attributes.Count > 0
            ? "\n#pragma warning disable CS0612, CS0618 // Attributes may say that something is obsolete."
                + (options.Attributes.Values.Any(texts => texts.Any(IsOfPlatform))
                    ? "\n#pragma warning disable CA1416, CA1418 // Or that an older kernel lacks it."
                    : "")
            : "";

    private static bool IsOfPlatform(string attribute) => attribute.Contains("SupportedOSPlatform", StringComparison.Ordinal);

    // The kernel fills what a program only reads; of a public field the compiler cannot know.
    private static string NeverAssigned(EmitOptions options) =>
        options.IsInternal ? "\n#pragma warning disable CS0649 // The kernel assigns what the assembly does not." : "";

    private static string HeaderOf(EmitOptions options) =>
        $"""
        // <auto-generated>
        //     Written by hvbindgen; {OriginOf(options)} says what from. Changes are lost when the file is generated again.
        // </auto-generated>
        #nullable enable
        #pragma warning disable CS8981 // C names are in lower case.{Obsolete(options)}{NeverAssigned(options)}


        """;

    /// <summary>A template with its namespace replaced by that of the support code.</summary>
    internal EmittedFile FromTemplate(string path, CompilationUnitSyntax template)
    {
        template = options.Surroundings.UsesLibraryImport ? template : EntryPoints.Declared(template);
        FileScopedNamespaceDeclarationSyntax declaration = template.Members.OfType<FileScopedNamespaceDeclarationSyntax>().Single();
        string space = options.SupportNamespace ?? options.Namespace;
        FileScopedNamespaceDeclarationSyntax own = declaration.WithName(CSharpType.NameOf(space))
            .WithMembers(List(options.PublicTypes.Count > 0 ? declaration.Members : declaration.Members.Select(Visible)));
        CompilationUnitSyntax unit = template.WithMembers(template.Members.Replace(declaration, own));

        // A template is a file that somebody wrote, with its indentation in it.
        const string system = "using System;\nusing System.Collections.Generic;\n";
        string header = HeaderOf(options);
        using Utf8Writer writer = new(header.Length + system.Length + unit.FullSpan.Length);
        return Finish(path, header, unit, system, writer) with { Types = TypesOf(space, own.Members) };
    }

    private static string[] TypesOf(string @namespace, IReadOnlyList<MemberDeclarationSyntax> members) =>
        [.. members.OfType<BaseTypeDeclarationSyntax>().Select(type => $"{@namespace}.{type.Identifier.ValueText}")];

    // Types are made public; what is for its own assembly alone differs in that one word.
    private MemberDeclarationSyntax Visible(MemberDeclarationSyntax member)
    {
        bool isPublic = !options.IsInternal
            || (member is BaseTypeDeclarationSyntax type && options.PublicTypes.Contains(type.Identifier.ValueText));
        return isPublic ? member : Hidden(member);
    }

    /// <summary>A declaration that is for its own assembly alone.</summary>
    internal static MemberDeclarationSyntax Hidden(MemberDeclarationSyntax member)
    {
        int index = member.Modifiers.IndexOf(SyntaxKind.PublicKeyword);
        if (index < 0)
        {
            return member;
        }

        // In a template the space behind a word is trivia.
        SyntaxToken word = member.Modifiers[index];
        SyntaxToken hidden = word.HasTrailingTrivia
            ? Token(word.LeadingTrivia, SyntaxKind.InternalKeyword, word.TrailingTrivia)
            : Tokens.First(word.LeadingTrivia, SyntaxKind.InternalKeyword);
        return member.WithModifiers(member.Modifiers.Replace(word, hidden));
    }

    private static IEnumerable<string> NamespacesUsed(EmitOptions options)
    {
        yield return "System.Runtime.CompilerServices";
        yield return "System.Runtime.InteropServices";
        if (options.SharedNamespace is { } shared)
        {
            yield return shared;
        }

        if (options.SupportNamespace is { } support && support != options.Namespace && support != options.SharedNamespace)
        {
            yield return support;
        }
    }

    private static EmittedFile Finish(string path, string header, CompilationUnitSyntax unit, string system, Utf8Writer writer)
    {
        writer.Write(header);
        writer.Write(system);
        unit.WriteTo(writer);
        return new EmittedFile(path, writer.Written);
    }

    private static UsingDirectiveSyntax Using(string name) =>
        UsingDirective(
            default,
            Tokens.Spaced(SyntaxKind.UsingKeyword),
            default,
            null,
            CSharpType.NameOf(name),
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));
}
