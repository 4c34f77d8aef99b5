using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Tokens with their white space in place, so that a finished tree needs no formatting pass.</summary>
/// <remarks>
/// Tokens without a parent can be used any number of times, and the same few make up most of a tree: each is made once.
/// None has the elastic trivia of Roslyn's shorter factories, which a later pass would have to look at again.
/// </remarks>
internal static class Tokens
{
    private const int MaxIndents = 8;

    private static readonly SyntaxTriviaList AfterSpace = TriviaList(Space);
    private static readonly SyntaxTriviaList AfterLine = TriviaList(EndOfLine("\n"));
    private static readonly string[] Indents = [.. Enumerable.Range(0, MaxIndents).Select(depth => new string(' ', 4 * depth))];
    private static readonly SyntaxTriviaList[] Indentations =
        [.. Indents.Select(indent => indent.Length == 0 ? default : TriviaList(Whitespace(indent)))];

    private static readonly ConcurrentDictionary<SyntaxKind, SyntaxToken> PlainTokens = [];
    private static readonly ConcurrentDictionary<SyntaxKind, SyntaxToken> SpacedTokens = [];
    private static readonly ConcurrentDictionary<SyntaxKind, SyntaxToken> InfixTokens = [];
    private static readonly ConcurrentDictionary<SyntaxKind, SyntaxToken> LineEndTokens = [];
    private static readonly ConcurrentDictionary<long, SyntaxTokenList> ModifierLists = [];

    /// <summary>A blank line before a declaration.</summary>
    internal static SyntaxTrivia NewLine => AfterLine[0];

    /// <summary>A line's end.</summary>
    internal static SyntaxTriviaList LineEnd => AfterLine;

    /// <summary>A keyword or a bracket with no space at all.</summary>
    internal static SyntaxToken Plain(SyntaxKind kind) =>
        PlainTokens.GetOrAdd(kind, static kind => Token(default, kind, default));

    /// <summary>A keyword or operator followed by a space.</summary>
    internal static SyntaxToken Spaced(SyntaxKind kind) =>
        SpacedTokens.GetOrAdd(kind, static kind => Token(default, kind, AfterSpace));

    /// <summary>An operator with a space on both sides.</summary>
    internal static SyntaxToken Infix(SyntaxKind kind) =>
        InfixTokens.GetOrAdd(kind, static kind => Token(AfterSpace, kind, AfterSpace));

    /// <summary>A token that ends its line.</summary>
    internal static SyntaxToken AtLineEnd(SyntaxKind kind) =>
        LineEndTokens.GetOrAdd(kind, static kind => Token(default, kind, AfterLine));

    /// <summary>A token that is a line.</summary>
    internal static SyntaxToken OwnLine(SyntaxKind kind, int depth) => Token(Indentation(depth), kind, AfterLine);

    /// <summary>A keyword after what stands before its declaration, and followed by a space.</summary>
    internal static SyntaxToken First(SyntaxTriviaList lead, SyntaxKind kind) => Token(lead, kind, AfterSpace);

    /// <summary>A name.</summary>
    internal static SyntaxToken Word(string text) => Identifier(default, text, default);

    /// <summary>A name that ends its line.</summary>
    internal static SyntaxToken WordAtLineEnd(string text) => Identifier(default, text, AfterLine);

    /// <summary>Modifiers that stand behind something else on their line.</summary>
    internal static SyntaxTokenList Modifiers(params ReadOnlySpan<SyntaxKind> kinds) => IndentedModifiers(0, kinds);

    /// <summary>Modifiers that start a line.</summary>
    internal static SyntaxTokenList IndentedModifiers(int depth, params ReadOnlySpan<SyntaxKind> kinds)
    {
        long key = depth;
        foreach (SyntaxKind kind in kinds)
        {
            // Kinds of tokens lie between 8192 and 9216.
            key = (key << 10) | ((long)kind & 0x3FF);
        }

        if (!ModifierLists.TryGetValue(key, out SyntaxTokenList list))
        {
            list = Modifiers(Indentation(depth), kinds);
            ModifierLists[key] = list;
        }

        return list;
    }

    /// <summary>Modifiers that start a declaration, after its documentation.</summary>
    internal static SyntaxTokenList Modifiers(SyntaxTriviaList lead, params ReadOnlySpan<SyntaxKind> kinds)
    {
        SyntaxToken first = lead.Count == 0 ? Spaced(kinds[0]) : First(lead, kinds[0]);
        if (kinds.Length == 1)
        {
            return TokenList(first);
        }

        SyntaxToken[] tokens = new SyntaxToken[kinds.Length];
        tokens[0] = first;
        for (int index = 1; index < kinds.Length; index++)
        {
            tokens[index] = Spaced(kinds[index]);
        }

        return TokenList(tokens);
    }

    /// <summary>The white space that starts a line.</summary>
    internal static string Indent(int depth) => depth < MaxIndents ? Indents[depth] : new string(' ', 4 * depth);

    /// <summary>The same as trivia.</summary>
    internal static SyntaxTriviaList Indentation(int depth) =>
        depth < MaxIndents ? Indentations[depth] : TriviaList(Whitespace(Indent(depth)));
}
