namespace HvBindgen.Mshv.Running;

/// <summary>What is asked of a processor's thread.</summary>
[Flags]
internal enum KickRequests
{
    None = 0,

    /// <summary>End the run.</summary>
    Stop = 1,

    /// <summary>Wait until the pause is over.</summary>
    Pause = 2,

    /// <summary>Do the work that waits.</summary>
    Work = 4,
}

/// <summary>Makes a processor's thread leave the kernel, so that a request cannot be lost.</summary>
/// <remarks>
/// The driver has nothing that remembers a kick: a signal that arrives just before the processor is run has no effect, and the
/// run may last for ever. So the thread says when it is about to enter, looks for requests after that, and says when it is back;
/// and who kicks repeats the signal as long as the thread has not said so. No lock is held while waiting.
/// </remarks>
internal sealed class ThreadKick
{
    private const int SpinsBeforeSleep = 20;
    private const int LongestSleepMilliseconds = 10;

    // Held for a moment, and by the thread when it begins and ends: no signal goes to a thread that has ended.
    private readonly Lock attaching = new();
    private nint thread;
    private bool isAttached;

    private int requests;
    private int isInside;
    private long signalsSent;

    /// <summary>Signals sent so far; more than one for a kick means that the first had no effect.</summary>
    internal long SignalsSent => Interlocked.Read(ref signalsSent);

    internal KickRequests Requests => (KickRequests)Volatile.Read(ref requests);

    /// <summary>The calling thread is the processor's from now on.</summary>
    internal void Attach()
    {
        KickSignal.UnblockOnCurrentThread();
        lock (attaching)
        {
            thread = KickSignal.CurrentThread();
            isAttached = true;
        }
    }

    /// <summary>The calling thread is the processor's no longer.</summary>
    internal void Detach()
    {
        lock (attaching)
        {
            isAttached = false;
        }
    }

    /// <summary>The thread is about to enter the kernel.</summary>
    /// <returns>False when something is asked of it, so that it must not enter.</returns>
    internal bool TryEnter()
    {
        // A full fence: either the kicker sees this, or this thread sees the request.
        Interlocked.Exchange(ref isInside, 1);
        if (Volatile.Read(ref requests) == 0)
        {
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>The thread is back.</summary>
    internal void Leave() => Volatile.Write(ref isInside, 0);

    /// <summary>Takes a request back, on whatever thread.</summary>
    internal void Clear(KickRequests request) => Interlocked.And(ref requests, ~(int)request);

    /// <summary>Makes a request. The thread sees it before it enters the kernel the next time.</summary>
    internal void Mark(KickRequests request) => Interlocked.Or(ref requests, (int)request);

    /// <summary>Returns when the thread is out of the kernel, or the request that was made has been taken back.</summary>
    internal void Push(KickRequests request)
    {
        int sleepMilliseconds = 0;
        for (int attempt = 0; IsInsideDespite(request); attempt++)
        {
            if (!TrySignal())
            {
                return;
            }

            SpinWait spin = default;
            for (int i = 0; i < SpinsBeforeSleep && IsInsideDespite(request); i++)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }

            if (IsInsideDespite(request))
            {
                // The first repetitions come at once, the later ones ever more slowly.
                Thread.Sleep(sleepMilliseconds);
                sleepMilliseconds = Math.Min(sleepMilliseconds + (attempt % 2), LongestSleepMilliseconds);
            }
        }
    }

    private bool IsInsideDespite(KickRequests request) =>
        Volatile.Read(ref isInside) != 0 && (Volatile.Read(ref requests) & (int)request) != 0;

    private bool TrySignal()
    {
        lock (attaching)
        {
            if (!isAttached)
            {
                return false;
            }

            // A signal that there was no room for is repeated like one without effect.
            if (KickSignal.TrySend(thread))
            {
                Interlocked.Increment(ref signalsSent);
            }

            return true;
        }
    }
}
