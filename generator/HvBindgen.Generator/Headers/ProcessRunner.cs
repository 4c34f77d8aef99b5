using System.ComponentModel;
using System.Diagnostics;

namespace HvBindgen.Generator.Headers;

/// <summary>Runs a program of the system to its end and keeps what it said.</summary>
internal static class ProcessRunner
{
    /// <summary>Runs a program and collects both its outputs as text.</summary>
    public static async Task<ProcessResult> RunAsync(
        string program, IReadOnlyList<string> arguments, string workFolder, CancellationToken cancellation)
    {
        using Process process = Start(program, arguments, workFolder);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        await WaitAsync(process, Task.WhenAll(output, errors), cancellation).ConfigureAwait(false);
        return new ProcessResult(process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
    }

    /// <summary>Runs a program and hands its standard output, as it comes, to a reader.</summary>
    public static async Task<ProcessResult> RunAsync(
        string program, IReadOnlyList<string> arguments, string workFolder, Func<Stream, Task> read, CancellationToken cancellation)
    {
        using Process process = Start(program, arguments, workFolder);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        async Task ReadAllAsync()
        {
            Stream output = process.StandardOutput.BaseStream;
            await read(output).ConfigureAwait(false);

            // What the reader left, or the program would die of a closed pipe.
            await output.CopyToAsync(Stream.Null, cancellation).ConfigureAwait(false);
        }

        await WaitAsync(process, Task.WhenAll(ReadAllAsync(), errors), cancellation).ConfigureAwait(false);
        return new ProcessResult(process.ExitCode, "", await errors.ConfigureAwait(false));
    }

    private static Process Start(string program, IReadOnlyList<string> arguments, string workFolder)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = workFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";

        try
        {
            Process process = Process.Start(start) ?? throw new Win32Exception("it did not start");
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception fault)
        {
            throw new HeaderSyncException(
                $"{program} cannot be run: {fault.Message}",
                "On a system without apt use: hvbindgen headers sync --kernel DIR, or --sysroot DIR",
                fault);
        }
    }

    private static async Task WaitAsync(Process process, Task outputs, CancellationToken cancellation)
    {
        try
        {
            await outputs.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            // Cancelled, or the output was not what its reader expects: leave no process behind.
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}

/// <summary>How a program ended.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The last lines of what it complained about, for a message.</summary>
    public string Words => string.Join(
        '\n', (Errors + "\n" + (ExitCode == 0 ? "" : Output)).Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.StartsWith("E:", StringComparison.Ordinal) || line.StartsWith("W:", StringComparison.Ordinal)
                || line.StartsWith("Err:", StringComparison.Ordinal) || line.Contains("error", StringComparison.OrdinalIgnoreCase))
            .Distinct().TakeLast(8));
}
