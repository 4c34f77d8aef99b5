using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>The form of a method that sends a request: generic over the descriptor, which comes first.</summary>
/// <param name="safety">Where it says <c>unsafe</c>.</param>
internal sealed class IoctlMethod(MemorySafety safety)
{
    private static readonly TypeParameterSyntax Descriptor = TypeParameter(default, default, Tokens.Word("TDescriptor"));
    private static readonly TypeParameterConstraintClauseSyntax Constraint = ConstraintOf(Code.Name("IIoctlDescriptor"));
    private static readonly TypeParameterConstraintClauseSyntax ConstraintAtLineEnd =
        ConstraintOf(IdentifierName(Tokens.WordAtLineEnd("IIoctlDescriptor")));

    /// <summary>A method that is one call.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="takesAddress">Whether the kernel is given an address that the caller answers for.</param>
    /// <param name="parameters">What follows the descriptor.</param>
    /// <param name="call">The call.</param>
    /// <param name="doc">Its documentation.</param>
    internal MethodDeclarationSyntax Of(
        string name, bool takesAddress, IReadOnlyList<ParameterSyntax> parameters, ExpressionSyntax call, XmlDoc doc) =>
        safety.StandsOnMembers
            ? Of(name, takesAddress, parameters, [Code.Return(call)], doc)
            : Of(name, takesAddress, parameters, null, Code.Arrow(call), doc);

    /// <summary>A method of statements.</summary>
    internal MethodDeclarationSyntax Of(
        string name, bool takesAddress, IReadOnlyList<ParameterSyntax> parameters, IReadOnlyList<StatementSyntax> statements, XmlDoc doc) =>
        Of(name, takesAddress, parameters, safety.BodyOf(statements), null, doc);

    /// <summary>fixed (type* pointer = address) { return call; }</summary>
    internal static FixedStatementSyntax Fixed(CSharpType type, ExpressionSyntax address, ExpressionSyntax call) =>
        FixedStatement(
            default,
            Tokens.Spaced(SyntaxKind.FixedKeyword),
            Tokens.Plain(SyntaxKind.OpenParenToken),
            Code.Variable(type.Pointer, "pointer", address),
            Tokens.AtLineEnd(SyntaxKind.CloseParenToken),
            Block(
                default,
                Tokens.AtLineEnd(SyntaxKind.OpenBraceToken),
                SingletonList(Code.Return(call)),
                Tokens.AtLineEnd(SyntaxKind.CloseBraceToken)));

    private MethodDeclarationSyntax Of(
        string name, bool takesAddress, IReadOnlyList<ParameterSyntax> parameters, BlockSyntax? block, ArrowExpressionClauseSyntax? arrow,
        XmlDoc doc) =>
        MethodDeclaration(
            default,
            safety.OfRequest(doc.Above(), takesAddress),
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
