using System.Collections.Concurrent;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits what generated declarations need whatever the headers are, and only what they need.</summary>
internal sealed class SupportEmitter(EmitOptions options)
{
    private static readonly CSharpParseOptions Options =
        CSharpParseOptions.Default.WithDocumentationMode(DocumentationMode.None).WithLanguageVersion(LanguageVersion.Preview);
    private static readonly ConcurrentDictionary<string, CompilationUnitSyntax> Templates = new(StringComparer.Ordinal);

    // What callers see, each with a word that only declarations which need it contain.
    private static readonly (string Template, string Needle)[] Shared =
    [
        ("IoctlSupport", "IIoctlDescriptor"), ("AlignedMemorySupport", "IOverAligned"), ("CallSupport", "CallSignature<"),
        ("MessageSupport", "IMessageContent<"), ("RequestSupport", "RequestTable<"),
    ];

    // What declarations use inside.
    private static readonly (string Template, string Needle)[] Own =
        [("BitFieldSupport", "BitField."), ("BigEndianBitsSupport", "BigEndianBits."), ("WideBitsSupport", "WideBits.")];

    private static readonly (string Template, string Needle)[] Searched = [.. Shared, .. Own];
    private static readonly byte[][] Needles = [.. Searched.Select(template => Encoding.UTF8.GetBytes(template.Needle))];

    /// <summary>Names of the types of arrays that the shared types have.</summary>
    internal static HashSet<string> SharedArrays { get; } =
        [.. Template("ArraySupport").DescendantNodes().OfType<StructDeclarationSyntax>().Select(type => type.Identifier.Text)];

    /// <summary>Which templates a file's declarations need, as a bit for each.</summary>
    internal static int NeedsOf(ReadOnlySpan<byte> content)
    {
        int needs = 0;
        for (int index = 0; index < Needles.Length; index++)
        {
            needs |= content.IndexOf(Needles[index]) >= 0 ? 1 << index : 0;
        }

        return needs;
    }

    internal List<EmittedFile> Emit(IReadOnlyList<EmittedSet> sets)
    {
        SourceFile files = new(options);
        int needs = sets.SelectMany(set => set.Files).Aggregate(0, (all, file) => all | file.Needs);
        string[] needed = [.. Searched.Where((_, index) => (needs & (1 << index)) != 0).Select(template => template.Template)];
        List<Func<EmittedFile>> parts =
        [
            .. needed.Where(template => options.SharedNamespace is null || Own.Any(own => own.Template == template))
                .Select(template => (Func<EmittedFile>)(() => files.FromTemplate($"Support/{template}.g.cs", Template(template)))),
        ];
        if (options.Surroundings.DisablesRuntimeMarshalling)
        {
            parts.Add(() => files.FromTemplate("Support/AssemblySupport.g.cs", Template("AssemblySupport")));
        }

        if (options.Surroundings.HasLayoutChecks)
        {
            parts.Add(() => files.FromTemplate("Support/LayoutSupport.g.cs", Template("LayoutSupport")));
            parts.Add(() => EntryPoint(files, [.. sets.SelectMany(set => set.TableNamespaces)]));
        }

        string space = options.SupportNamespace ?? options.Namespace;
        SizedType[] arrays =
        [
            .. InOrder(sets.SelectMany(set => set.Arrays))
                .Where(type => options.SharedNamespace is null || !SharedArrays.Contains(type.Name)),
        ];
        (string Name, Func<MemberDeclarationSyntax> Type)[] types =
        [
            .. arrays.Select(type => (type.Name, (Func<MemberDeclarationSyntax>)(() => Array(type)))),
            .. InOrder(sets.SelectMany(set => set.Blocks)).Select(
                type => (type.Name, (Func<MemberDeclarationSyntax>)(() => Block(type)))),
        ];

        // A file for each length: an array that gets another one changes no file that others need.
        parts.AddRange(options.IsOneFile && types.Length > 0
            ? [() => files.BuildSupport("Support/Arrays.g.cs", space, [.. types.Select(type => type.Type())])]
            : types.Select(type => (Func<EmittedFile>)(() => files.BuildSupport($"Support/{type.Name}.g.cs", space, [type.Type()]))));
        Func<EmittedFile>[] begun = [.. parts.Select(part => options.Surroundings.Start(part))];
        return [.. begun.Select(file => file())];
    }

    /// <summary>In place of what compares the layout: a file that notes what is written.</summary>
    internal EmittedFile EmitRecorder() => new SourceFile(options).FromTemplate("Support/LayoutSupport.g.cs", Template("AccessorRecorder"));

    private static IEnumerable<SizedType> InOrder(IEnumerable<SizedType> types) =>
        types.Distinct().OrderBy(type => type.Size).ThenBy(type => type.Name, StringComparer.Ordinal);

