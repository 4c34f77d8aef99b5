using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Headers;

namespace HvBindgen.Cli.Commands;

/// <summary><c>headers status</c>: how the downloaded folder compares with the lock.</summary>
internal static class HeadersStatusCommand
{
    private const int MaxListed = 50;

    internal static Command Create(GlobalOptions globals)
    {
        Option<bool> json = new("--json") { Description = "Print JSON." };
        Command command = new("status", "Compares the downloaded headers with the lock; exits with 1 when they differ.") { json };
        command.SetAction(parsed =>
        {
            CommandContext context = new(parsed, globals);
            BindingConfiguration configuration = context.ReadConfiguration();
            HeaderLock locked = HeaderLock.Read(configuration.LockPath);
            HeaderTreeStatus status = new HeaderTree(configuration.TreePath).Verify(locked);
            if (parsed.GetValue(json))
            {
                PrintJson(locked, status, context.Terminal.Out);
            }
            else
            {
                Print(configuration, locked, status, context.Terminal);
            }

            return (int)(status.IsClean ? ExitCode.Ok : ExitCode.Difference);
        });
        return command;
    }

    private static void Print(BindingConfiguration configuration, HeaderLock locked, HeaderTreeStatus status, Terminal terminal)
    {
        List<ReportRow> rows = [new(RowState.Note, "lock", $"Linux {locked.KernelVersion}, {locked.Files.Count()} headers pinned")];
        rows.Add(status.Origin is { } origin
            ? new(RowState.Note, "folder", $"{CommandContext.Shorten(configuration.TreePath)}: Linux {origin.Content.KernelVersion} "
                + $"from {origin.Content.Source}, fetched {origin.Fetched.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}")
            : new(
                RowState.Missing,
                "folder",
                $"{CommandContext.Shorten(configuration.TreePath)}: nothing fetched; run: hvbindgen headers sync"));
        HeaderFileStatus[] faults = [.. status.Files.Where(file => file.State != HeaderFileState.Present)];
        rows.AddRange(faults.Take(MaxListed).Select(file => new ReportRow(
            RowState.Missing, file.IsPinned ? "pinned" : "other", $"{file.State.ToString().ToLowerInvariant()} {file.Path}")));
        if (faults.Length > MaxListed)
        {
            rows.Add(new ReportRow(RowState.Missing, "other", $"and {faults.Length - MaxListed} more"));
        }

        if (faults.Length == 0 && status.Origin is not null)
        {
            rows.Add(new ReportRow(RowState.Found, "content", "every header is as it was fetched, every pinned one as locked"));
        }

        Report.Print(rows, terminal);
    }

    private static void PrintJson(HeaderLock locked, HeaderTreeStatus status, TextWriter output) => CommandJsonContext.Print(
        output,
        new HeadersStatusDocument(
            locked.KernelVersion,
            status.IsUsable,
            status.IsClean,
            status.Origin?.Content.Source,
            status.Origin?.Fetched,
            locked.Files.Count(),
            [
                .. status.Files.Where(file => file.State != HeaderFileState.Present).Select(file => new HeaderDifferenceDocument(
                    file.Path, file.IsPinned, JsonNamingPolicy.CamelCase.ConvertName(file.State.ToString()))),
            ]),
        CommandJsonContext.Text.HeadersStatusDocument);
}
