using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Engine.Software;
using HvBindgen.Mshv.Emulator.Interop;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Waits for the next of a partition's synthetic timers. There is a thread as soon as there is a timer; none on a virtual clock,
/// which processors take where its timers want it.</summary>
internal sealed class TimerThread : IClockTimers, IDisposable
{
    private const ulong NanosecondsPerUnit = MachineClock.NanosecondsPerSecond / MachineClock.ReferenceFrequency;

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly VirtualPartition partition;
    private readonly VirtualClock? clock;
    private readonly Lock gate = new();
    private HostEvent? wake;
    private Thread? thread;
    private volatile bool isEnding;

    internal TimerThread(VirtualPartition partition)
    {
        this.partition = partition;
        clock = partition.Engine.Clock as VirtualClock;
        if (clock is not null)
        {
            clock.Timers = this;
        }
    }

    ulong? IClockTimers.NextDue
    {
        get
        {
            if (partition.Freeze.IsOn || FindNext() is not { } due)
            {
                return null;
            }

            // A nanosecond more: the product that makes reference time of the counter is rounded down.
            ulong target = clock!.ReferenceTime + (ulong)TimeUntil(due).Ticks;
            return (target * NanosecondsPerUnit) + 1;
        }
    }

    void IClockTimers.Expire() => Expire();

    /// <summary>Timers have changed, or time goes on: the thread looks when the next one expires.</summary>
    internal void Wake()
    {
        if (clock is not null)
        {
            clock.OnTimersChanged();
            return;
        }

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
            ulong? next = Expire() ? FindNext() : null;
            if (wake!.Wait(next is { } due ? TimeUntil(due) : null))
            {
                wake.Reset();
            }
        }
    }

    private bool Expire()
    {
        if (partition.Freeze.IsOn)
        {
            return false;
        }

        ulong now = partition.Properties.ReferenceTime;
        foreach (VirtualCpu processor in partition.Processors)
        {
            processor.Timers.Expire(now);
        }

        return true;
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
