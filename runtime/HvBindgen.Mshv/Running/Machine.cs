using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Diagnostics;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>Runs all processors of a machine, each on a thread of its own, and ends them all when the first one ends.</summary>
/// <remarks>
/// All processors are started at once: those that the guest has not started yet wait inside the hypervisor for its start-up
/// interrupt. Members may be called from any thread.
/// </remarks>
public sealed class Machine : IDisposable
{
    private readonly RunLoop[] loops;
    private readonly Thread?[] threads;
    private readonly object changed = new();
    private readonly IGuestTime[] clocks;
    private readonly Lock timeLock = new();
    private readonly List<IDisposable> frozenTime = [];
    private int pauseCount;
    private MachineResult? result;
    private int runningCount;
    private int unendedCount; // reaches 0 before the other does: from then on the result is what it is
    private int endingCount;
    private bool isStarted;

    /// <summary>Makes a machine.</summary>
    /// <param name="loops">One run loop for each processor, in the order of their indexes.</param>
    public Machine(IEnumerable<RunLoop> loops)
    {
        ArgumentNullException.ThrowIfNull(loops);
        this.loops = [.. loops];
        ArgumentOutOfRangeException.ThrowIfZero(this.loops.Length, nameof(loops));
        threads = new Thread?[this.loops.Length];
        clocks = [.. this.loops.Select(loop => loop.Time).Distinct()];
    }

    /// <summary>The run loops, in the order of their processors' indexes.</summary>
    public IReadOnlyList<RunLoop> Loops => loops;

    /// <summary>Whether a processor still runs, or is paused.</summary>
    public bool IsRunning
    {
        get
        {
            lock (changed)
            {
                return runningCount > 0;
            }
        }
    }

    /// <summary>Starts the processors' threads.</summary>
    /// <exception cref="InvalidOperationException">The machine has been started before and still runs.</exception>
    public void Start()
    {
        lock (changed)
        {
            if (runningCount > 0)
            {
                throw new InvalidOperationException("The machine already runs. Stop it and wait for its end first.");
            }

            // Whoever ended the last run may still be telling processors that have ended already.
            while (endingCount > 0)
            {
                Monitor.Wait(changed);
            }

            foreach (RunLoop loop in loops)
            {
                loop.ForgetEndRequest();
            }

            isStarted = true;
            result = null;
            runningCount = unendedCount = loops.Length;
        }

        for (int i = 0; i < loops.Length; i++)
        {
            int index = i;
            Thread thread = new(() => RunProcessor(index)) { IsBackground = true, Name = $"vp {index}" };
            threads[i] = thread;
            thread.Start();
        }
    }

    /// <summary>Stops all processors between two instructions, and returns when all have stopped. Pauses count: the machine goes on when
    /// each has been followed by a <see cref="Resume"/>.</summary>
    /// <param name="freezeTime">
    /// Whether the partition's clocks and timers stand still until <see cref="Resume"/>, so that the guest does not notice how long
    /// it was away. Without it interrupts of timers pile up, and a guest that was paused for long takes its processors for hung.
    /// </param>
    /// <exception cref="InvalidOperationException">Called by a handler or by posted work, which would wait for itself or for another that
    /// waits for it; <see cref="PauseAsync"/> is for these. Nothing is paused then.</exception>
    /// <exception cref="HypervisorException">The hypervisor refused to freeze time. The pause has been taken back.</exception>
    public void Pause(bool freezeTime = true)
    {
        RunLoop.RefuseOnProcessorThread();
        BeginPause();
        FinishPause(freezeTime);
    }

