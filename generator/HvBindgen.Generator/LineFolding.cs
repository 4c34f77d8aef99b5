using System.Text;

namespace HvBindgen.Generator;

/// <summary>Breaks lines that are wider than a terminal between words; a word is never broken.</summary>
public static class LineFolding
{
    private const int Indent = 2;

    /// <summary>Folds every line that is too wide.</summary>
    /// <param name="text">Lines; sequences that colour a terminal take no room.</param>
    /// <param name="width">Columns.</param>
    /// <returns>
    /// The text with more line ends. What follows one stands below the last column of the line's first half, or a little further in than
    /// the line itself; a word wider than that leaves goes as far to the left as it needs.
    /// </returns>
    public static string Fold(string text, int width)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= width)
        {
            return text;
        }

        StringBuilder folded = new();
        foreach (string line in text.Split('\n'))
        {
            FoldLine(folded, line, width);
            folded.Append('\n');
        }

        folded.Length--;
        return folded.ToString();
    }

    /// <summary>Columns that a text takes on a terminal.</summary>
    /// <param name="text">One line; sequences that colour a terminal take no room.</param>
    internal static int WidthOf(ReadOnlySpan<char> text)
    {
        int width = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '\e')
            {
                int end = text[at..].IndexOf('m');
                at = end < 0 ? text.Length : at + end;
            }
            else
            {
                width++;
            }
        }

        return width;
    }

    private static void FoldLine(StringBuilder folded, string line, int width)
    {
        if (line.Length <= width || WidthOf(line) <= width)
        {
            folded.Append(line);
            return;
        }

        int hang = HangOf(line, width);
        int column = 0;
        bool isFirst = true;
        for (int at = 0; at < line.Length;)
        {
            int start = at;
            while (at < line.Length && line[at] == ' ')
            {
                at++;
            }

            int word = at;
            while (at < line.Length && line[at] != ' ')
            {
                at++;
            }

            int spaces = word - start;
            int length = WidthOf(line.AsSpan(word, at - word));
            if (!isFirst && column + spaces + length > width)
            {
                folded.Append('\n');
                (spaces, column) = (Math.Max(0, Math.Min(hang, width - length)), 0);
            }

            if (length > 0)
            {
                folded.Append(' ', spaces).Append(line, word, at - word);
                column += spaces + length;
                isFirst = false;
            }
            else
            {
                folded.Append(line, word, at - word);
            }
        }
    }

    // Below the text behind the last gap of two spaces or more in the first half: that is where its column starts.
    private static int HangOf(string line, int width)
    {
        int lead = line.Length - line.AsSpan().TrimStart(' ').Length;
        int hang = lead + (lead > 0 ? Indent : 0);
        for (int at = lead; at + 2 < line.Length; at++)
        {
            if (line[at] == ' ' && line[at + 1] == ' ' && line[at + 2] != ' ' && WidthOf(line.AsSpan(0, at + 2)) is int column
                && column <= width / 2)
            {
                hang = column;
            }
        }

        return hang;
    }
}
