using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Reports;

/// <summary>One row of a field map: what stands at a place before and after.</summary>
/// <param name="StartBits">Start of the place, in bits from the start of the record.</param>
/// <param name="Before">Member and type before; empty where nothing starts.</param>
/// <param name="After">Member and type after; empty where nothing starts.</param>
public sealed record FieldMapRow(long StartBits, string Before, string After)
{
    /// <summary>Rows that are the same on both sides and are left out here; 0 for a row of its own.</summary>
    public int Hidden { get; init; }

    /// <summary>Whether both sides agree.</summary>
    public bool IsSame => Before == After;

    /// <summary>The place as people write it: byte, or byte and bit.</summary>
    public string Place => StartBits % 8 == 0 ? $"{StartBits / 8}" : $"{StartBits / 8}.{StartBits % 8}";
}

/// <summary>The members of two generations of a record side by side, by offset, with padding shown.</summary>
public static class FieldMap
{
    private static readonly ReservedNames NoNames = new([]);

    /// <summary>Draws the map.</summary>
    /// <param name="change">The record before and after.</param>
    /// <returns>Rows by rising offset; the last one shows where the record ends.</returns>
    public static IReadOnlyList<FieldMapRow> Of(LayoutChange change)
    {
        List<(long Start, string Text)> before = Cells(change.Before);
        List<(long Start, string Text)> after = Cells(change.After);
        List<FieldMapRow> rows = [];
        int left = 0;
        int right = 0;
        while (left < before.Count || right < after.Count)
        {
            long start = Math.Min(
                left < before.Count ? before[left].Start : long.MaxValue,
                right < after.Count ? after[right].Start : long.MaxValue);
            string one = left < before.Count && before[left].Start == start ? before[left++].Text : "";
            string other = right < after.Count && after[right].Start == start ? after[right++].Text : "";
            rows.Add(new FieldMapRow(start, one, other));
        }

        return rows;
    }

    /// <summary>Draws what differs and its neighbours; long runs of what is the same are one row.</summary>
    /// <param name="change">The record before and after.</param>
    /// <returns>Rows by rising offset.</returns>
    public static IReadOnlyList<FieldMapRow> Shortened(LayoutChange change)
    {
        IReadOnlyList<FieldMapRow> all = Of(change);
        List<FieldMapRow> shown = [];
        for (int index = 0; index < all.Count; index++)
        {
            int end = index;
            while (end < all.Count && !IsNear(all, end))
            {
                end++;
            }

            // One row is as short as what would stand for it.
            if (end - index > 1)
            {
                shown.Add(new FieldMapRow(all[index].StartBits, "", "") { Hidden = end - index });
                index = end - 1;
            }
            else
            {
                shown.Add(all[index]);
            }
        }

        return shown;
    }

    // The rows before and after one that differs show where it is, and the last one how large the record is.
    private static bool IsNear(IReadOnlyList<FieldMapRow> rows, int index)
    {
        for (int near = Math.Max(index - 1, 0); near <= Math.Min(index + 1, rows.Count - 1); near++)
        {
            if (!rows[near].IsSame)
            {
                return true;
            }
        }

        return index == rows.Count - 1;
    }

    private static List<(long Start, string Text)> Cells(AbiRecord record)
    {
        List<Member> members = [.. new RecordShape(record, NoNames).Members];
        members.Sort(static (left, right) =>
            left.StartBits != right.StartBits ? left.StartBits.CompareTo(right.StartBits) : left.Order.CompareTo(right.Order));
        List<(long, string)> cells = [];
        long reached = 0;
        foreach (Member member in members)
        {
            if (member.StartBits > reached)
            {
                cells.Add((reached, Padding(member.StartBits - reached)));
            }

            string text = member.IsBitField ? $"{member.Type} {member.Name}:{member.WidthBits}" : $"{member.Type} {member.Name}";
            cells.Add((member.StartBits, VisibleText.Of(text)));
            reached = Math.Max(reached, member.EndBits);
        }

        long end = record.SizeBytes * 8;
        if (reached < end)
        {
            cells.Add((reached, Padding(end - reached)));
        }

        cells.Add((end, $"end, aligned to {record.AlignBytes}"));
        return cells;
    }

    private static string Padding(long bits) => bits % 8 == 0 ? $"({bits / 8} bytes padding)" : $"({bits} bits padding)";
}
