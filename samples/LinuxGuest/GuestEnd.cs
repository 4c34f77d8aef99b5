using System.Diagnostics;
using HvBindgen.Mshv.Running;

namespace LinuxGuest;

/// <summary>Waits for the guest.</summary>
internal static class GuestEnd
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until the guest has ended, is to be saved, or has taken too long.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="options">How long it may take.</param>
    /// <param name="saves">Set when the guest is to be saved; null when it never is.</param>
    /// <param name="isToBeSaved">Whether it is to be saved.</param>
    /// <returns>The end; null when there is none yet.</returns>
    public static MachineResult? Wait(Machine machine, GuestOptions options, ManualResetEventSlim? saves, out bool isToBeSaved)
    {
        Stopwatch watch = Stopwatch.StartNew();
        isToBeSaved = false;
        MachineResult? end = null;
        while (end is null && !isToBeSaved && (options.TimeLimit is not { } limit || watch.Elapsed < limit))
        {
            end = machine.WaitForEnd(Patience);
            isToBeSaved = end is null && saves is { IsSet: true };
        }

        return end;
    }
}
