using System.Globalization;
using System.Text;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace HvBindgen.Testing.Verification;

/// <summary>The difference of two texts as a person reads it: changed lines with a few unchanged ones around them.</summary>
public static class TextDifference
{
    private const int ContextLines = 3;
    private const int MaximumLines = 200;

    /// <summary>Lines of both texts: <c>-</c> only verified, <c>+</c> only received. Empty when the texts have equal lines.</summary>
    public static string Between(string verified, string received)
    {
        List<DiffPiece> lines = InlineDiffBuilder.Diff(verified, received, ignoreWhiteSpace: false).Lines;
        bool[] shown = LinesToShow(lines);
        StringBuilder text = new();
        int number = 0;
        int written = 0;
        for (int index = 0; index < lines.Count && written < MaximumLines; index++)
        {
            number += lines[index].Type == ChangeType.Deleted ? 0 : 1;
            if (!shown[index])
            {
                continue;
            }

            if (index > 0 && !shown[index - 1])
            {
                text.Append(CultureInfo.InvariantCulture, $"@ line {number}\n");
            }

            text.Append(Sign(lines[index].Type)).Append(' ').Append(lines[index].Text).Append('\n');
            written++;
        }

        return text.Append(written == MaximumLines ? "...\n" : "").ToString();
    }

    private static bool[] LinesToShow(List<DiffPiece> lines)
    {
        bool[] shown = new bool[lines.Count];
        for (int index = 0; index < lines.Count; index++)
        {
            if (lines[index].Type != ChangeType.Unchanged)
            {
                int first = Math.Max(0, index - ContextLines);
                shown.AsSpan(first, Math.Min(lines.Count, index + ContextLines + 1) - first).Fill(true);
            }
        }

        return shown;
    }

    private static char Sign(ChangeType type) => type switch
    {
        ChangeType.Deleted => '-',
        ChangeType.Inserted => '+',
        _ => ' ',
    };
}
