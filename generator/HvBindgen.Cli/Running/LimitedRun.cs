using System.Diagnostics;
using HvBindgen.Cli.Printing;

namespace HvBindgen.Cli.Running;

/// <summary>
/// Ends this process when its work takes too long or too much memory. For work that is all of it in managed code, such as the comparison of
/// two snapshots: nothing in it overflows a stack or cannot be stopped, so that no other process has to do it.
/// </summary>
internal sealed class LimitedRun : IDisposable
{
    private const int LookEveryMilliseconds = 20;

    private readonly object gate = new();
    private readonly TimeSpan deadline;
    private readonly long memoryBytes;
    private readonly Terminal terminal;
    private readonly int exitCode;
    private bool isDone;

    /// <summary>Begins to watch.</summary>
    /// <param name="deadline">Time after which the process is ended.</param>
    /// <param name="memoryBytes">Resident memory above which it is ended.</param>
    /// <param name="terminal">Receives the reason.</param>
    /// <param name="exitCode">Exit code of a process that is ended.</param>
    internal LimitedRun(TimeSpan deadline, long memoryBytes, Terminal terminal, int exitCode)
    {
        (this.deadline, this.memoryBytes, this.terminal, this.exitCode) = (deadline, memoryBytes, terminal, exitCode);
        RunProgress.IsWatchedHere = true;
        new Thread(Watch) { IsBackground = true, Name = "limits" }.Start();
    }

    /// <summary>Ends the watch.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isDone = true;
            Monitor.Pulse(gate);
        }
    }

    // Whoever is done first has the gate: a report that is complete is not followed by a refusal.
    private void Watch()
    {
        Stopwatch watch = Stopwatch.StartNew();
        lock (gate)
        {
            while (!isDone)
            {
                Monitor.Wait(gate, LookEveryMilliseconds);
                string? reason = isDone ? null
                    : watch.Elapsed > deadline ? GuardedRun.NotDoneWithin(deadline)
                    : GuardedRun.ResidentBytes(Environment.ProcessId) > memoryBytes ? GuardedRun.NeedsMoreThan(memoryBytes)
                    : null;
                if (reason is not null)
                {
                    terminal.Fail($"{RunProgress.WorkHere}: {reason}", GuardedRun.Remedy);
                    Environment.Exit(exitCode);
                }
            }
        }
    }
}
