using System.Text;
using HvBindgen.Generator.Inspect.Text;

namespace HvBindgen.Generator.Inspect.Layout;

/// <summary>Draws the bytes of a record, eight in a row, with the members that lie in them.</summary>
internal sealed class ByteMap
{
    private const int BytesInRow = 8;
    private const int MaxRows = 40;
    private const int LeastCellWidth = 5;
    private const int CellWidth = 10;
    private const int LegendWidth = 100;
    private const int MapIndent = 8;
    private const string LegendIndent = "      ";
    private const string LegendGap = "   ";
    private const string Junctions = " ╵╷│╴┘┐┤╶└┌├─┴┬┼";

    private readonly List<Segment> segments;
    private readonly long sizeBytes;
    private readonly List<string> legend = [];

    internal ByteMap(IReadOnlyList<MemberNode> members, long sizeBytes)
    {
        this.sizeBytes = sizeBytes;
        segments = SegmentsOf(members);
    }

    /// <summary>Whether a page is wide enough for a map.</summary>
    internal static bool Fits(int width) => CellWidthOn(width) >= LeastCellWidth;

    /// <summary>Draws the map, or says what width it needs; nothing where it would be too long to help.</summary>
    internal void DrawOn(Page page, int width)
    {
        List<Row> rows = Rows();
        int room = CellWidthOn(width);
        if (rows.Count is 0 or > MaxRows || sizeBytes < 2)
        {
            return;
        }

        if (!Fits(width))
        {
            page.Add(new Piece($"  (the map of its bytes needs {((LeastCellWidth + 1) * BytesInRow) + MapIndent} columns)", Tone.Faint));
            return;
        }

        int columns = (int)Math.Min(BytesInRow, sizeBytes);
        StringBuilder head = new("        ");
        for (int column = 0; column < columns; column++)
        {
            head.Append($"{column}".PadRight(room + 1));
        }

        page.Add(new Piece(head.ToString(), Tone.Faint));
        for (int index = 0; index <= rows.Count; index++)
        {
            Row? above = index > 0 ? rows[index - 1] : null;
            Row? below = index < rows.Count ? rows[index] : null;
            string line = Line(above, below, columns, room);
            if (line.Contains('─', StringComparison.Ordinal))
            {
                page.Add(new Piece("      " + line, Tone.Faint));
            }

            if (below is not null)
            {
                page.Add([new Piece($"{below.Start,5} ", Tone.Faint), .. Contents(below, columns, room)]);
            }
        }

        DrawLegend(page, Math.Min(width, LegendWidth));
    }

    // What the letters in cells stand for that are too narrow for a name.
    private void DrawLegend(Page page, int width)
    {
        string line = "";
        foreach (string entry in legend)
        {
            if (line.Length > 0 && LegendIndent.Length + line.Length + LegendGap.Length + entry.Length > width)
            {
                page.Add(LegendIndent, new Piece(line, Tone.Name));
                line = "";
            }

            line += line.Length > 0 ? LegendGap + entry : entry;
        }

        if (line.Length > 0)
        {
            page.Add(LegendIndent, new Piece(line, Tone.Name));
        }
    }

    private static int CellWidthOn(int width) =>
        width == Page.Unlimited ? CellWidth : Math.Min(CellWidth, ((width - MapIndent) / BytesInRow) - 1);

    // Rows in the middle of a long member are one row with dots.
    private List<Row> Rows()
    {
        List<Row> rows = [];
        for (long start = 0; start < sizeBytes; start += BytesInRow)
        {
            Segment? only = Filling(start);
            if (only is not null && rows.Count > 0 && rows[^1].Filling == only)
            {
                long last = (only.End / BytesInRow * BytesInRow) - BytesInRow;
                if (last - start > BytesInRow)
                {
                    rows.Add(new Row(start, [.. Enumerable.Repeat(only, BytesInRow)], only, IsShortened: true));
                    start = last - BytesInRow;
                    continue;
                }
            }

            Segment?[] at = new Segment?[BytesInRow];
            for (int column = 0; column < BytesInRow; column++)
            {
                at[column] = segments.Find(segment => start + column >= segment.Start && start + column < segment.End);
            }

            rows.Add(new Row(start, at, only, IsShortened: false));
        }

        return rows;
    }

    private Segment? Filling(long start) =>
        segments.Find(segment => segment.Start <= start && segment.End >= start + BytesInRow);

