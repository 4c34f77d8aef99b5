using System.Runtime.InteropServices;

namespace SerialConsole;

/// <summary>The terminal without line editing and echo, so that every key reaches the guest; restored however the program ends.</summary>
/// <remarks>Ctrl-C stays what it is: the host's way to end. Where input is no terminal, nothing is changed.</remarks>
internal sealed class RawTerminal : IDisposable
{
    // termios is an opaque block here: cfmakeraw would take Ctrl-C away, so the program "stty" does the work.
    private readonly string? saved;
    private readonly PosixSignalRegistration? terminated;
    private int restored;

    public RawTerminal()
    {
        if (Console.IsInputRedirected)
        {
            return;
        }

        saved = Stty("-g");
        if (saved.Length > 0)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Restore();
            AppDomain.CurrentDomain.UnhandledException += (_, _) => Restore();
            terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Restore());
            Stty("-icanon -echo min 1 time 0");
        }
    }

    public void Dispose()
    {
        terminated?.Dispose();
        Restore();
    }

    private void Restore()
    {
        if (saved is { Length: > 0 } && Interlocked.Exchange(ref restored, 1) == 0)
        {
            Stty(saved);
        }
    }

    private static string Stty(string arguments)
    {
        System.Diagnostics.ProcessStartInfo start = new("stty", arguments) { RedirectStandardOutput = true };
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return output;
    }
}
