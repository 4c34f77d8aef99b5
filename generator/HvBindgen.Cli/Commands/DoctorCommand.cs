using System.CommandLine;
using HvBindgen.Cli.Examining;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Generator;

namespace HvBindgen.Cli.Commands;

/// <summary><c>doctor</c>: what of this machine the tool can use, and how to get the rest.</summary>
internal static class DoctorCommand
{
    internal static Command Create(GlobalOptions globals)
    {
        Option<bool> json = new("--json") { Description = "Print JSON." };
        Option<string?> conformance = new("--conformance")
        {
            Description = "Instead: ask this machine's /dev/mshv hundreds of questions and write its answers to this file.",
            HelpName = "FILE",
        };
        Command command = new("doctor", "Looks for libclang, headers, compilers and devices; exits with 1 when bindings cannot be made.")
        {
            json, conformance,
        };
        command.Excludes(conformance, "the answers go to the file as lines of text.", json);
        command.SetAction(parsed =>
        {
            CommandContext context = new(parsed, globals);
            if (parsed.GetValue(conformance) is { } report)
            {
                return (int)ConformanceReport.Write(report, context.Terminal);
            }

            IReadOnlyList<ReportRow> rows =
                [.. new Examination(context).Run().Select(row => row with { Detail = VisibleText.OfLines(row.Detail) })];
            if (parsed.GetValue(json))
            {
                PrintJson(rows, context.Terminal.Out);
            }
            else
            {
                Report.Print(rows, context.Terminal);
            }

            return (int)(rows.Any(row => row.State == RowState.Missing) ? ExitCode.Difference : ExitCode.Ok);
        });
        return command;
    }

    private static void PrintJson(IReadOnlyList<ReportRow> rows, TextWriter output) => CommandJsonContext.Print(
        output,
        new DoctorDocument([.. rows.Select(row => new FindingDocument(row.Subject, Report.WordOf(row.State), row.Detail))]),
        CommandJsonContext.Text.DoctorDocument);
}
