using Spectre.Console;

namespace HvBindgen.Cli;

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

/// <summary>Prints reports: a table on a terminal, lines that grep can take elsewhere.</summary>
internal static class Report
{
    /// <summary>Prints the lines.</summary>
    internal static void Print(IReadOnlyList<ReportRow> rows, Terminal terminal)
    {
        if (terminal.IsOutTerminal)
        {
            PrintTable(rows);
            return;
        }

        int width = rows.Max(row => row.Subject.Length);
        foreach (ReportRow row in rows)
        {
            string indent = new(' ', width + 12);
            string detail = row.Detail.Replace("\n", "\n" + indent, StringComparison.Ordinal);
            terminal.Out.WriteLine($"{WordOf(row.State),-10}{row.Subject.PadRight(width)}  {detail}");
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

    // In a method of its own, so that nothing of Spectre is touched where no table is printed.
    private static void PrintTable(IReadOnlyList<ReportRow> rows)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Out),
            ColorSystem = Terminal.WantsColour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        Table table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("state", "subject", "detail");
        foreach (ReportRow row in rows)
        {
            table.AddRow(new Text(WordOf(row.State), StyleOf(row.State)), new Text(row.Subject), new Text(row.Detail));
        }

        console.Write(table);
    }

    private static Style StyleOf(RowState state) => state switch
    {
        RowState.Found => new Style(Color.Green),
        RowState.Missing => new Style(Color.Red),
        RowState.Optional => new Style(Color.Yellow),
        _ => Style.Plain,
    };
}
