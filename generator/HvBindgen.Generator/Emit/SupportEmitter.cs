using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits what generated declarations need whatever the headers are, and only what they need.</summary>
internal sealed class SupportEmitter(EmitOptions options)
{
    internal List<EmittedFile> Emit(IReadOnlyList<EmittedFile> declarations, ArrayTypes arrays, IReadOnlyList<string> tableNamespaces)
    {
        SourceFile files = new(options);
        List<EmittedFile> result = [];
        foreach ((string template, string needle) in (ReadOnlySpan<(string, string)>)[
            ("IoctlSupport", "IIoctlDescriptor"), ("BitFieldSupport", "BitField."), ("AlignedMemorySupport", "IOverAligned"), ("CallSupport", "CallSignature<")])
        {
            if (declarations.Any(file => file.Text.Contains(needle, StringComparison.Ordinal)))
            {
                result.Add(files.FromTemplate($"Support/{template}.g.cs", Template(template)));
            }
        }

        result.Add(files.FromTemplate("Support/LayoutSupport.g.cs", Template("LayoutSupport")));
        result.Add(files.FromTemplate("Support/AssemblySupport.g.cs", Template("AssemblySupport")));
        result.Add(EntryPoint(files, tableNamespaces));
        if (arrays.Lengths.Count > 0)
        {
            result.Add(files.Build("Support/Arrays.g.cs", options.Namespace, arrays.Lengths.Select(Array)));
        }

        return result;
    }

    // [InlineArray(6)] public struct Array6<T> where T : unmanaged { private T element; }
    private static StructDeclarationSyntax Array(long length)
    {
        XmlDoc doc = new XmlDoc($"{length} {(length == 1 ? "element" : "elements")} in place, as in a C array.").TypeParameter("T", "Type of element.");
        FieldDeclarationSyntax element = FieldDeclaration(
            default,
            Code.Modifiers(SyntaxKind.PrivateKeyword),
            Code.Variable("T", "element"),
            Code.AtLineEnd(SyntaxKind.SemicolonToken)).Indented(1);
        TypeParameterConstraintClauseSyntax constraint = TypeParameterConstraintClause(
            Code.Spaced(SyntaxKind.WhereKeyword),
            IdentifierName("T"),
            Code.Infix(SyntaxKind.ColonToken),
            SingletonSeparatedList<TypeParameterConstraintSyntax>(TypeConstraint(IdentifierName("unmanaged").WithTrailingTrivia(Code.EndLine)))).Indented(1);
        return StructDeclaration(
            SingletonList(Code.Attribute(0, "InlineArray", Code.AttributeValue(Code.Number(length)))),
            Code.Modifiers(SyntaxKind.PublicKeyword),
            Code.Spaced(SyntaxKind.StructKeyword),
            Identifier(string.Create(CultureInfo.InvariantCulture, $"Array{length}")),
            TypeParameterList(SingletonSeparatedList(TypeParameter("T"))).WithTrailingTrivia(Code.EndLine),
            null,
            SingletonList(constraint),
            Code.OwnLine(SyntaxKind.OpenBraceToken, 0),
            SingletonList<MemberDeclarationSyntax>(element),
            Code.OwnLine(SyntaxKind.CloseBraceToken, 0),
            default).Documented(doc, 0, blankLineBefore: true);
    }

    private static EmittedFile EntryPoint(SourceFile files, IReadOnlyList<string> tableNamespaces)
    {
        // The calls differ with the scopes; all else is the template's.
        CompilationUnitSyntax unit = ParseCompilationUnit(Template("LayoutEntry"));
        MethodDeclarationSyntax method = unit.DescendantNodes().OfType<MethodDeclarationSyntax>().Single();
        StatementSyntax[] statements =
        [
            method.Body!.Statements[0],
            .. tableNamespaces.Select(name => ParseStatement($"        {name}.{LayoutTableEmitter.TableClass}.{LayoutTableEmitter.CheckMethod}(check);\n")),
            .. method.Body.Statements.Skip(1),
        ];
        unit = unit.ReplaceNode(method.Body, method.Body.WithStatements(List(statements)));
        return files.FromTemplate("Support/AbiLayout.g.cs", unit.ToFullString());
    }

    private static string Template(string name)
    {
        using Stream stream = typeof(SupportEmitter).Assembly.GetManifestResourceStream(name + ".cs")
            ?? throw new InvalidOperationException($"template {name} is missing from the tool");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
