using System.CommandLine;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Cli.Sets;
using HvBindgen.Generator.Inspect;

namespace HvBindgen.Cli.Commands;

/// <summary><c>ioctls</c>: the requests of sets by the kind of descriptor that takes them.</summary>
internal static class IoctlsCommand
{
    internal static Command Create(GlobalOptions globals)
    {
        SelectionOptions selection = new();
        Option<bool> json = new("--json") { Description = "Print JSON." };
        Command command = new("ioctls", "Lists ioctl requests, taken apart, by the kind of descriptor that takes them.") { json };
        selection.AddTo(command, "Only these targets.");
        command.SetAction(parsed =>
        {
            CommandContext context = new(parsed, globals);
            IReadOnlyList<InspectedSet> sets = InspectedSets.Read(context, selection);
            if (parsed.GetValue(json))
            {
                context.Terminal.Out.Write(IoctlTable.Write(sets));
            }
            else
            {
                context.Terminal.Print(IoctlTable.Draw(sets, context.Terminal.Width));
            }

            return (int)ExitCode.Ok;
        });
        return command;
    }
}
