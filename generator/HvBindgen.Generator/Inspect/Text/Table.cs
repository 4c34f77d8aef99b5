namespace HvBindgen.Generator.Inspect.Text;

/// <summary>A column of a table.</summary>
/// <param name="Title">Head; empty where none of the columns has one.</param>
/// <param name="LeastWidth">Width down to which it may be cut where the page is narrow; 0 where it may not.</param>
/// <param name="IsRight">Whether cells stand at the right.</param>
/// <param name="KeepsEnd">Whether a cut cell keeps its end.</param>
/// <param name="Rank">Which column is left out first where cutting is not enough, from 1; 0 where it may not be left out.</param>
internal sealed record Column(string Title, int LeastWidth = 0, bool IsRight = false, bool KeepsEnd = false, int Rank = 0);

/// <summary>Cells in columns as wide as they need to be, or as the page lets them.</summary>
internal sealed class Table(params Column[] columns)
{
    private const int Gap = 2;
    private const int Readable = 8;
    private readonly List<Cell[]> rows = [];

    internal void Add(params Cell[] cells) => rows.Add(cells);

    /// <summary>Draws the table; a column without any text takes no space.</summary>
    internal void DrawOn(Page page, int width, string indent = "")
    {
        int[] widths = [.. columns.Select((_, index) => rows.Count == 0 ? 0 : rows.Max(row => row[index].Width))];
        for (int index = 0; index < widths.Length; index++)
        {
            widths[index] = widths[index] == 0 ? 0 : Math.Max(widths[index], columns[index].Title.Length);
        }

        Shrink(widths, width == Page.Unlimited ? width : width - indent.Length);
        if (columns.Any(column => column.Title.Length > 0))
        {
            DrawRow(page, [.. columns.Select(column => (Cell)new Piece(column.Title, Tone.Faint))], widths, indent);
        }

        foreach (Cell[] row in rows)
        {
            DrawRow(page, row, widths, indent);
        }
    }

    // Cuts the widest of the columns that may be cut; then leaves columns out; then cuts what is left.
    private void Shrink(int[] widths, int width)
    {
        if (width == Page.Unlimited)
        {
            return;
        }

        int[] natural = [.. widths];
        bool fits = Cut(widths, width, column => column.LeastWidth);
        foreach (Column column in columns.Where(column => column.Rank > 0).OrderBy(column => column.Rank).TakeWhile(_ => !fits))
        {
            // The others are cut anew: they have the room of the one that is left out.
            natural[Array.IndexOf(columns, column)] = 0;
            natural.CopyTo(widths, 0);
            fits = Cut(widths, width, other => other.LeastWidth);
        }

        if (!fits)
        {
            Cut(widths, width, column => column.LeastWidth > 0 ? Readable : 0);
        }
    }

    private bool Cut(int[] widths, int width, Func<Column, int> leastOf)
    {
        while (!Fits(widths, width))
        {
            int widest = -1;
            for (int index = 0; index < widths.Length; index++)
            {
                int least = leastOf(columns[index]);
                if (least > 0 && widths[index] > least && (widest < 0 || widths[index] > widths[widest]))
                {
                    widest = index;
                }
            }

            if (widest < 0)
            {
                return false;
            }

            widths[widest]--;
        }

        return true;
    }

    private static bool Fits(int[] widths, int width) => widths.Sum(one => one == 0 ? 0 : one + Gap) - Gap <= width;

    private void DrawRow(Page page, Cell[] cells, int[] widths, string indent)
    {
        List<Piece> line = [indent];
        for (int index = 0; index < cells.Length; index++)
        {
            if (widths[index] == 0)
            {
                continue;
            }

            Cell cell = cells[index].Cut(widths[index], columns[index].KeepsEnd);
            string space = new(' ', widths[index] - cell.Width);
            line.AddRange(columns[index].IsRight ? [space, .. cell.Pieces ?? []] : [.. cell.Pieces ?? [], space]);
            line.Add(new string(' ', Gap));
        }

        page.Add([.. line]);
    }
}
