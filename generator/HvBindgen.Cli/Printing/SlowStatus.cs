namespace HvBindgen.Cli.Printing;

/// <summary>Says on a terminal what is going on, once it has taken long enough to wonder; a quick run shows nothing.</summary>
internal sealed class SlowStatus : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);
    private const string ClearLine = "\r\u001b[K";

    private readonly Lock showing = new();
    private readonly Terminal terminal;
    private readonly Timer? timer;
    private string step = "";
    private bool isShown;
    private bool isOver;

    /// <summary>Starts waiting. Without a terminal nothing is ever shown.</summary>
    /// <param name="terminal">Where to show it.</param>
    internal SlowStatus(Terminal terminal)
    {
        this.terminal = terminal;
        timer = terminal.CanRewriteLines ? new Timer(_ => Show(), null, Patience, Timeout.InfiniteTimeSpan) : null;
    }

    /// <summary>Names what is done now.</summary>
    /// <param name="name">A few words.</param>
    internal void Step(string name)
    {
        lock (showing)
        {
            step = name;
            if (isShown)
            {
                terminal.Error.Write($"{ClearLine}{step} ...");
            }
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        timer?.Dispose();
        lock (showing)
        {
            isOver = true;
            if (isShown)
            {
                terminal.Error.Write(ClearLine);
                isShown = false;
            }
        }
    }

    private void Show()
    {
        lock (showing)
        {
            if (!isOver)
            {
                isShown = true;
                terminal.Error.Write($"{ClearLine}{step} ...");
            }
        }
    }
}