    /// <summary>Asks all processors to stop between two instructions, from wherever: a handler may call it, and then has to return without
    /// waiting for the task, because its own processor stops only after that.</summary>
    /// <param name="freezeTime">Whether the partition's clocks and timers stand still until <see cref="Resume"/>.</param>
    /// <returns>Ends on another thread when all have stopped; from there the machine can be looked at, saved and resumed. Faults with
    /// <see cref="HypervisorException"/> when the hypervisor refused to freeze time; the pause has been taken back then.</returns>
    public Task PauseAsync(bool freezeTime = true)
    {
        BeginPause();
        return Task.Factory.StartNew(
            () => FinishPause(freezeTime), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Takes a pause back; with the last one time and processors go on. Without effect when the machine is not paused.</summary>
    /// <exception cref="HypervisorException">The hypervisor refused to let time go on; the machine is still paused.</exception>
    public void Resume()
    {
        lock (timeLock)
        {
            if (pauseCount == 0)
            {
                return;
            }

            if (pauseCount == 1)
            {
                ThawTime();
            }

            pauseCount--;
            foreach (RunLoop loop in loops)
            {
                loop.Resume();
            }
        }
    }

    /// <summary>Makes the machine end; does not wait. Handlers may call it for a guest's reset or power-off.</summary>
    /// <param name="end">What the result will say. Of several ends the first counts that is not <see cref="RunEnd.Requested"/>, those of
    /// processors by themselves included: who stops a guest that switches itself off hears that it did.</param>
    public void RequestEnd(RunEnd end = RunEnd.Requested) => EndAs(new MachineResult(null, new RunResult { End = end }));

    /// <summary>Waits for the machine's end.</summary>
    /// <param name="timeout">How long at most; null for as long as it takes.</param>
    /// <returns>Why it ended, or null when the time was over first.</returns>
    /// <exception cref="InvalidOperationException">The machine has not been started; or a handler of it, or work that was posted to it,
    /// would wait without a timeout for an end that cannot come before it returns.</exception>
    public MachineResult? WaitForEnd(TimeSpan? timeout = null)
    {
        if (timeout is null && OwnLoop is { } own)
        {
            throw new InvalidOperationException(
                $"This thread runs virtual processor {own.VpIndex} of the machine, which does not end before the handler returns: ask for "
                    + "the end with RequestEnd, and return.");
        }

        long deadline = timeout is { } time ? Environment.TickCount64 + (long)time.TotalMilliseconds : long.MaxValue;
        lock (changed)
        {
            if (!isStarted)
            {
                throw new InvalidOperationException("The machine has not been started.");
            }

            while (runningCount > 0)
            {
                long left = deadline - Environment.TickCount64;
                if (left <= 0)
                {
                    return null;
                }

                Monitor.Wait(changed, (int)Math.Min(left, int.MaxValue));
            }

            return result;
        }
    }

    /// <summary>Runs the machine until it ends.</summary>
    /// <param name="stop">Ends it from any thread.</param>
    /// <returns>Why it ended.</returns>
    public MachineResult Run(CancellationToken stop = default)
    {
        Start();
        using CancellationTokenRegistration cancellation =
            stop.UnsafeRegister(static machine => ((Machine)machine!).RequestEnd(RunEnd.Requested), this);
        return WaitForEnd()!.Value;
    }

    /// <summary>Stops the processors, waits for their threads and lets time go on if it was frozen. The processors and their
    /// partition belong to the caller. A handler of the machine does not wait: the processors end when their handlers return.</summary>
    public void Dispose()
    {
        bool wasStarted;
        lock (changed)
        {
            wasStarted = isStarted;
        }

        if (wasStarted)
        {
            RequestEnd();

            // Two handlers that waited would wait for each other.
            if (OwnLoop is null)
            {
                foreach (Thread? thread in threads)
                {
                    thread?.Join();
                }
            }
        }

        lock (timeLock)
        {
            ThawTime();
        }
    }

    // The loop of this machine that the calling thread runs.
    private RunLoop? OwnLoop => RunLoop.Current is { } current && loops.Contains(current) ? current : null;

    // All are asked before the first is waited for, so that they stop at nearly the same time.
    private void BeginPause()
    {
        // A resume of another pause meanwhile would let some of them go on. What is waited for here are returns from the kernel alone.
        lock (timeLock)
        {
            pauseCount++;
            foreach (RunLoop loop in loops)
            {
                loop.BeginPause();
            }
        }
    }

    private void FinishPause(bool freezeTime)
    {
        foreach (RunLoop loop in loops)
        {
            loop.WaitUntilPaused();
        }

        try
        {
            lock (timeLock)
            {
                // Somebody may have resumed the machine already, once too often.
                if (freezeTime && frozenTime.Count == 0 && pauseCount > 0)
                {
                    foreach (IGuestTime clock in clocks)
                    {
                        frozenTime.Add(clock.Freeze());
                    }
                }
            }
        }
        catch
        {
            Resume();
            throw;
        }
    }

    private void ThawTime()
    {
        while (frozenTime.Count > 0)
        {
            IDisposable last = frozenTime[^1];
            frozenTime.RemoveAt(frozenTime.Count - 1);
            last.Dispose();
        }
    }

    private void RunProcessor(int index)
    {
        RunResult end;
        try
        {
            end = loops[index].Run();
        }
        catch (Exception exception)
        {
            // Nobody waits for this thread's exceptions; they are the machine's end.
            end = new RunResult { End = RunEnd.DeviceFault, Fault = exception };
        }

        EndAs(new MachineResult(index, end));
        RunEnd? ended;
        lock (changed)
        {
            unendedCount--;
            ended = unendedCount == 0 ? result?.Result.End : null;
        }

        if (ended is { } reason)
        {
            MshvEvents.Log.MachineEnded(reason);
        }

        lock (changed)
        {
            runningCount--;
            Monitor.PulseAll(changed);
        }
    }

    private void EndAs(MachineResult end)
    {
        lock (changed)
        {
            // The first reason counts, for the others' ends follow from it; that somebody asked is none yet.
            bool isFirst = result is null;
            if (unendedCount == 0 || result is { Result.End: not RunEnd.Requested } || (!isFirst && end.Result.End == RunEnd.Requested))
            {
                return;
            }

            result = end;
            if (!isFirst)
            {
                return; // all have been told
            }

            endingCount++;
        }

        foreach (RunLoop loop in loops)
        {
            loop.RequestEnd(RunEnd.Requested);
        }

        lock (changed)
        {
            endingCount--;
            Monitor.PulseAll(changed);
        }
    }
}
