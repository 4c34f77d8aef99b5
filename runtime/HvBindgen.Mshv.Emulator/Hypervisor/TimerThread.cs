using HvBindgen.Mshv.Emulator.Interop;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Waits for the next of a partition's synthetic timers. There is a thread as soon as there is a timer.</summary>
internal sealed class TimerThread(VirtualPartition partition) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private HostEvent? wake;
    private Thread? thread;
    private volatile bool isEnding;

    /// <summary>Timers have changed, or time goes on: the thread looks when the next one expires.</summary>
    internal void Wake()
    {
        lock (gate)
        {
            if (thread is null)
            {
                if (isEnding || FindNext() is null || HostEvent.Create(isSet: false, out wake) != 0)
                {
                    return;
                }

                thread = new Thread(Run) { IsBackground = true, Name = "synthetic timers" };
                thread.Start();
            }

            wake!.Set();
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isEnding = true;
            wake?.Set();
        }

        thread?.Join();
        wake?.Dispose();
    }

    private void Run()
    {
        CallerSignals.BlockAll(); // the client's are for its own threads
        while (!isEnding)
        {
            ulong? next = null;
            if (!partition.Freeze.IsOn)
            {
                ulong now = partition.Properties.ReferenceTime;
                foreach (VirtualCpu processor in partition.Processors)
                {
                    processor.Timers.Expire(now);
                }

                next = FindNext();
            }

            if (wake!.Wait(next is { } due ? TimeUntil(due) : null))
            {
                wake.Reset();
            }
        }
    }

    // A tick is a unit of reference time.
    private TimeSpan TimeUntil(ulong due)
    {
        ulong now = partition.Properties.ReferenceTime;
        return TimeSpan.FromTicks(due <= now ? 0 : (long)Math.Min(due - now, (ulong)LongestWait.Ticks));
    }

    private ulong? FindNext()
    {
        ulong? next = null;
        foreach (VirtualCpu processor in partition.Processors)
        {
            next = processor.Timers.NextDue is { } due && !(next <= due) ? due : next;
        }

        return next;
    }
}
