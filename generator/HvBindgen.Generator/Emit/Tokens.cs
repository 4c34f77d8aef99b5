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
/// None has the elastic trivia of Roslyn's shorter factories, which a later pass would have to look at again. The space or the line's end
/// at a token is part of its text: as trivia of its own, to write it would take several times as long as to write the token.
/// </remarks>
internal static class Tokens
{
    private const string Blank = " ";

    /// <summary>The end of a line, for the text of a token.</summary>
    internal const string NextLine = "\n";

    private static readonly SyntaxTriviaList AfterLine = TriviaList(EndOfLine(NextLine));

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
        SpacedTokens.GetOrAdd(kind, static kind => With(kind, behind: Blank));

    /// <summary>An operator with a space on both sides.</summary>
    internal static SyntaxToken Infix(SyntaxKind kind) =>
        InfixTokens.GetOrAdd(kind, static kind => With(kind, Blank, Blank));

    /// <summary>A token that ends its line.</summary>
    internal static SyntaxToken AtLineEnd(SyntaxKind kind) =>
        LineEndTokens.GetOrAdd(kind, static kind => With(kind, behind: NextLine));

    /// <summary>A keyword after what stands before its declaration, and followed by a space.</summary>
    internal static SyntaxToken First(SyntaxTriviaList lead, SyntaxKind kind) =>
        Token(lead, kind, Spaced(kind).Text, SyntaxFacts.GetText(kind), default);

    /// <summary>A name.</summary>
    internal static SyntaxToken Word(string text) => Identifier(default, text, default);

    /// <summary>A name that ends its line.</summary>
    internal static SyntaxToken WordAtLineEnd(string text) => Word(text, NextLine);

    /// <summary>A name and what stands behind it.</summary>
    internal static SyntaxToken Word(string text, string behind) =>
        Identifier(default, SyntaxKind.IdentifierToken, text + behind, text, default);

    /// <summary>A keyword or a bracket between white space.</summary>
    internal static SyntaxToken With(SyntaxKind kind, string before = "", string behind = "")
    {
        string text = SyntaxFacts.GetText(kind);
        return Token(default, kind, before + text + behind, text, default);
    }

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
