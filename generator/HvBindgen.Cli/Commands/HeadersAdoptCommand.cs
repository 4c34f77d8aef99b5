using System.CommandLine;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Headers;

namespace HvBindgen.Cli.Commands;

/// <summary><c>headers adopt</c>: the lock follows the downloaded folder, with what was changed in it.</summary>
internal static class HeadersAdoptCommand
{
    internal static Command Create(GlobalOptions globals)
    {
        Command command = new(
            "adopt", "Takes the downloaded folder as it is, with your changes, and rewrites the lock to say so. Fetches nothing.");
        command.SetAction(parsed =>
        {
            CommandContext context = new(parsed, globals);
            BindingConfiguration configuration = context.ReadConfiguration();
            HeaderSyncReport report = HeaderAdoption.Adopt(new HeaderSyncOptions
            {
                SourcesPath = configuration.SourcesPath,
                LockPath = configuration.LockPath,
                TreePath = configuration.TreePath,
            });
            HeadersSyncCommand.Print(report, context.Terminal);
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
