using System.CommandLine;
using System.CommandLine.Completions;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Cli.Sets;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Snapshots;

namespace HvBindgen.Cli.Commands;

/// <summary><c>show</c>: draws what headers declare under a name.</summary>
internal static class ShowCommand
{
    private const int MaxCompletions = 200;

    internal static Command Create(GlobalOptions globals)
    {
        SelectionOptions selection = new();
        Argument<string> name = new("name")
        {
            HelpName = "name",
            Description =
                "A record, record.member, enum, enumerator, constant, ioctl, typedef or macro; a pattern such as 'hv_*_message' lists "
                    + "names.",
        };
        name.CompletionSources.Add(completion => NamesFor(completion, globals, selection));
        Option<bool> json = new("--json") { Description = "Print JSON." };
        Command command = new(
            "show", "Draws a declaration: places, bits, holes, values, and its C#, targets side by side where they differ.")
        {
            name, json,
        };
        selection.AddTo(command, "Only these targets.");
        command.SetAction(parsed =>
        {
            CommandContext context = new(parsed, globals);
            IReadOnlyList<Declaration> found = new Catalogue(InspectedSets.Read(context, selection)).Find(parsed.GetValue(name)!);
            if (parsed.GetValue(json))
            {
                context.Terminal.Out.Write(DeclarationJson.Write(found));
                return (int)ExitCode.Ok;
            }

            int width = context.Terminal.Width;
            if (found.Select(one => one.Name).Distinct().Skip(1).Any())
            {
                context.Terminal.Print(DeclarationPage.List(found, width));
                return (int)ExitCode.Ok;
            }

            for (int index = 0; index < found.Count; index++)
            {
                context.Terminal.Out.Write(index > 0 ? "\n" : "");
                context.Terminal.Print(DeclarationPage.Draw(found[index], width));
            }

            return (int)ExitCode.Ok;
        });
        return command;
    }

    // A shell that asks for words is no place for messages.
    private static IEnumerable<CompletionItem> NamesFor(CompletionContext completion, GlobalOptions globals, SelectionOptions selection)
    {
        try
        {
            CommandContext context = new(completion.ParseResult, globals);
            return
            [
                .. new Catalogue(InspectedSets.Read(context, selection, isSilent: true)).Names
                    .Where(name => name.StartsWith(completion.WordToComplete, StringComparison.OrdinalIgnoreCase))
                    .Take(MaxCompletions).Select(name => new CompletionItem(name)),
            ];
        }
        catch (Exception fault) when (fault is ConfigurationException or SnapshotException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