    // [StructLayout(LayoutKind.Explicit, Size = 2097152)] public struct Block2097152 { ... }
    private MemberDeclarationSyntax Block(SizedType type) => ParseMemberDeclaration(
        $$"""

        /// <summary>{{type.Size}} bytes in place, more than the runtime lays out as an array.</summary>
        [StructLayout(LayoutKind.Explicit, Size = {{type.Size}})]
        public struct {{type.Name}}
        {
        [FieldOffset(0)]
        private {{(options.Language == CSharpLanguage.CSharp15 ? "safe " : "")}}byte first;

        /// <summary>The bytes, as long as the record around them.</summary>
        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        public System.Span<byte> Bytes
        {
        get
        {
        unsafe
        {
        return MemoryMarshal.CreateSpan(ref first, {{type.Size}});
        }
        }
        }
        }

        """,
        options: Options)!;

    // [InlineArray(6)] public struct Array6<T> where T : unmanaged { private T element; }
    private static StructDeclarationSyntax Array(SizedType type)
    {
        XmlDoc doc = new XmlDoc(
            $"{type.Size} {(type.Size == 1 ? "element" : "elements")} in place, as in a C array.").TypeParameter("T", "Type of element.");
        FieldDeclarationSyntax element = FieldDeclaration(
            default,
            Tokens.Modifiers(SyntaxKind.PrivateKeyword),
            Code.Variable("T", "element"),
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));
        TypeParameterConstraintClauseSyntax constraint = TypeParameterConstraintClause(
            Tokens.Spaced(SyntaxKind.WhereKeyword),
            Code.Name("T"),
            Tokens.Infix(SyntaxKind.ColonToken),
            SingletonSeparatedList<TypeParameterConstraintSyntax>(TypeConstraint(IdentifierName(Tokens.WordAtLineEnd("unmanaged")))));
        return StructDeclaration(
            SingletonList(Code.Attribute(doc.Above(), Code.AttributeOf("InlineArray", Code.AttributeValue(Code.Number(type.Size))))),
            Tokens.Modifiers(SyntaxKind.PublicKeyword),
            Tokens.Spaced(SyntaxKind.StructKeyword),
            Tokens.Word(type.Name),
            TypeParameterList(
                Tokens.Plain(SyntaxKind.LessThanToken),
                SingletonSeparatedList(TypeParameter(default, default, Tokens.Word("T"))),
                Tokens.AtLineEnd(SyntaxKind.GreaterThanToken)),
            null,
            SingletonList(constraint),
            Tokens.AtLineEnd(SyntaxKind.OpenBraceToken),
            SingletonList<MemberDeclarationSyntax>(element),
            Tokens.AtLineEnd(SyntaxKind.CloseBraceToken),
            default);
    }

    private EmittedFile EntryPoint(SourceFile files, IReadOnlyList<string> tableNamespaces)
    {
        // The calls differ with the scopes; all else is the template's.
        CompilationUnitSyntax unit = Template("LayoutEntry");
        FileScopedNamespaceDeclarationSyntax space = (FileScopedNamespaceDeclarationSyntax)unit.Members[0];
        ClassDeclarationSyntax type = (ClassDeclarationSyntax)space.Members[0];
        MethodDeclarationSyntax method = (MethodDeclarationSyntax)type.Members[0];
        SyntaxList<StatementSyntax> statements = method.Body!.Statements;
        IEnumerable<StatementSyntax> calls = tableNamespaces.Select(name => Code.Statement(Code.Call(
            Code.Member(Code.Member(Code.Name(name), LayoutTableEmitter.TableClass), LayoutTableEmitter.CheckMethod),
            Code.Name("check"))).WithLeadingTrivia(statements[0].GetLeadingTrivia()));

        // Behind the first statement, which makes the check that the tables are given.
        BlockSyntax body = method.Body.WithStatements(statements.InsertRange(1, calls));
        MemberDeclarationSyntax filled = type.WithMembers(SingletonList<MemberDeclarationSyntax>(method.WithBody(body)))
            .WithIdentifier(Identifier(default, options.LayoutClass, type.Identifier.TrailingTrivia));
        return files.FromTemplate(
            "Support/AbiLayout.g.cs",
            unit.WithMembers(SingletonList<MemberDeclarationSyntax>(space.WithMembers(SingletonList(filled)))));
    }

    private static CompilationUnitSyntax Template(string name) => Templates.GetOrAdd(name, static name => Parse(name));

    private static CompilationUnitSyntax Parse(string name)
    {
        using Stream stream = typeof(SupportEmitter).Assembly.GetManifestResourceStream(name + ".cs")
            ?? throw new InvalidOperationException($"template {name} is missing from the tool");
        using StreamReader reader = new(stream);

        // Its comments are text here: nothing looks into them.
        return ParseCompilationUnit(reader.ReadToEnd().ReplaceLineEndings("\n"), options: Options);
    }
}
