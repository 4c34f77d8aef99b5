using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>
/// Tokens with the white space between them in place, so that a finished tree needs no formatting pass. How far a line is
/// indented is not theirs to know: <see cref="IndentingWriter"/> counts braces.
/// </summary>
/// <remarks>
/// Tokens without a parent can be used any number of times, and the same few make up most of a tree: each is made once.
/// None has the elastic trivia of Roslyn's shorter factories, which a later pass would have to look at again.
/// </remarks>
internal static class Tokens
{

    private static readonly SyntaxTriviaList AfterSpace = TriviaList(Space);
    private static readonly SyntaxTriviaList AfterLine = TriviaList(EndOfLine("\n"));

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

    /// <summary>A keyword after what stands before its declaration, and followed by a space.</summary>
    internal static SyntaxToken First(SyntaxTriviaList lead, SyntaxKind kind) => Token(lead, kind, AfterSpace);

    /// <summary>A name.</summary>
    internal static SyntaxToken Word(string text) => Identifier(default, text, default);

    /// <summary>A name that ends its line.</summary>
    internal static SyntaxToken WordAtLineEnd(string text) => Identifier(default, text, AfterLine);

    /// <summary>Modifiers with nothing of their own before them.</summary>
    internal static SyntaxTokenList Modifiers(params ReadOnlySpan<SyntaxKind> kinds)
    {
        long key = 0;
        foreach (SyntaxKind kind in kinds)
        {
            // Kinds of tokens lie between 8192 and 9216.
            key = (key << 10) | ((long)kind & 0x3FF);
        }

        if (!ModifierLists.TryGetValue(key, out SyntaxTokenList list))
        {
            list = Modifiers(default(SyntaxTriviaList), kinds);
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
}
