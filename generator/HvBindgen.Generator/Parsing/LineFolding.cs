using System.Text.RegularExpressions;

namespace HvBindgen.Generator.Parsing;

/// <summary>
/// A C source whose lines are joined where a backslash ends them (phase 2 of translation), with the lines that it had before.
/// </summary>
internal sealed partial class LineFolding
{
    // Places in Text behind each backslash that is gone, in order.
    private readonly List<int> joins = [];
    private int counted;
    private int passedJoins;
    private int line = 1;

    private LineFolding(string text) => Text = text;

    /// <summary>The joined text.</summary>
    internal string Text { get; private set; }

    /// <summary>Joins the lines of a text that <see cref="WithLineFeeds"/> has.</summary>
    internal static LineFolding Of(string text)
    {
        LineFolding folded = new(text);
        if (text.Contains('\\', StringComparison.Ordinal))
        {
            int removed = 0;
            folded.Text = JoinedLine().Replace(
                text,
                join =>
                {
                    folded.joins.Add(join.Index - removed);
                    removed += join.Length;
                    return "";
                });
        }

        return folded;
    }

    /// <summary>The same text, as long, where a carriage return by itself ends a line: to clang it does.</summary>
    internal static string WithLineFeeds(string text) =>
        text.Contains('\r', StringComparison.Ordinal) ? LoneReturn().Replace(text, "\n") : text;

    /// <summary>The line, from 1, where clang says that what begins at a place stands: a backslash right before it belongs to it.</summary>
    /// <param name="place">Index in <see cref="Text"/>, never before one that was asked for earlier.</param>
    internal int LineAt(int place)
    {
        line += Text.AsSpan(counted, place - counted).Count('\n');
        counted = place;
        while (passedJoins < joins.Count && joins[passedJoins] < place)
        {
            passedJoins++;
            line++;
        }

        return line;
    }

    // gcc and clang take blanks behind the backslash, with a warning.
    [GeneratedRegex(@"\\[ \t\v\f]*\r?\n")]
    private static partial Regex JoinedLine();

    [GeneratedRegex(@"\r(?!\n)")]
    private static partial Regex LoneReturn();
}
