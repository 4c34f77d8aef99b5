using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace HvBindgen.Generator.Processes;

/// <summary>A program of the system that runs to its end: fed, read and waited for, and never left behind.</summary>
/// <param name="Program">Its path, or a name to look for as a shell does.</param>
/// <param name="Arguments">Its arguments, as they are: no shell looks at them.</param>
public sealed record ChildProcess(string Program, IReadOnlyList<string> Arguments)
{
    // errno ENOENT, as where the system starts it.
    private const int NoSuchFile = 2;

    /// <summary>Folder it runs in; empty for the current one.</summary>
    public string WorkFolder { get; init; } = "";

    /// <summary>What is different in its environment; null takes a variable away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>What it reads on standard input.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>Size in bytes that no file may reach which it or its children write; null for no limit.</summary>
    /// <remarks>Where it does, the kernel ends it by SIGXFSZ, or the write fails. What it writes to its outputs is no file.</remarks>
    public long? MaxFileBytes { get; init; }

    /// <summary>Reads standard output as it comes, and need not read all; null to keep it.</summary>
    public Func<Stream, Task>? Read { get; init; }

    /// <summary>Runs it.</summary>
    /// <param name="cancellation">Ends it before its time.</param>
    /// <returns>How it ended and what it said.</returns>
    /// <exception cref="Win32Exception">It cannot be started: there is no such program, or it may not be run.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async Task<ProcessEnd> RunAsync(CancellationToken cancellation = default)
    {
        using Process process = Start();
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
            Task<byte[]> output = ReadAsync(process, cancellation);
            await Task.WhenAll(FeedAsync(process, cancellation), output, errors).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            return new ProcessEnd(process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Runs it while the caller waits.</summary>
    /// <returns>How it ended and what it said.</returns>
    /// <exception cref="Win32Exception">It cannot be started: there is no such program, or it may not be run.</exception>
    public ProcessEnd Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Starts it with this process's own input and output, for a caller that watches it.</summary>
    /// <returns>The running program; the caller waits for it and disposes it. Input and reader are not used.</returns>
    /// <exception cref="Win32Exception">It cannot be started: there is no such program, or it may not be run.</exception>
    public Process StartAttached() => Start(isAttached: true);

    private Process Start(bool isAttached = false)
    {
        (string program, IReadOnlyList<string> arguments) = MaxFileBytes is { } bytes ? Limited(bytes) : (Program, Arguments);
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = WorkFolder,
            RedirectStandardInput = !isAttached,
            RedirectStandardOutput = !isAttached,
            RedirectStandardError = !isAttached,
        };
        foreach ((string name, string? value) in Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new Win32Exception("it did not start");
    }

    // A limit is inherited, and what starts a program here cannot set one for it alone: a shell does, before it becomes the program.
    private (string Program, IReadOnlyList<string> Arguments) Limited(long bytes)
    {
        string path = Program.Contains('/', StringComparison.Ordinal)
            ? Path.GetFullPath(Program, WorkFolder.Length == 0 ? Directory.GetCurrentDirectory() : Path.GetFullPath(WorkFolder))
            : (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists) ?? "";
        if (!File.Exists(path))
        {
            throw new Win32Exception(NoSuchFile, $"there is no program {Program}");
        }

        // POSIX, ulimit: the number is of blocks of 512 bytes. What is ended so would leave an image of its memory. Where a limit cannot be
        // set, a lower one is there.
        string blocks = (bytes / 512).ToString(CultureInfo.InvariantCulture);
        return ("/bin/sh", ["-c", $"ulimit -c 0 2>/dev/null; ulimit -f {blocks} 2>/dev/null; exec \"$@\"", "sh", path, .. Arguments]);
    }

    private async Task FeedAsync(Process process, CancellationToken cancellation)
    {
        try
        {
            Stream stream = process.StandardInput.BaseStream;
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(Input, cancellation).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // It ended before it had read everything: its exit code and its words say why.
        }
    }

    private async Task<byte[]> ReadAsync(Process process, CancellationToken cancellation)
    {
        Stream output = process.StandardOutput.BaseStream;
        try
        {
            using MemoryStream kept = new();
            await (Read is null ? output.CopyToAsync(kept, cancellation) : Read(output)).ConfigureAwait(false);

            // What the reader left, or the program would die of a closed pipe.
            await output.CopyToAsync(Stream.Null, cancellation).ConfigureAwait(false);
            return kept.ToArray();
        }
        catch
        {
            // Nobody reads any more: it would wait for ever, and its other output with it.
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal's number when a signal ended it.</param>
/// <param name="Bytes">What it wrote to standard output; empty where that was read as it came.</param>
/// <param name="Errors">What it wrote to standard error.</param>
public sealed record ProcessEnd(int ExitCode, ReadOnlyMemory<byte> Bytes, string Errors)
{
    /// <summary>Standard output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);
}
