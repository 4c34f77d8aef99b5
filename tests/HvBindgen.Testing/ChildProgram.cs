using System.Diagnostics;
using System.Text;

namespace HvBindgen.Testing;

/// <summary>A program that a test runs in a process of its own, judged by what it prints and how it ends.</summary>
/// <remarks>
/// It starts as from a terminal. A process inherits which signals are ignored: a test run that was started by <c>nohup</c> or by
/// <c>&amp;</c> in a script ignores SIGINT, and so would all its children. coreutils' <c>env</c> sets that back and then becomes the
/// program, in the same process.
/// </remarks>
/// <param name="program">Path of the program, or its name in the search path.</param>
/// <param name="arguments">Arguments, each as the program gets it.</param>
public sealed class ChildProgram(string program, params IEnumerable<string> arguments)
{
    /// <summary>Exit code where there is no such program.</summary>
    public const int NotFound = 127;

    /// <summary>Folder that it runs in; null: the folder of the tests.</summary>
    public string? Folder { get; init; }

    /// <summary>Variables that it gets; null takes one away that the tests have.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Its standard input, from its beginning to its end.</summary>
    public string Input { get; init; } = "";

    /// <summary>Time after which it is killed and the test fails.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="TimeoutException">It did not end within <see cref="TimeLimit"/>; what it printed is in the message.</exception>
    public Ending Run() => RunAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc cref="Run()"/>
    /// <param name="program">Path of the program, or its name in the search path.</param>
    /// <param name="arguments">Arguments.</param>
    public static Ending Run(string program, params IEnumerable<string> arguments) => new ChildProgram(program, arguments).Run();

    /// <inheritdoc cref="Run()"/>
    /// <param name="cancellation">Kills the program.</param>
    public async Task<Ending> RunAsync(CancellationToken cancellation)
    {
        using Process process = Start();
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeLimit);
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await GiveInputAsync(process, patience.Token);
            await process.WaitForExitAsync(patience.Token);

            // A child of its own may hold the pipes open for longer than it lives.
            return new Ending(process.ExitCode, await output.WaitAsync(patience.Token), await errors.WaitAsync(patience.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"{program} did not end within {TimeLimit}. Output: {await output} Errors: {await errors}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Starts it, with a pipe to each of input, output and errors.</summary>
    /// <returns>The process, which the caller disposes and, if need be, kills.</returns>
    public Process Start()
    {
        ProcessStartInfo start = new("env", ["--default-signal", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = Folder ?? "",
        };
        foreach ((string name, string? value) in Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private async Task GiveInputAsync(Process process, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteAsync(Input.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // EPIPE: it ended, or closed its input, before it had read all.
        }
    }
}
