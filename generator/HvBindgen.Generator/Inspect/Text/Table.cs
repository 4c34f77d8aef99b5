namespace HvBindgen.Generator.Inspect.Text;

/// <summary>A column of a table.</summary>
/// <param name="Title">Head; empty where none of the columns has one.</param>
/// <param name="Folds">Whether cells become several lines, broken between words, where the page is narrow.</param>
/// <param name="IsRight">Whether cells stand at the right.</param>
/// <param name="Rank">Which column is left out first where folding is not enough, from 1; 0 where it may not be left out.</param>
internal sealed record Column(string Title, bool Folds = false, bool IsRight = false, int Rank = 0);

/// <summary>Cells in columns as wide as they need to be, or as the page lets them. No word is ever cut.</summary>
internal sealed class Table(params Column[] columns)
{
    private const int Gap = 2;
    private readonly List<Cell[]> rows = [];

    internal void Add(params Cell[] cells) => rows.Add(cells);

    /// <summary>Draws the table; a column without any text takes no space.</summary>
    internal void DrawOn(Page page, int width, string indent = "")
    {
        int[] natural = [.. columns.Select((_, index) => rows.Count == 0 ? 0 : rows.Max(row => row[index].Width))];
        int[] least = [.. columns.Select((_, index) => rows.Count == 0 ? 0 : rows.Max(row => row[index].LongestWord))];
        for (int index = 0; index < natural.Length; index++)
        {
            int title = columns[index].Title.Length;
            natural[index] = natural[index] == 0 ? 0 : Math.Max(natural[index], title);
            least[index] = columns[index].Folds ? Math.Min(natural[index], Math.Max(title, least[index])) : natural[index];
        }

        int room = width == Page.Unlimited ? width : width - indent.Length;
        List<Column> omitted = Omit(natural, least, room);
        int needed = indent.Length + Total(least);
        foreach (int index in omitted.Select(column => Array.IndexOf(columns, column)))
        {
            (natural[index], least[index]) = (0, 0);
        }

        Narrow(natural, least, room);
        if (Total(natural) > room)
        {
            DrawLines(page, natural, indent);
        }
        else
        {
            DrawColumns(page, natural, indent);
        }

        if (omitted.Count > 0)
        {
            string names = string.Join(", ", columns.Where(omitted.Contains).Select(column => column.Title));
            page.Add(indent, new Piece($"(no room for: {names}; all of it needs {needed} columns)", Tone.Faint));
        }
    }

    private void DrawColumns(Page page, int[] widths, string indent)
    {
        if (columns.Any(column => column.Title.Length > 0))
        {
            DrawRow(page, [.. columns.Select(column => (Cell)new Piece(column.Title, Tone.Faint))], widths, indent);
        }

        foreach (Cell[] row in rows)
        {
            DrawRow(page, row, widths, indent);
        }
    }

    // A name is too long for columns: whole lines, which the page folds.
    private void DrawLines(Page page, int[] widths, string indent)
    {
        Cell[] head = [.. columns.Select(column => (Cell)new Piece(column.Title, Tone.Faint))];
        foreach (Cell[] row in columns.Any(column => column.Title.Length > 0) ? [head, .. rows] : rows)
        {
            List<Piece> pieces = [indent];
            foreach (Cell cell in row.Where((_, index) => widths[index] > 0))
            {
                pieces.AddRange([.. cell.Pieces ?? [], new string(' ', Gap)]);
            }

            page.Add([.. pieces]);
        }
    }

    private List<Column> Omit(int[] natural, int[] least, int room)
    {
        List<Column> omitted = [];
        int total = Total(least);
        foreach (Column column in columns.Where(column => column.Rank > 0).OrderBy(column => column.Rank).TakeWhile(_ => total > room))
        {
            int index = Array.IndexOf(columns, column);
            if (natural[index] > 0)
            {
                omitted.Add(column);
                total -= least[index] + Gap;
            }
        }

        return omitted;
    }

    // Makes the widest of the columns that fold narrower until all fit.
    private static void Narrow(int[] widths, int[] least, int room)
    {
        while (Total(widths) > room)
        {
            int widest = -1;
            for (int index = 0; index < widths.Length; index++)
            {
                if (widths[index] > least[index] && (widest < 0 || widths[index] > widths[widest]))
                {
                    widest = index;
                }
            }

            if (widest < 0)
            {
                return;
            }

            widths[widest]--;
        }
    }

    private static int Total(int[] widths) => widths.Sum(one => one == 0 ? 0 : one + Gap) - Gap;

    private void DrawRow(Page page, Cell[] cells, int[] widths, string indent)
    {
        Cell[][] lines = [.. cells.Select((cell, index) => widths[index] == 0 ? [] : cell.Fold(widths[index]))];
        for (int line = 0; line < lines.Max(cell => cell.Length); line++)
        {
            List<Piece> pieces = [indent];
            for (int index = 0; index < lines.Length; index++)
            {
                if (widths[index] == 0)
                {
                    continue;
                }

                Cell cell = line < lines[index].Length ? lines[index][line] : new Cell();
                string space = new(' ', Math.Max(0, widths[index] - cell.Width));
                pieces.AddRange(columns[index].IsRight ? [space, .. cell.Pieces ?? []] : [.. cell.Pieces ?? [], space]);
                pieces.Add(new string(' ', Gap));
            }

            page.Add([.. pieces]);
        }
    }
}
