using System.CommandLine;
using HvBindgen.Cli.Running;

namespace HvBindgen.Cli.Commands;

/// <summary><c>headers</c>: the folder of downloaded headers.</summary>
internal static class HeadersCommand
{
    internal static Command Create(GlobalOptions globals) => new("headers", "Fetches the kernel's headers and compares them with the lock.")
    {
        HeadersSyncCommand.Create(globals),
        HeadersStatusCommand.Create(globals),
        HeadersAdoptCommand.Create(globals),
    };
}
