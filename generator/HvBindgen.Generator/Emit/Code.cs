using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Syntax nodes made of <see cref="Tokens"/>. Nodes without a parent can be used any number of times, as tokens can.</summary>
internal static class Code
{
    private static readonly ConcurrentDictionary<string, IdentifierNameSyntax> Names = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, ExpressionSyntax> Members = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<long, LiteralExpressionSyntax> Numbers = [];
    private static readonly ConcurrentDictionary<long, ArgumentSyntax> NumberArguments = [];
    private static readonly ConcurrentDictionary<int, SyntaxToken[]> CommaLists = [];

    /// <summary>A name that recurs.</summary>
    internal static IdentifierNameSyntax Name(string identifier) =>
        Names.GetOrAdd(identifier, static identifier => IdentifierName(Tokens.Word(identifier)));

    /// <summary>receiver.member, both of which recur.</summary>
    internal static ExpressionSyntax Member(string receiver, string member) =>
        Members.GetOrAdd($"{receiver}.{member}", static (_, parts) => Member(Name(parts.receiver), parts.member), (receiver, member));

    internal static ExpressionSyntax Member(ExpressionSyntax receiver, string member) =>
        MemberAccessExpression(
            SyntaxKind.SimpleMemberAccessExpression, receiver, Tokens.Plain(SyntaxKind.DotToken), IdentifierName(Tokens.Word(member)));

    /// <summary>receiver.member&lt;arguments&gt;</summary>
    internal static ExpressionSyntax Member(ExpressionSyntax receiver, string member, params CSharpType[] arguments) =>
        MemberAccessExpression(
            SyntaxKind.SimpleMemberAccessExpression,
            receiver,
            Tokens.Plain(SyntaxKind.DotToken),
            CSharpType.InstanceOf(member, arguments));

    /// <summary>target(argument, argument)</summary>
    internal static ExpressionSyntax Call(ExpressionSyntax target, params ReadOnlySpan<ExpressionSyntax> arguments) =>
        InvocationExpression(target, Arguments(arguments));

    internal static ExpressionSyntax CallWith(ExpressionSyntax target, params ArgumentSyntax[] arguments) =>
        InvocationExpression(target, Arguments(arguments));

    internal static ArgumentListSyntax Arguments(params ReadOnlySpan<ExpressionSyntax> arguments)
    {
        ArgumentSyntax[] list = new ArgumentSyntax[arguments.Length];
        for (int index = 0; index < arguments.Length; index++)
        {
            list[index] = Value(arguments[index]);
        }

        return Arguments(list);
    }

    internal static ArgumentSyntax Value(ExpressionSyntax expression) => Argument(null, default, expression);

    /// <summary>A number as an argument.</summary>
    internal static ArgumentSyntax Value(long number) => NumberArguments.GetOrAdd(number, static number => Value(Number(number)));

    /// <summary>(type)expression</summary>
    internal static ExpressionSyntax Cast(CSharpType type, ExpressionSyntax expression) =>
        CastExpression(Tokens.Plain(SyntaxKind.OpenParenToken), type.Syntax, Tokens.Plain(SyntaxKind.CloseParenToken), expression);

    internal static ExpressionSyntax SizeOf(CSharpType type) =>
        SizeOfExpression(
            Tokens.Plain(SyntaxKind.SizeOfKeyword),
            Tokens.Plain(SyntaxKind.OpenParenToken),
            type.Syntax,
            Tokens.Plain(SyntaxKind.CloseParenToken));

    internal static ExpressionSyntax Parenthesized(ExpressionSyntax expression) =>
        ParenthesizedExpression(Tokens.Plain(SyntaxKind.OpenParenToken), expression, Tokens.Plain(SyntaxKind.CloseParenToken));

    internal static LiteralExpressionSyntax Number(long value) =>
        Numbers.GetOrAdd(value, static value => LiteralExpression(
            SyntaxKind.NumericLiteralExpression, Literal(default, value.ToString(CultureInfo.InvariantCulture), value, default)));

    /// <summary>left op right</summary>
    internal static ExpressionSyntax Binary(SyntaxKind expression, SyntaxKind @operator, ExpressionSyntax left, ExpressionSyntax right) =>
        BinaryExpression(expression, left, Tokens.Infix(@operator), right);

    /// <summary>target = value</summary>
    internal static ExpressionSyntax Assign(ExpressionSyntax target, ExpressionSyntax value) =>
        AssignmentExpression(SyntaxKind.SimpleAssignmentExpression, target, Tokens.Infix(SyntaxKind.EqualsToken), value);

    internal static ArrowExpressionClauseSyntax Arrow(ExpressionSyntax expression) =>
        ArrowExpressionClause(Tokens.Infix(SyntaxKind.EqualsGreaterThanToken), expression);

    internal static EqualsValueClauseSyntax EqualsValue(ExpressionSyntax value) =>
        EqualsValueClause(Tokens.Infix(SyntaxKind.EqualsToken), value);

