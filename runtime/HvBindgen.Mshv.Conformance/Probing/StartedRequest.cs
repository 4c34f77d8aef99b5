using System.Diagnostics;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>A request that another thread makes, which signals reach.</summary>
internal sealed class StartedRequest : IDisposable
{
    private const int Block = 0;
    private const int SetBytes = 128;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenSignals = TimeSpan.FromMilliseconds(5);

    private readonly ManualResetEventSlim started = new();
    private readonly ManualResetEventSlim ended = new();
    private readonly ManualResetEventSlim isForgotten = new();
    private readonly Thread thread;
    private nint self;

    /// <summary>Starts a request.</summary>
    /// <param name="make">Makes it.</param>
    /// <param name="blocksSignals">Whether the thread lets no signal through.</param>
    internal StartedRequest(Func<IoctlResult> make, bool blocksSignals = false)
    {
        thread = new Thread(() =>
        {
            KickSignal.UnblockOnCurrentThread();
            if (blocksSignals)
            {
                BlockKick();
            }

            self = KickSignal.CurrentThread();
            started.Set();
            Result = make();
            ended.Set();

            // Nobody may send a signal to a thread that is gone.
            isForgotten.Wait();
        })
        {
            IsBackground = true,
        };
        thread.Start();
        started.Wait();
    }

    /// <summary>The answer; the request has ended.</summary>
    internal IoctlResult Result { get; private set; }

    /// <summary>Waits for the request's end.</summary>
    /// <returns>Whether it has ended.</returns>
    internal bool HasEndedWithin(TimeSpan time) => ended.Wait(time);

    /// <summary>Sends a signal to the thread.</summary>
    internal void Send(int signal) => _ = CLibrary.PthreadKill(self, signal);

    /// <summary>Sends the signal that ends runs until the request ends: one that comes before it has begun is lost.</summary>
    internal void EndBySignals() => EndBySignals(KickSignal.Number);

    /// <summary>Sends a signal again and again until the request ends, and no longer than a request may take.</summary>
    internal void EndBySignals(int signal)
    {
        long start = Stopwatch.GetTimestamp();
        while (!ended.Wait(BetweenSignals) && Stopwatch.GetElapsedTime(start) < Patience)
        {
            Send(signal);
        }
    }

    public void Dispose()
    {
        EndBySignals();
        isForgotten.Set();
        if (thread.Join(Patience))
        {
            started.Dispose();
            ended.Dispose();
            isForgotten.Dispose();
        }
    }

    private static unsafe void BlockKick()
    {
        byte* set = stackalloc byte[SetBytes];
        _ = CLibrary.SigEmptySet(set);
        _ = CLibrary.SigAddSet(set, KickSignal.Number);
        _ = CLibrary.PthreadSigmask(Block, set, null);
    }
}
