namespace HvBindgen.Mshv.Running;

/// <summary>Where a paused processor's thread waits, and where others wait for it to come.</summary>
internal sealed class ParkingPlace
{
    private readonly object changed = new();
    private bool isRunning;
    private bool isParked;

    internal void Begin()
    {
        lock (changed)
        {
            if (isRunning)
            {
                throw new InvalidOperationException(
                    "The virtual processor is already run by another thread. A processor has one thread at a time.");
            }

            isRunning = true;
        }
    }

    internal void End()
    {
        lock (changed)
        {
            isRunning = false;
            Monitor.PulseAll(changed);
        }
    }

    /// <summary>The processor's thread waits as long as a pause is asked for and no end. Work waits as well: others may be looking at
    /// the processor.</summary>
    internal void Park(ThreadKick kick)
    {
        lock (changed)
        {
            isParked = true;
            Monitor.PulseAll(changed);
            while ((kick.Requests & (KickRequests.Pause | KickRequests.Stop)) == KickRequests.Pause)
            {
                Monitor.Wait(changed);
            }

            isParked = false;
        }
    }

    internal void Wake()
    {
        lock (changed)
        {
            Monitor.PulseAll(changed);
        }
    }

    /// <summary>Waits until the processor's thread is parked, has ended its run, or is no longer asked to pause.</summary>
    internal void WaitUntilParked(ThreadKick kick)
    {
        lock (changed)
        {
            while (isRunning && !isParked && (kick.Requests & KickRequests.Pause) != 0)
            {
                Monitor.Wait(changed);
            }
        }
    }
}
