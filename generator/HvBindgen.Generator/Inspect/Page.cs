using System.Text;
using HvBindgen.Generator.Inspect.Text;

namespace HvBindgen.Generator.Inspect;

/// <summary>Lines for a person to read: text with tones, which become colours on a terminal and vanish elsewhere.</summary>
public sealed class Page
{
    /// <summary>Width of lines where nobody tells one, as in a file or a pipe: nothing is cut.</summary>
    public const int Unlimited = int.MaxValue;

    /// <summary>Columns between two pages beside each other.</summary>
    internal const int Gap = 4;

    private readonly List<Piece[]> lines = [];

    /// <summary>Prints the lines, each ending in a line feed.</summary>
    /// <param name="output">Receives the text.</param>
    /// <param name="isColoured">Whether tones become the colours of an ANSI terminal.</param>
    /// <param name="width">Columns at which lines are folded between words.</param>
    /// <param name="isAscii">Whether what is drawn is drawn with letters of ASCII.</param>
    public void Write(TextWriter output, bool isColoured, int width = Unlimited, bool isAscii = false)
    {
        ArgumentNullException.ThrowIfNull(output);
        StringBuilder shown = new();
        foreach (Piece[] line in lines)
        {
            shown.Clear();
            int last = Array.FindLastIndex(line, piece => piece.Text.AsSpan().TrimEnd(' ').Length > 0);
            for (int index = 0; index <= last; index++)
            {
                string text = index == last ? line[index].Text.TrimEnd(' ') : line[index].Text;
                text = isAscii ? DrawingLetters.ToAscii(text) : text;
                bool isPainted = isColoured && line[index].Tone != Tone.Plain && text.Length > 0;
                shown.Append(isPainted ? $"\e[{ColourOf(line[index].Tone)}m{text}\e[0m" : text);
            }

            output.Write(LineFolding.Fold(shown.ToString(), width));
            output.Write('\n');
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        using StringWriter text = new();
        Write(text, isColoured: false);
        return text.ToString();
    }

    internal void Add(params Piece[] pieces) =>
        lines.Add(Array.ConvertAll(pieces, static piece => piece with { Text = VisibleText.Of(piece.Text) }));

    internal void Add(Page other) => lines.AddRange(other.lines);

    /// <summary>An empty line, unless the page is empty.</summary>
    internal void Space()
    {
        if (lines.Count > 0)
        {
            lines.Add([]);
        }
    }

    /// <summary>Adds two pages beside each other, when both fit.</summary>
    internal bool TryAddBeside(Page left, Page right, int width)
    {
        int leftWidth = left.Width;
        if (width == Unlimited || leftWidth + Gap + right.Width > width)
        {
            return false;
        }

        for (int index = 0; index < Math.Max(left.lines.Count, right.lines.Count); index++)
        {
            Piece[] one = index < left.lines.Count ? left.lines[index] : [];
            Piece[] other = index < right.lines.Count ? right.lines[index] : [];
            Add([.. one, new string(' ', leftWidth + Gap - WidthOf(one)), .. other]);
        }

        return true;
    }

    private int Width => lines.Count == 0 ? 0 : lines.Max(WidthOf);

    private static int WidthOf(Piece[] line) => line.Sum(piece => piece.Text.Length);

    private static string ColourOf(Tone tone) => tone switch
    {
        Tone.Title => "1",
        Tone.Name => "36",
        Tone.Type => "32",
        Tone.Value => "33",
        Tone.Faint => "2",
        _ => "1;31",
    };
}
