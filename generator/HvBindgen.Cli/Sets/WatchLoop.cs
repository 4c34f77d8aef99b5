using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Generator.Configuration;

namespace HvBindgen.Cli.Sets;

/// <summary>Does work again whenever the configuration or a header changes, until it is stopped.</summary>
internal static class WatchLoop
{
    private const int MaxNamed = 3;

    /// <summary>Runs the loop.</summary>
    /// <param name="context">Names the configuration; receives messages.</param>
    /// <param name="work">Does the work once. What it throws is reported, and the loop goes on.</param>
    /// <param name="stop">Ends the loop.</param>
    /// <returns>Success: being stopped is how a watch ends.</returns>
    internal static async Task<ExitCode> RunAsync(CommandContext context, Action work, CancellationToken stop)
    {
        // Without any configuration there is nothing to wait for: that is an error at once.
        string path = context.ConfigurationPath ?? context.ReadConfiguration().Path;
        BindingConfiguration? last = null;
        TextWriter error = context.Terminal.Error;
        try
        {
            while (true)
            {
                last = TryRead(path) ?? last;

                // Before the work, so that what changes meanwhile is seen.
                using HeaderWatch watch = new(path, last);
                Run(work, context.Terminal);
                await error.WriteLineAsync($"watching {watch.FolderCount} folders; Ctrl-C ends").ConfigureAwait(false);
                IReadOnlyList<string> changed = await watch.WaitAsync(stop).ConfigureAwait(false);
                string names = string.Join(", ", changed.Take(MaxNamed).Select(CommandContext.Shorten));
                context.Terminal.Tell(
                    $"\nchanged: {names}{(changed.Count > MaxNamed ? $" and {changed.Count - MaxNamed} more" : "")}");
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await error.WriteLineAsync("stopped").ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }

    private static void Run(Action work, Terminal terminal)
    {
        try
        {
            work();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            Failures.Report(fault, terminal);
        }
    }

    // What is wrong with it is said by the work, which reads it too.
    private static BindingConfiguration? TryRead(string path)
    {
        try
        {
            return BindingConfiguration.Read(path);
        }
        catch (ConfigurationException)
        {
            return null;
        }
    }
}
