using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>The syntax of types and namespaces by their C# text, made once for each.</summary>
/// <remarks>
/// What bindings are made of is put together here: words, dots, type arguments and pointers. Roslyn's parser would take longer for
/// a name than all the rest of a declaration takes; it reads what is left, function pointers.
/// </remarks>
internal static class TypeNames
{
    private static readonly ConcurrentDictionary<string, TypeSyntax> Types = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, TypeSyntax> TypesBeforeNames = new(StringComparer.Ordinal);
    private static readonly SyntaxTriviaList SpaceBehind = TriviaList(Space);

    internal static TypeSyntax Of(string text) => Types.GetOrAdd(text, static text => Build(text, default, default));

    /// <summary>A type with a space behind it.</summary>
    internal static TypeSyntax BeforeName(string text) =>
        TypesBeforeNames.GetOrAdd(text, static text => Build(text, default, SpaceBehind));

    /// <summary>A type that ends its line.</summary>
    internal static TypeSyntax AtLineEnd(string text) => Build(text, default, Tokens.LineEnd);

    internal static NameSyntax Namespace(string text) => NameOf(text, default, default);

    private static TypeSyntax Build(string text, SyntaxTriviaList before, SyntaxTriviaList behind)
    {
        if (text.StartsWith("delegate*", StringComparison.Ordinal))
        {
            return ParseTypeName(text).WithLeadingTrivia(before).WithTrailingTrivia(behind);
        }

        if (text[^1] == '*')
        {
            return PointerType(Build(text[..^1], before, default), Token(default, SyntaxKind.AsteriskToken, behind));
        }

        SyntaxKind keyword = SyntaxFacts.GetKeywordKind(text);
        return SyntaxFacts.IsPredefinedType(keyword) ? PredefinedType(Token(before, keyword, behind)) : NameOf(text, before, behind);
    }

    // outer.inner_t, System.Span<byte>
    private static NameSyntax NameOf(string text, SyntaxTriviaList before, SyntaxTriviaList behind)
    {
        int open = text.IndexOf('<', StringComparison.Ordinal);
        int dot = text.LastIndexOf('.', open < 0 ? text.Length - 1 : open);
        return dot < 0
            ? SimpleNameOf(text, open, before, behind)
            : QualifiedName(
                NameOf(text[..dot], before, default),
                Tokens.Plain(SyntaxKind.DotToken),
                SimpleNameOf(text[(dot + 1)..], open - dot - 1, default, behind));
    }

    // Array4<byte>, CallSignature<input, output>
    private static SimpleNameSyntax SimpleNameOf(string text, int open, SyntaxTriviaList before, SyntaxTriviaList behind) =>
        open < 0
            ? IdentifierName(Identifier(before, text, behind))
            : GenericName(
                Identifier(before, text[..open], default),
                TypeArgumentList(
                    Tokens.Plain(SyntaxKind.LessThanToken),
                    Code.Separated([.. ArgumentsOf(text[(open + 1)..^1])]),
                    Token(default, SyntaxKind.GreaterThanToken, behind)));

    private static IEnumerable<TypeSyntax> ArgumentsOf(string text)
    {
        int start = 0;
        int depth = 0;
        for (int position = 0; position < text.Length; position++)
        {
            depth += text[position] switch { '<' => 1, '>' => -1, _ => 0 };
            if (text[position] == ',' && depth == 0)
            {
                yield return Of(text[start..position]);
                start = position + 2;
            }
        }

        yield return Of(text[start..]);
    }
}
