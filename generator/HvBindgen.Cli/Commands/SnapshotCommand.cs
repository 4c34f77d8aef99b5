using System.CommandLine;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Cli.Sets;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Output;
using HvBindgen.Generator.Snapshots;

namespace HvBindgen.Cli.Commands;

/// <summary><c>snapshot</c>: the ABI of sets as JSON, also for targets that have no C#.</summary>
internal static class SnapshotCommand
{
    internal static Command Create(GlobalOptions globals)
    {
        SelectionOptions selection = new();
        Option<string?> output = new("--output", "-o")
        {
            Description = "Folder for the snapshots; by default the configured one.",
            HelpName = "DIR",
        };
        Option<bool> check = new("--check") { Description = "Write nothing; show what would change and exit with 1 if anything would." };
        Option<string?> text = new("--text")
        {
            Description = "Print this snapshot as text for people instead; git's textconv calls it so.",
            HelpName = "FILE",
        };
        Command command = new("snapshot", "Parses the sets' headers and writes ABI snapshots only.") { output, check, text };
        selection.AddTo(command, "These targets, configured or not; by default those of each set.");
        const string PrintsOnly = "--text prints the snapshot that it names, whole.";
        command.Excludes(text, PrintsOnly, output, check);
        selection.ExcludedBy(command, text, PrintsOnly);
        command.SetAction(parsed =>
        {
            CommandContext context = new(parsed, globals);
            if (parsed.GetValue(text) is { } file)
            {
                context.Terminal.Out.Write(SnapshotText.Write(ReadSnapshot(file)));
                return (int)ExitCode.Ok;
            }

            BindingConfiguration configuration = context.ReadConfiguration();
            IReadOnlyList<ParsedSet> sets = SetParsing.Parse(
                context, configuration, selection.SetsOf(parsed, configuration), selection.TargetsOf(parsed));
            OutputPlan plan = new();
            foreach (ParsedSet set in sets)
            {
                AddSnapshots(plan, set, parsed.GetValue(output));
            }

            if (parsed.GetValue(check))
            {
                return (int)GenerateCommand.Check(plan, context.Terminal, "hvbindgen snapshot");
            }

            IReadOnlyList<OutputChange> changes = plan.Commit();
            context.Terminal.Tell($"{plan.Count} snapshots, {changes.Count} of them new or changed");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static AbiModel ReadSnapshot(string file)
    {
        try
        {
            return SnapshotReader.Read(SnapshotFiles.Read(file, CommandContext.Shorten(file)), CommandContext.Shorten(file));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SnapshotException($"{file}: cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Adds one snapshot for each target of a set.</summary>
    internal static void AddSnapshots(OutputPlan plan, ParsedSet set, string? folder)
    {
        for (int index = 0; index < set.Targets.Count; index++)
        {
            string name = SnapshotFormat.FileName(set.Set.Name, set.Targets[index].Name);
            plan.Add(folder ?? set.Set.SnapshotPath, name, SnapshotWriter.Write(set.Parsed[index].Model));
        }
    }
}
