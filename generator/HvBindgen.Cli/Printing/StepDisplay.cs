using Spectre.Console;

namespace HvBindgen.Cli.Printing;

/// <summary>Shows the steps of work that takes time: a line that changes on a terminal, one line a step elsewhere.</summary>
internal static class StepDisplay
{
    /// <summary>Runs the work.</summary>
    /// <param name="terminal">Where steps are shown.</param>
    /// <param name="title">What the work is about.</param>
    /// <param name="work">Receives what to report its steps to.</param>
    /// <returns>The work's result.</returns>
    internal static Task<T> RunAsync<T>(Terminal terminal, string title, Func<IProgress<string>, Task<T>> work) =>
        terminal.CanRewriteLines
            ? RunOnTerminalAsync(title, work)
            : work(new Steps(step => terminal.Tell($"{title}: {step}")));

    private static Task<T> RunOnTerminalAsync<T>(string title, Func<IProgress<string>, Task<T>> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
            ColorSystem = Terminal.WantsColour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        console.Profile.Capabilities.Unicode = Terminal.IsLocaleUtf8;
        return console.Status().StartAsync(
            title, status => work(new Steps(step => status.Status = Markup.Escape($"{title}: {step}"))));
    }

    // System.Progress would report from other threads, after the work has ended.
    private sealed class Steps(Action<string> show) : IProgress<string>
    {
        public void Report(string value) => show(value);
    }
}