    private static string Line(Row? above, Row? below, int columns, int room)
    {
        StringBuilder line = new();
        for (int column = 0; column <= columns; column++)
        {
            bool isUp = above is not null && IsEdge(above, column);
            bool isDown = below is not null && IsEdge(below, column);
            bool isLeft = column > 0 && IsBorder(above, below, column - 1);
            bool isRight = column < columns && IsBorder(above, below, column);
            line.Append(Junctions[(isUp ? 1 : 0) | (isDown ? 2 : 0) | (isLeft ? 4 : 0) | (isRight ? 8 : 0)]);
            if (column < columns)
            {
                line.Append(isRight ? '─' : ' ', room);
            }
        }

        return line.ToString();
    }

    private static bool IsEdge(Row row, int column) =>
        (column > 0 ? row.At[column - 1] : null) != (column < BytesInRow ? row.At[column] : null);

    private static bool IsBorder(Row? above, Row? below, int column) => above?.At[column] != below?.At[column];

    private List<Piece> Contents(Row row, int columns, int room)
    {
        List<Piece> pieces = [];
        for (int column = 0; column < columns;)
        {
            Segment? segment = row.At[column];
            int end = column + 1;
            while (end < columns && row.At[end] == segment)
            {
                end++;
            }

            int width = ((end - column) * (room + 1)) - 1;
            pieces.Add(new Piece(IsEdge(row, column) ? "│" : " ", Tone.Faint));
            pieces.AddRange(Label(segment, row, column, width));
            column = end;
        }

        pieces.Add(new Piece(IsEdge(row, columns) ? "│" : "", Tone.Faint));
        return pieces;
    }

    private IEnumerable<Piece> Label(Segment? segment, Row row, int column, int width)
    {
        if (segment is null)
        {
            return [new string(' ', width)];
        }

        if (segment.IsHole)
        {
            return [new Piece(new string('░', width), Tone.Faint)];
        }

        string text = row.IsShortened ? "⋮" : LabelPlace(segment) == row.Start + column ? segment.Label : "";
        text = text.Length < width ? text : Key(text);
        return [" ", new Piece(text, Tone.Name), new string(' ', width - 1 - text.Length)];
    }

    // [a] to [z], then [aa].
    private string Key(string label)
    {
        string letters = "";
        for (int number = legend.Count + 1; number > 0; number = (number - 1) / 26)
        {
            letters = (char)('a' + ((number - 1) % 26)) + letters;
        }

        string key = $"[{letters}]";
        legend.Add($"{key} {label}");
        return key;
    }

    // In the first row, or in the second where that has more room.
    private static long LabelPlace(Segment segment)
    {
        long next = (segment.Start / BytesInRow * BytesInRow) + BytesInRow;
        long first = Math.Min(segment.End, next) - segment.Start;
        long second = Math.Min(segment.End - next, BytesInRow);
        return second > first ? next : segment.Start;
    }

    // Members that share a byte are one segment: bit-fields beside each other, members of a union over each other.
    private static List<Segment> SegmentsOf(IReadOnlyList<MemberNode> members)
    {
        List<MemberNode> leaves =
        [
            .. MemberNode.Hoisted(members).Where(member => member.WidthBits > 0).OrderBy(member => member.OffsetBits),
        ];
        List<Segment> segments = [];
        List<MemberNode> group = [];
        long end = -1;
        foreach (MemberNode member in leaves)
        {
            if (group.Count > 0 && member.OffsetBits / 8 >= end)
            {
                segments.Add(new Segment(group[0].OffsetBits / 8, end, LabelOf(group), group.TrueForAll(one => one.IsHole)));
                group = [];
            }

            group.Add(member);
            end = Math.Max(end, (member.EndBits + 7) / 8);
        }

        if (group.Count > 0)
        {
            segments.Add(new Segment(group[0].OffsetBits / 8, end, LabelOf(group), group.TrueForAll(one => one.IsHole)));
        }

        return segments;
    }

    private static string LabelOf(List<MemberNode> group)
    {
        StringBuilder label = new();
        long reached = 0;
        foreach (MemberNode member in group)
        {
            if (member.IsHole)
            {
                continue;
            }

            label.Append(label.Length == 0 ? "" : member.OffsetBits < reached ? " | " : " ").Append(member.Name);
            label.Append(member.IsBitField ? $":{member.WidthBits}" : "");
            reached = Math.Max(reached, member.EndBits);
        }

        return label.ToString();
    }

    private sealed record Segment(long Start, long End, string Label, bool IsHole);

    private sealed record Row(long Start, Segment?[] At, Segment? Filling, bool IsShortened);
}
