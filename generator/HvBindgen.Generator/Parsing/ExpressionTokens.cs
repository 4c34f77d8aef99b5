namespace HvBindgen.Generator.Parsing;

/// <summary>The tokens of an expression of integers, one by one; what no such expression has comes out as it is.</summary>
/// <param name="text">The expression, without comments.</param>
internal ref struct ExpressionTokens(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> rest = text;

    /// <summary>The token; empty before the first one and at the end.</summary>
    internal ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Whether the token is a name.</summary>
    internal readonly bool IsName => Current.Length > 0 && IsOfWord(Current[0]) && !IsNumber;

    /// <summary>Whether the token is a number, well formed or not.</summary>
    internal readonly bool IsNumber => Current.Length > 0 && (char.IsAsciiDigit(Current[0]) || Current is ['.', _, ..]);

    /// <summary>Goes on to the next token, or to the end.</summary>
    internal bool MoveNext()
    {
        rest = rest.TrimStart(' ');
        int length = LengthOfFirst(rest);
        Current = rest[..length];
        rest = rest[length..];
        return length > 0;
    }

    private static int LengthOfFirst(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        bool isNumber = char.IsAsciiDigit(text[0]) || text is ['.', >= '0' and <= '9', ..];
        if (!isNumber && !IsOfWord(text[0]))
        {
            // Of two letters: shifts, pastes, and operators that an expression of literals does not have, as 1 --1 is none.
            return text is ['<', '<', ..] or ['>', '>', ..] or ['#', '#', ..] or ['+', '+', ..] or ['-', '-', ..] or ['&', '&', ..]
                or ['|', '|', ..] ? 2 : 1;
        }

        // C11, 6.4.8: a number goes on over a sign behind an exponent, and 0xE+1 is one token.
        int end = 1;
        while (end < text.Length
            && (IsOfWord(text[end]) || (isNumber && (text[end] is '.' or '\'' || IsSignOfExponent(text, end)))))
        {
            end++;
        }

        return end;
    }

    private static bool IsSignOfExponent(ReadOnlySpan<char> text, int position) =>
        text[position] is '+' or '-' && text[position - 1] is 'e' or 'E' or 'p' or 'P';

    private static bool IsOfWord(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '$';
}
