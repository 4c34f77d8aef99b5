using System.Runtime.InteropServices;
using HvBindgen.Mshv.Running;

namespace SerialConsole;

/// <summary>Signals that end the program: each of them ends the machine first, so that everything is put back in order.</summary>
internal sealed class EndingSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly Machine machine;

    /// <summary>Listens from now on.</summary>
    /// <param name="machine">Machine to end.</param>
    public EndingSignals(Machine machine)
    {
        this.machine = machine;
        foreach (PosixSignal signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
        {
            registrations.Add(PosixSignalRegistration.Create(signal, End));
        }
    }

    /// <summary>The signal that came; null for none.</summary>
    public PosixSignal? Received { get; private set; }

    /// <summary>What the shell calls the end by a signal: 128 and its number. Ctrl-C is the ordinary way out, and no failure.</summary>
    /// <param name="signal">The signal; null for none.</param>
    public static int ExitCode(PosixSignal? signal) => signal switch
    {
        null or PosixSignal.SIGINT => 0,
        PosixSignal.SIGHUP => 128 + 1,
        PosixSignal.SIGQUIT => 128 + 3,
        _ => 128 + 15,
    };

    /// <inheritdoc/>
    public void Dispose() => registrations.ForEach(registration => registration.Dispose());

    private void End(PosixSignalContext context)
    {
        context.Cancel = true;
        Received ??= context.Signal;
        machine.RequestEnd();
    }
}
