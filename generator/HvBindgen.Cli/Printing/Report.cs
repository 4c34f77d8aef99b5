using HvBindgen.Generator;

namespace HvBindgen.Cli.Printing;

/// <summary>One line of a report to a person.</summary>
/// <param name="State">Whether it is as it should be.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Detail">What was found, or how to get it.</param>
internal sealed record ReportRow(RowState State, string Subject, string Detail);

/// <summary>State of what a report's line is about.</summary>
internal enum RowState
{
    /// <summary>There.</summary>
    Found,

    /// <summary>Not there, and needed.</summary>
    Missing,

    /// <summary>Not there; only some things need it.</summary>
    Optional,

    /// <summary>Told for information.</summary>
    Note,
}

/// <summary>Prints reports: lines that grep can take, folded and coloured on a terminal.</summary>
internal static class Report
{
    private const int StateWidth = 10;
    private const int Gap = 2;

    /// <summary>Prints the lines.</summary>
    internal static void Print(IReadOnlyList<ReportRow> rows, Terminal terminal)
    {
        int subjectWidth = rows.Max(row => row.Subject.Length);
        int detailColumn = StateWidth + subjectWidth + Gap;

        // Folded lines go on below the subject where the column of details would be too narrow.
        string indent = new(' ', detailColumn <= terminal.Width / 2 ? detailColumn : StateWidth);
        foreach (ReportRow row in rows)
        {
            string detail = VisibleText.OfLines(row.Detail).Replace("\n", "\n" + indent, StringComparison.Ordinal);
            string state = WordOf(row.State).PadRight(StateWidth);
            string subject = VisibleText.Of(row.Subject).PadRight(subjectWidth);
            terminal.PrintAsItIs($"{(terminal.IsColoured ? Paint(row.State, state) : state)}{subject}  {detail}\n");
        }
    }

    /// <summary>The state in one word.</summary>
    internal static string WordOf(RowState state) => state switch
    {
        RowState.Found => "found",
        RowState.Missing => "missing",
        RowState.Optional => "optional",
        _ => "",
    };

    private static string Paint(RowState state, string word) => state switch
    {
        RowState.Found => $"\e[32m{word}\e[0m",
        RowState.Missing => $"\e[31m{word}\e[0m",
        RowState.Optional => $"\e[33m{word}\e[0m",
        _ => word,
    };
}
