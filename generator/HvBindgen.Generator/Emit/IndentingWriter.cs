namespace HvBindgen.Generator.Emit;

/// <summary>
/// Indents the lines of a syntax tree by the braces and brackets around them. Nothing else in the emission knows how deep it is.
/// </summary>
/// <remarks>
/// A tree gives its tokens and trivia one by one, so braces in comments and literals are not taken for braces. A constraint or
/// an alternative of a pattern that has a line of its own is one deeper than what it belongs to.
/// </remarks>
/// <param name="expectedBytes">How much will be written; more is possible.</param>
internal sealed class IndentingWriter(int expectedBytes) : Utf8Writer(expectedBytes)
{
    private const int IndentColumns = 4;
    private static readonly string Spaces = new(' ', 64);

    private int depth;
    private bool isLineStart = true;

    internal override void Append(ReadOnlySpan<char> text)
    {
        char bracket = CharacterOf(text);
        if (bracket is '}' or ']')
        {
            depth--;
        }

        // Most tokens begin no line and have no end of one.
        if (!isLineStart && text.IndexOf('\n') < 0)
        {
            base.Append(text);
        }
        else
        {
            AppendLines(text, text is "where" or "or" or "where " or "or " ? depth + 1 : depth);
        }

        if (bracket is '{' or '[')
        {
            depth++;
        }
    }

    // The one character of a token, with the white space that belongs to it; nothing of a longer one.
    private static char CharacterOf(ReadOnlySpan<char> text) => text switch
    {
        [char one] => one,
        [char one, ' ' or '\n'] => one,
        [' ', char one, ' '] => one,
        _ => '\0',
    };

    private void AppendLines(ReadOnlySpan<char> text, int lineDepth)
    {
        for (ReadOnlySpan<char> rest = text; rest.Length > 0;)
        {
            int lineEnd = rest.IndexOf('\n') + 1;
            ReadOnlySpan<char> line = lineEnd > 0 ? rest[..lineEnd] : rest;
            if (isLineStart && line[0] != '\n')
            {
                int columns = lineDepth * IndentColumns;
                base.Append(columns <= Spaces.Length ? Spaces.AsSpan(0, columns) : new string(' ', columns));
            }

            base.Append(line);
            isLineStart = lineEnd > 0;
            rest = rest[line.Length..];
        }
    }
}