    /// <summary>An expression as a statement.</summary>
    internal static ExpressionStatementSyntax Statement(ExpressionSyntax expression) =>
        ExpressionStatement(default, expression, Tokens.AtLineEnd(SyntaxKind.SemicolonToken));

    /// <summary>return value;</summary>
    internal static StatementSyntax Return(ExpressionSyntax value) =>
        ReturnStatement(default, Tokens.Spaced(SyntaxKind.ReturnKeyword), value, Tokens.AtLineEnd(SyntaxKind.SemicolonToken));

    /// <summary>type name [= value];</summary>
    internal static VariableDeclarationSyntax Variable(CSharpType type, string name, ExpressionSyntax? value = null) =>
        VariableDeclaration(
            type.BeforeName,
            SingletonSeparatedList(VariableDeclarator(Tokens.Word(name), null, value is null ? null : EqualsValue(value))));

    internal static ParameterSyntax Parameter(CSharpType type, string name, SyntaxKind? modifier = null) =>
        SyntaxFactory.Parameter(
            default, modifier is { } kind ? Tokens.Modifiers(kind) : default, type.BeforeName, Tokens.Word(name), null);

    internal static ParameterListSyntax Parameters(params ReadOnlySpan<ParameterSyntax> parameters) =>
        Parameters(isAtLineEnd: false, parameters);

    internal static ParameterListSyntax Parameters(bool isAtLineEnd, params ReadOnlySpan<ParameterSyntax> parameters) =>
        ParameterList(
            Tokens.Plain(SyntaxKind.OpenParenToken),
            Separated(parameters.ToArray()),
            isAtLineEnd ? Tokens.AtLineEnd(SyntaxKind.CloseParenToken) : Tokens.Plain(SyntaxKind.CloseParenToken));

    /// <summary>[Name(arguments)] on a line of its own, after what stands before its declaration.</summary>
    internal static AttributeListSyntax Attribute(SyntaxTriviaList lead, SeparatedSyntaxList<AttributeSyntax> attribute) =>
        AttributeList(
            Token(lead, SyntaxKind.OpenBracketToken, default), null, attribute, Tokens.AtLineEnd(SyntaxKind.CloseBracketToken));

    /// <summary>Name(arguments)</summary>
    internal static SeparatedSyntaxList<AttributeSyntax> AttributeOf(string name, params AttributeArgumentSyntax[] arguments) =>
        SingletonSeparatedList(SyntaxFactory.Attribute(
            Name(name),
            arguments.Length == 0
                ? null
                : AttributeArgumentList(
                    Tokens.Plain(SyntaxKind.OpenParenToken), Separated(arguments), Tokens.Plain(SyntaxKind.CloseParenToken))));

    internal static AttributeArgumentSyntax AttributeValue(ExpressionSyntax value, string? name = null) =>
        AttributeArgument(
            name is null
                ? null
                : NameEquals(IdentifierName(Identifier(default, name, TriviaList(Space))), Tokens.Spaced(SyntaxKind.EqualsToken)),
            null,
            value);

    /// <summary>modifiers class name { members }, of which there is at least one.</summary>
    internal static ClassDeclarationSyntax Class(SyntaxTokenList modifiers, string name, IReadOnlyList<MemberDeclarationSyntax> members) =>
        ClassDeclaration(
            default,
            modifiers,
            Tokens.Spaced(SyntaxKind.ClassKeyword),
            Tokens.WordAtLineEnd(name),
            null,
            null,
            default,
            OpenBrace(members[0]),
            List(members),
            Tokens.AtLineEnd(SyntaxKind.CloseBraceToken),
            default);

    /// <summary>The list "a, b, c".</summary>
    internal static SeparatedSyntaxList<T> Separated<T>(T[] nodes)
        where T : SyntaxNode =>
        nodes.Length == 1 ? SingletonSeparatedList(nodes[0]) : SeparatedList(nodes, Commas(nodes.Length - 1));

    /// <summary>
    /// The brace before the members of a type. A first member that starts with a blank line, as documented ones do, brings the
    /// end of the brace's line.
    /// </summary>
    internal static SyntaxToken OpenBrace(SyntaxNode? firstMember)
    {
        SyntaxTriviaList leading = firstMember?.GetLeadingTrivia() ?? default;
        return leading.Count > 0 && leading[0].IsKind(SyntaxKind.EndOfLineTrivia)
            ? Tokens.Plain(SyntaxKind.OpenBraceToken)
            : Tokens.AtLineEnd(SyntaxKind.OpenBraceToken);
    }

    private static ArgumentListSyntax Arguments(ArgumentSyntax[] arguments) =>
        ArgumentList(Tokens.Plain(SyntaxKind.OpenParenToken), Separated(arguments), Tokens.Plain(SyntaxKind.CloseParenToken));

    private static SyntaxToken[] Commas(int count) =>
        CommaLists.GetOrAdd(Math.Max(count, 0), static count => [.. Enumerable.Repeat(Tokens.Spaced(SyntaxKind.CommaToken), count)]);
}
