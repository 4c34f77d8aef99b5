using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Who may use a processor's engine: a run, or whoever looks at the processor and stops the run for it.</summary>
internal sealed class EngineGate(IProcessorEngine engine, PublishedRegisters page)
{
    private static readonly TimeSpan KickInterval = TimeSpan.FromMilliseconds(1);

    private readonly Lock engineLock = new();
    private readonly Lock runnerLock = new();
    private nint runner;
    private int accessors;

    /// <summary>Gets the processor out of a run in progress, which then ends as if by a signal. From any thread.</summary>
    internal void Interrupt()
    {
        lock (runnerLock)
        {
            if (runner != 0)
            {
                engine.Interrupt();
                _ = KickSignal.TrySend(runner);
            }
        }
    }

    /// <summary>Keeps the engine for a run of this thread, until the result is disposed.</summary>
    internal Entry Enter() => new(this);

    /// <summary>Keeps the processor stopped, for access to its state, until the result is disposed.</summary>
    internal Stop StopForAccess() => new(this);

    private void AbsorbPage() => page.Absorb();

    private void SetRunner(nint thread)
    {
        lock (runnerLock)
        {
            runner = thread;
        }
    }

    /// <summary>A run.</summary>
    internal readonly ref struct Entry
    {
        private readonly EngineGate gate;

        internal Entry(EngineGate gate)
        {
            this.gate = gate;

            // Whoever waits to look at the processor comes first.
            while (Volatile.Read(ref gate.accessors) != 0)
            {
                Thread.Sleep(0);
            }

            gate.engineLock.Enter();
            gate.SetRunner(KickSignal.CurrentThread());
        }

        /// <summary>The run is over: from now on it cannot be interrupted any more.</summary>
        internal void Leave() => gate.SetRunner(0);

        internal void Dispose() => gate.engineLock.Exit();
    }

    /// <summary>A processor kept stopped.</summary>
    internal readonly ref struct Stop
    {
        private readonly EngineGate gate;

        internal Stop(EngineGate gate)
        {
            this.gate = gate;
            _ = Interlocked.Increment(ref gate.accessors);

            // The signal may come just before the runner blocks: it is sent until the runner has left.
            while (!gate.engineLock.TryEnter(KickInterval))
            {
                gate.Interrupt();
            }

            _ = Interlocked.Decrement(ref gate.accessors);
            gate.AbsorbPage();
        }

        internal void Dispose() => gate.engineLock.Exit();
    }
}
