using System.ComponentModel;
using HvBindgen.Generator.Processes;

namespace HvBindgen.Generator.Headers;

/// <summary>Runs programs of the package system, which say what they do in English and ask nothing.</summary>
internal static class ProcessRunner
{
    private static readonly Dictionary<string, string?> Environment = new()
    {
        ["LC_ALL"] = "C.UTF-8",
        ["DEBIAN_FRONTEND"] = "noninteractive",
    };

    /// <summary>Runs a program; its standard output goes to the reader where there is one.</summary>
    /// <exception cref="HeaderSyncException">The machine does not have it.</exception>
    internal static async Task<ProcessEnd> RunAsync(
        string program, IReadOnlyList<string> arguments, string workFolder, CancellationToken cancellation, Func<Stream, Task>? read = null)
    {
        ChildProcess process = new(program, arguments) { WorkFolder = workFolder, Environment = Environment, Read = read };
        try
        {
            return await process.RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (Win32Exception fault)
        {
            throw new HeaderSyncException(
                $"{program} cannot be run: {fault.Message}",
                "On a system without apt use: hvbindgen headers sync --kernel DIR, or --sysroot DIR",
                fault);
        }
    }

    /// <summary>The last lines of what a program complained about, for a message.</summary>
    internal static string WordsOf(ProcessEnd end) => string.Join(
        '\n', (end.Errors + "\n" + (end.ExitCode == 0 ? "" : end.Text)).Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.StartsWith("E:", StringComparison.Ordinal) || line.StartsWith("W:", StringComparison.Ordinal)
                || line.StartsWith("Err:", StringComparison.Ordinal) || line.Contains("error", StringComparison.OrdinalIgnoreCase))
            .Distinct().TakeLast(8));
}
