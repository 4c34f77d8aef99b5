using System.CommandLine;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Headers;

namespace HvBindgen.Cli.Commands;

/// <summary><c>headers sync</c>: brings the headers that the lock names into the downloaded folder.</summary>
internal static class HeadersSyncCommand
{
    internal static Command Create(GlobalOptions globals)
    {
        Option<bool> update = new("--update") { Description = "Take the newest headers and rewrite the lock." };
        Option<string?> kernel = new("--kernel") { Description = "Take them from this kernel source tree.", HelpName = "DIR" };
        Option<string?> sysroot = new("--sysroot") { Description = "Take them from the usr/include of this folder.", HelpName = "DIR" };
        Option<string?> mirror = new("--mirror") { Description = "Debian mirror to use in place of apt's own.", HelpName = "URI" };
        Option<bool> refetch = new("--refetch")
        {
            Description = "Fetch even when the folder is complete, and give up what was changed in it.",
        };
        Option<string?> version = new("--version")
        {
            Description = "With --update: this version of the distribution's package, not the newest.",
            HelpName = "VERSION",
        };
        Command command = new("sync", "Fetches the headers that the lock names, checked by content. Offline when they are there.")
        {
            update, version, kernel, sysroot, mirror, refetch,
        };
        const string OneSource = "headers come from one place.";
        command.Excludes(kernel, OneSource, sysroot, mirror);
        command.Excludes(sysroot, OneSource, mirror);
        command.Needs(
            result => result.GetValue(update) && !result.HasGiven(kernel) && !result.HasGiven(sysroot),
            "it chooses among the distribution's packages; give it with --update, and without --kernel and --sysroot.", version);
        command.SetAction(async (parsed, cancellation) =>
        {
            CommandContext context = new(parsed, globals);
            BindingConfiguration configuration = context.ReadConfiguration();
            HeaderSyncOptions options = new()
            {
                SourcesPath = configuration.SourcesPath,
                LockPath = configuration.LockPath,
                TreePath = configuration.TreePath,
                KernelTree = parsed.GetValue(kernel),
                Sysroot = parsed.GetValue(sysroot),
                Mirror = parsed.GetValue(mirror),
                Update = parsed.GetValue(update),
                Version = parsed.GetValue(version),
                Refetch = parsed.GetValue(refetch),
            };
            HeaderSyncReport report = await StepDisplay.RunAsync(
                context.Terminal, "headers", progress => HeaderSync.SyncAsync(options, progress, cancellation)).ConfigureAwait(false);
            Print(report, context.Terminal);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    internal static void Print(HeaderSyncReport report, Terminal terminal)
    {
        foreach (string note in report.Notes)
        {
            terminal.Tell($"note: {note}");
        }

        foreach (HeaderChange change in report.Changes)
        {
            terminal.Tell($"  {change.Kind.ToString().ToLowerInvariant(),-8}{change.Path}");
        }

        string headers = $"headers of Linux {report.Lock.KernelVersion}";
        terminal.Tell(report.Outcome switch
        {
            HeaderSyncOutcome.UpToDate => $"{headers}: complete, nothing to fetch",
            HeaderSyncOutcome.Fetched => $"{headers}: fetched, {report.Lock.Files.Count()} pinned ones are as locked",
            HeaderSyncOutcome.Adopted =>
                $"{headers}: taken as they are, the lock was rewritten: {report.Changes.Count} pinned headers differ from before",
            _ => $"{headers}: fetched, the lock was rewritten: {report.Changes.Count} pinned headers differ from before",
        });
    }
}
