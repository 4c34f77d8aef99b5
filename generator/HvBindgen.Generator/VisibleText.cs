using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HvBindgen.Generator;

/// <summary>
/// Text from headers, snapshots and configurations as it may be shown: what steers a terminal or reorders a line becomes visible.
/// </summary>
/// <remarks>
/// Controls C0 and C1, line and paragraph separators, and what Unicode calls format characters, the bidirectional controls among them,
/// are written <c>\n</c>, <c>\x1b</c> or <c>\u202e</c>. Everything else stays as it is.
/// </remarks>
public static class VisibleText
{
    private static readonly Regex Command = new(@"^(\s*)::", RegexOptions.Multiline | RegexOptions.CultureInvariant);

    /// <summary>A name or a value in one line.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The same text object where nothing had to be changed.</returns>
    public static string Of(string text) => Of(text, keepsLines: false);

    /// <summary>Text of several lines, such as a message that quotes a header.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text with its line feeds and tabs; a line that a runner of workflows would take for a command does not begin as
    /// one.</returns>
    public static string OfLines(string text)
    {
        string shown = Of(text, keepsLines: true);
        return shown.Contains("::", StringComparison.Ordinal) ? Command.Replace(shown, @"$1\x3a:") : shown;
    }

    private static string Of(string text, bool keepsLines)
    {
        int first = 0;
        while (first < text.Length && !IsHidden(text[first], keepsLines))
        {
            first++;
        }

        if (first == text.Length)
        {
            return text;
        }

        StringBuilder shown = new(text, 0, first, text.Length + 16);
        for (int position = first; position < text.Length; position++)
        {
            char letter = text[position];
            bool isSecondHalf = position > 0 && char.IsLowSurrogate(letter) && IsHidden(text[position - 1]);
            if (!IsHidden(letter, keepsLines) && !isSecondHalf)
            {
                shown.Append(letter);
            }
            else
            {
                shown.Append(letter switch
                {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    < (char)0x100 => $"\\x{(int)letter:x2}",
                    _ => $"\\u{(int)letter:x4}",
                });
            }
        }

        return shown.ToString();
    }

    /// <summary>Whether a character is one that nobody sees and that changes how others are seen.</summary>
    /// <param name="letter">The character.</param>
    public static bool IsHidden(char letter) => letter switch
    {
        < ' ' or (>= '\x7f' and <= '\x9f') => true,
        < '\u061c' => letter is '\u00ad' or '\u034f',

        // DerivedCoreProperties.txt, Default_Ignorable_Code_Point: fillers and selectors that C takes for parts of names; the last four
        // begin the tags and selectors from U+E0000 on.
        '\u115f' or '\u1160' or '\u17b4' or '\u17b5' or '\u3164' or '\uffa0' => true,
        (>= '\u180b' and <= '\u180f') or (>= '\ufe00' and <= '\ufe0f') or (>= '\ufff0' and <= '\ufff8') => true,
        >= '\udb40' and <= '\udb43' => true,
        _ => char.GetUnicodeCategory(letter)
            is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Control,
    };

    private static bool IsHidden(char letter, bool keepsLines) => IsHidden(letter) && !(keepsLines && letter is '\n' or '\t');
}
