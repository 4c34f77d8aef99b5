using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Syntax nodes with their white space in place, so that a finished tree needs no formatting pass.</summary>
internal static class Code
{
    private static readonly SyntaxTrivia NewLine = EndOfLine("\n");

    // Nodes without a parent can be used any number of times; the same few make up most of a tree.
    private static readonly ConcurrentDictionary<SyntaxKind, SyntaxToken> Keywords = [];
    private static readonly ConcurrentDictionary<string, TypeSyntax> Types = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, TypeSyntax> TypesBeforeNames = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, IdentifierNameSyntax> Names = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<long, LiteralExpressionSyntax> Numbers = [];
    private static readonly string[] Indents = [.. Enumerable.Range(0, 8).Select(depth => new string(' ', 4 * depth))];

    internal static SyntaxTrivia EndLine => NewLine;

    /// <summary>A keyword or operator followed by a space.</summary>
    internal static SyntaxToken Spaced(SyntaxKind kind) =>
        Keywords.GetOrAdd(kind, static kind => Token(TriviaList(), kind, TriviaList(Space)));

    /// <summary>An operator with a space on both sides.</summary>
    internal static SyntaxToken Infix(SyntaxKind kind) => Token(TriviaList(Space), kind, TriviaList(Space));

    internal static SyntaxToken AtLineEnd(SyntaxKind kind) => Token(TriviaList(), kind, TriviaList(NewLine));

    internal static SyntaxToken OwnLine(SyntaxKind kind, int depth) =>
        Token(TriviaList(Whitespace(Indent(depth))), kind, TriviaList(NewLine));

    internal static SyntaxTokenList Modifiers(params ReadOnlySpan<SyntaxKind> kinds)
    {
        SyntaxToken[] tokens = new SyntaxToken[kinds.Length];
        for (int index = 0; index < kinds.Length; index++)
        {
            tokens[index] = Spaced(kinds[index]);
        }

        return TokenList(tokens);
    }

    /// <summary>A type by its C# text.</summary>
    internal static TypeSyntax Type(string name) => Types.GetOrAdd(name, static name => ParseTypeName(name));

    internal static TypeSyntax TypeBeforeName(string name) =>
        TypesBeforeNames.GetOrAdd(name, static name => Type(name).WithTrailingTrivia(Space));

    internal static IdentifierNameSyntax Name(string identifier) => Names.GetOrAdd(identifier, static identifier => IdentifierName(identifier));

    /// <summary>A name that starts a line.</summary>
    internal static IdentifierNameSyntax NameAtLineStart(string identifier, int depth) =>
        Names.GetOrAdd(Indent(depth) + identifier, _ => IdentifierName(Identifier(TriviaList(Whitespace(Indent(depth))), identifier, default)));

    /// <summary>receiver.member</summary>
    internal static ExpressionSyntax Member(string receiver, string member) => Member(Name(receiver), member);

