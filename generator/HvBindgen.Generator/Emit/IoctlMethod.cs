using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>The form of a method that sends a request: generic over the descriptor, which comes first.</summary>
internal static class IoctlMethod
{
    private static readonly TypeParameterSyntax Descriptor = TypeParameter(default, default, Tokens.Word("TDescriptor"));
    private static readonly TypeParameterConstraintClauseSyntax Constraint = ConstraintOf(Code.Name("IIoctlDescriptor"));
    private static readonly TypeParameterConstraintClauseSyntax ConstraintAtLineEnd =
        ConstraintOf(IdentifierName(Tokens.WordAtLineEnd("IIoctlDescriptor")));

    internal static MethodDeclarationSyntax Of(string name, IReadOnlyList<ParameterSyntax> parameters, ExpressionSyntax body, XmlDoc doc) =>
        Of(name, parameters, null, Code.Arrow(body), doc);

    internal static MethodDeclarationSyntax Of(
        string name, IReadOnlyList<ParameterSyntax> parameters, List<StatementSyntax> statements, XmlDoc doc)
    {
        BlockSyntax body = Block(
            default, Tokens.AtLineEnd(SyntaxKind.OpenBraceToken), List(statements), Tokens.AtLineEnd(SyntaxKind.CloseBraceToken));
        return Of(name, parameters, body, null, doc);
    }

    /// <summary>fixed (type* pointer = address) { return call; }</summary>
    internal static FixedStatementSyntax Fixed(CSharpType type, ExpressionSyntax address, ExpressionSyntax call)
    {
        StatementSyntax statement = ReturnStatement(
            default, Tokens.Spaced(SyntaxKind.ReturnKeyword), call, Tokens.AtLineEnd(SyntaxKind.SemicolonToken));
        return FixedStatement(
            default,
            Tokens.Spaced(SyntaxKind.FixedKeyword),
            Tokens.Plain(SyntaxKind.OpenParenToken),
            Code.Variable(type.Pointer, "pointer", address),
            Tokens.AtLineEnd(SyntaxKind.CloseParenToken),
            Block(
                default,
                Tokens.AtLineEnd(SyntaxKind.OpenBraceToken),
                SingletonList(statement),
                Tokens.AtLineEnd(SyntaxKind.CloseBraceToken)));
    }

    private static MethodDeclarationSyntax Of(
        string name, IReadOnlyList<ParameterSyntax> parameters, BlockSyntax? block, ArrowExpressionClauseSyntax? arrow, XmlDoc doc) =>
        MethodDeclaration(
            default,
            Tokens.Modifiers(doc.Above(), SyntaxKind.PublicKeyword, SyntaxKind.StaticKeyword),
            ((CSharpType)"IoctlResult").BeforeName,
            null,
            Tokens.Word(name),
            TypeParameterList(
                Tokens.Plain(SyntaxKind.LessThanToken), SingletonSeparatedList(Descriptor), Tokens.Plain(SyntaxKind.GreaterThanToken)),
            Code.Parameters(isAtLineEnd: true, [Code.Parameter("TDescriptor", "fd"), .. parameters]),
            SingletonList(block is null ? Constraint : ConstraintAtLineEnd),
            block,
            arrow,
            block is null ? Tokens.AtLineEnd(SyntaxKind.SemicolonToken) : default);

    // where TDescriptor : IIoctlDescriptor
    private static TypeParameterConstraintClauseSyntax ConstraintOf(IdentifierNameSyntax type) =>
        TypeParameterConstraintClause(
            Tokens.Spaced(SyntaxKind.WhereKeyword),
            Code.Name("TDescriptor"),
            Tokens.Infix(SyntaxKind.ColonToken),
            SingletonSeparatedList<TypeParameterConstraintSyntax>(TypeConstraint(type)));
}