    internal static ExpressionSyntax Member(ExpressionSyntax receiver, string member) =>
        MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, receiver, Name(member));

    /// <summary>target(argument, argument)</summary>
    internal static ExpressionSyntax Call(ExpressionSyntax target, params ReadOnlySpan<ExpressionSyntax> arguments) =>
        InvocationExpression(target, Arguments(arguments));

    internal static ArgumentListSyntax Arguments(params ReadOnlySpan<ExpressionSyntax> arguments)
    {
        SyntaxNodeOrToken[] list = new SyntaxNodeOrToken[Math.Max((arguments.Length * 2) - 1, 0)];
        for (int index = 0; index < arguments.Length; index++)
        {
            list[index * 2] = Argument(arguments[index]);
            if (index > 0)
            {
                list[(index * 2) - 1] = Spaced(SyntaxKind.CommaToken);
            }
        }

        return ArgumentList(SeparatedList<ArgumentSyntax>(list));
    }

    /// <summary>(type)expression</summary>
    internal static ExpressionSyntax Cast(string type, ExpressionSyntax expression) => CastExpression(Type(type), expression);

    internal static ExpressionSyntax SizeOf(string type) => SizeOfExpression(Type(type));

    internal static LiteralExpressionSyntax Number(long value) =>
        Numbers.GetOrAdd(value, static value =>
            LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(value.ToString(CultureInfo.InvariantCulture), value)));

    /// <summary>left op right</summary>
    internal static ExpressionSyntax Binary(SyntaxKind expression, SyntaxKind @operator, ExpressionSyntax left, ExpressionSyntax right) =>
        BinaryExpression(expression, left, Infix(@operator), right);

    /// <summary>target = value</summary>
    internal static ExpressionSyntax Assign(ExpressionSyntax target, ExpressionSyntax value) =>
        AssignmentExpression(SyntaxKind.SimpleAssignmentExpression, target, Infix(SyntaxKind.EqualsToken), value);

    internal static ArrowExpressionClauseSyntax Arrow(ExpressionSyntax expression) =>
        ArrowExpressionClause(Infix(SyntaxKind.EqualsGreaterThanToken), expression);

    internal static EqualsValueClauseSyntax EqualsValue(ExpressionSyntax value) =>
        EqualsValueClause(Infix(SyntaxKind.EqualsToken), value);

    /// <summary>type name [= value];</summary>
    internal static VariableDeclarationSyntax Variable(string type, string name, ExpressionSyntax? value = null) =>
        VariableDeclaration(
            TypeBeforeName(type),
            SingletonSeparatedList(VariableDeclarator(Identifier(name), null, value is null ? null : EqualsValue(value))));

    internal static ParameterSyntax Parameter(string type, string name, SyntaxKind? modifier = null) =>
        SyntaxFactory.Parameter(
            default, modifier is { } kind ? Modifiers(kind) : default, TypeBeforeName(type), Identifier(name), null);

    internal static ParameterListSyntax Parameters(params ReadOnlySpan<ParameterSyntax> parameters)
    {
        SyntaxNodeOrToken[] list = new SyntaxNodeOrToken[Math.Max((parameters.Length * 2) - 1, 0)];
        for (int index = 0; index < parameters.Length; index++)
        {
            list[index * 2] = parameters[index];
            if (index > 0)
            {
                list[(index * 2) - 1] = Spaced(SyntaxKind.CommaToken);
            }
        }

        return ParameterList(SeparatedList<ParameterSyntax>(list));
    }

    /// <summary>[Name(arguments)] on a line of its own.</summary>
    internal static AttributeListSyntax Attribute(int depth, string name, params ReadOnlySpan<AttributeArgumentSyntax> arguments)
    {
        SyntaxNodeOrToken[] list = new SyntaxNodeOrToken[Math.Max((arguments.Length * 2) - 1, 0)];
        for (int index = 0; index < arguments.Length; index++)
        {
            list[index * 2] = arguments[index];
            if (index > 0)
            {
                list[(index * 2) - 1] = Spaced(SyntaxKind.CommaToken);
            }
        }

        AttributeArgumentListSyntax? argumentList = arguments.Length == 0 ? null : AttributeArgumentList(SeparatedList<AttributeArgumentSyntax>(list));
        return AttributeList(
            Token(TriviaList(Whitespace(Indent(depth))), SyntaxKind.OpenBracketToken, default),
            null,
            SingletonSeparatedList(SyntaxFactory.Attribute(IdentifierName(name), argumentList)),
            AtLineEnd(SyntaxKind.CloseBracketToken));
    }

    internal static AttributeArgumentSyntax AttributeValue(ExpressionSyntax value, string? name = null) =>
        AttributeArgument(name is null ? null : NameEquals(IdentifierName(name).WithTrailingTrivia(Space)).WithTrailingTrivia(Space), null, value);

    /// <summary>Puts indentation before the first token of a node.</summary>
    internal static T Indented<T>(this T node, int depth)
        where T : SyntaxNode =>
        depth == 0 ? node : node.WithLeadingTrivia(Whitespace(Indent(depth)));

    internal static string Indent(int depth) => depth < Indents.Length ? Indents[depth] : new string(' ', 4 * depth);

    /// <summary>Members of a type, without the blank line that separates the first from what is before it.</summary>
    internal static SyntaxList<MemberDeclarationSyntax> Members(List<MemberDeclarationSyntax> members)
    {
        if (members.Count > 0)
        {
            SyntaxTriviaList leading = members[0].GetLeadingTrivia();
            if (leading.Count > 0 && leading[0].IsKind(SyntaxKind.EndOfLineTrivia))
            {
                members[0] = StartWith(members[0], leading.RemoveAt(0));
            }
        }

        return List(members);
    }

    /// <summary>Puts documentation, and indentation again, before a declaration that starts a line.</summary>
    internal static T Documented<T>(this T node, XmlDoc doc, int depth, bool blankLineBefore)
        where T : MemberDeclarationSyntax =>
        (T)StartWith(node, doc.ToTrivia(depth, blankLineBefore));

    // WithLeadingTrivia would search the whole declaration for its first token; where that is, is known.
    private static MemberDeclarationSyntax StartWith(MemberDeclarationSyntax node, SyntaxTriviaList trivia)
    {
        if (node.AttributeLists.Count > 0)
        {
            AttributeListSyntax first = node.AttributeLists[0];
            return node.WithAttributeLists(node.AttributeLists.Replace(
                first, first.WithOpenBracketToken(first.OpenBracketToken.WithLeadingTrivia(trivia))));
        }

        if (node.Modifiers.Count > 0)
        {
            SyntaxToken first = node.Modifiers[0];
            return node.WithModifiers(node.Modifiers.Replace(first, first.WithLeadingTrivia(trivia)));
        }

        return node is EnumMemberDeclarationSyntax member
            ? member.WithIdentifier(member.Identifier.WithLeadingTrivia(trivia))
            : node.WithLeadingTrivia(trivia);
    }
}
