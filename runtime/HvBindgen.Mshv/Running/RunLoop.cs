using System.Collections.Concurrent;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Diagnostics;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>Runs one virtual processor: enters the hypervisor, treats what the guest is intercepted for, and enters again.</summary>
/// <remarks>
/// <para><see cref="Run"/> is called on the processor's own thread; everything else may be called from any thread, by handlers too, but
/// for <see cref="Pause"/>. Nothing is allocated per exit.</para>
/// <para>A handler that waits does so with <see cref="Interrupted"/>. When it throws <see cref="OperationCanceledException"/> then, nothing
/// of the access is carried out, and the guest makes it again after what was asked. A handler that sets its processor's instruction
/// pointer, as a reset does, thereby calls off the instruction that it was called for.</para>
/// </remarks>
public sealed class RunLoop
{
    // The loop that runs on this thread.
    [ThreadStatic]
    private static RunLoop? OnThisThread;

    private readonly IProcessor processor;
    private readonly BorrowedDescriptor descriptor;
    private readonly InterceptDispatcher dispatcher;
    private readonly ProgressGuard guard;
    private readonly ExitCounters counters;
    private readonly Redirection redirection;
    private readonly ThreadKick kick = new();
    private readonly ParkingPlace parking = new();
    private readonly Interruption interruption;
    private readonly ConcurrentQueue<Action> work = new();
    private readonly EndRequest ending;
    private readonly Lock pausing = new();
    private int pauseCount;
    private Exception? fault;

    // Set only when a run ends: it is large, and an exit has no time for that.
    private RunResult result;

    // A message that is treated once more, when what is asked of the thread has been done.
    private hv_message postponed;
    private bool hasPostponed;

    /// <summary>Makes a loop for a processor.</summary>
    /// <param name="processor">The processor. The caller disposes it; a run in progress keeps it open until it returns.</param>
    /// <param name="handlers">Devices, and who answers what else is intercepted.</param>
    /// <param name="options">Policies; null for the defaults.</param>
    public RunLoop(VirtualProcessor processor, MachineHandlers handlers, RunOptions? options = null)
        : this((IProcessor)processor, handlers, options)
    {
    }

    internal RunLoop(IProcessor processor, MachineHandlers handlers, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(processor);
        ArgumentNullException.ThrowIfNull(handlers);
        options ??= new RunOptions();
        this.processor = processor;
        descriptor = processor.Descriptor;
        interruption = new Interruption(kick);
        ending = new EndRequest(kick);
        redirection = processor.Redirection;
        dispatcher = processor.Architecture == GuestArchitecture.X64
            ? new X64Dispatcher(processor, handlers, options)
            {
                IsInterrupted = () => kick.Requests != KickRequests.None || redirection.IsSet,
                Interruption = interruption,
            }
            : new Arm64Dispatcher(processor, handlers, options);
        guard = new ProgressGuard(options.MaxRepeats);
        counters = new ExitCounters(processor.Index);
    }

    /// <summary>Signals that kicks have taken so far.</summary>
    internal long SignalsSent => kick.SignalsSent;

    /// <summary>What nobody took and <see cref="UnclaimedAccess.AsHardware"/> answered, by place, in the order of the first access; the
    /// first 64 places. While a machine is being written, this is what it lacks.</summary>
    public IReadOnlyList<UnclaimedEntry> Unclaimed => dispatcher.Unclaimed.Entries;

    /// <summary>How many such accesses there were, at whatever place.</summary>
    public long UnclaimedCount => dispatcher.Unclaimed.Total;

    /// <summary>Exits so far, of all kinds.</summary>
    public long ExitCount => counters.Total;

    /// <summary>The loop whose handler, or whose posted work, the calling thread is in; null on any other thread.</summary>
    public static RunLoop? Current => OnThisThread;

    /// <summary>Index of the processor within its partition.</summary>
    public uint VpIndex => processor.Index;

    /// <summary>Cancelled when something is asked of the processor's thread: an end, a pause or work. Handlers that wait take it anew for
    /// each wait.</summary>
    /// <exception cref="InvalidOperationException">The calling thread is not the one that runs the processor.</exception>
    public CancellationToken Interrupted => OnThisThread == this
        ? interruption.Token
        : throw new InvalidOperationException("The token is for handlers on the thread that runs the processor.");

    /// <summary>Runs the guest until it ends, something cannot be handled, or a stop is asked for.</summary>
    /// <param name="stop">Ends the run from any thread; it is over soon after, wherever the guest is.</param>
    /// <returns>Why it ended.</returns>
    /// <exception cref="InvalidOperationException">The processor is already run by another thread.</exception>
    /// <exception cref="ObjectDisposedException">The processor has been closed.</exception>
    public unsafe RunResult Run(CancellationToken stop = default)
    {
        parking.Begin();
        result = default;
        RunLoop? outer = OnThisThread;
        OnThisThread = this;
        bool isAcquired = false;
        try
        {
            processor.Acquire();
            isAcquired = true;
            kick.Attach();
            MshvEvents.Log.RunStarted(processor.Index);
            using CancellationTokenRegistration cancellation = stop.UnsafeRegister(
                static loop => ((RunLoop)loop!).RequestEnd(RunEnd.Requested), this);
            hv_message message = default;
            bool ended = hasPostponed && TreatPostponed();
            while (!ended)
            {
                if (!kick.TryEnter())
                {
                    ended = ObeyRequests();
                    continue;
                }

                // hv_message and mshv_run_vp are both the 256 bytes that the driver writes.
                IoctlResult run = VpIoctls.MSHV_RUN_VP(descriptor, (mshv_run_vp*)&message);
                kick.Leave();
                ended = run.IsSuccess ? Treat(in message) : EndsRun(run.Errno);
            }

            return dispatcher.Unclaimed.Total == 0 ? result : result with { Unclaimed = dispatcher.Unclaimed.Entries };
        }
        finally
        {
            MshvEvents.Log.RunEnded(processor.Index, result.End);
            ending.Forget();
            kick.Detach();

            // Who was refused has nothing to give back: a handler that runs its processor once more is on the thread that has it.
            if (isAcquired)
            {
                processor.Release();
            }

            OnThisThread = outer;
            parking.End();
        }
    }

    /// <summary>Makes the run end, from any thread; a handler may call it for a guest's reset or power-off.</summary>
    /// <param name="end">What the run's result will say. Of several ends the first counts that is not <see cref="RunEnd.Requested"/>: who
    /// stops a guest that switches itself off hears that it did.</param>
    public void RequestEnd(RunEnd end)
    {
        ending.Make(end);
        Urge(KickRequests.Stop);
        parking.Wake();
    }

    /// <summary>Has work done on the processor's thread, between two exits, when the guest's registers may be read and written. Does not
    /// wait for it.</summary>
    /// <param name="work">
    /// The work. Posted by a handler it is done when the handler's exit has been treated, with its registers written. Posted while the
    /// processor is paused it is done after the pause, posted while it does not run, when it runs next. An exception ends the
    /// run as <see cref="RunEnd.DeviceFault"/>. Work that posts itself each time keeps the guest from running, but no end or pause.
    /// </param>
    public void Post(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        this.work.Enqueue(work);
        kick.Mark(KickRequests.Work);
        Urge(KickRequests.Work);
    }

    /// <summary>Makes the processor stop between two instructions and waits until it has. One that does not run stays paused when it is
    /// run.</summary>
    /// <remarks>Pauses count: the processor goes on when each has been followed by a <see cref="Resume"/>.</remarks>
    /// <exception cref="InvalidOperationException">Called by a handler or by posted work, of whichever processor: two that pause each other
    /// would wait for ever.</exception>
    public void Pause()
    {
        RefuseOnProcessorThread();
        BeginPause();
        parking.WaitUntilParked(kick);
    }

    /// <summary>Takes a pause back; with the last one the processor goes on. Without effect when it is not paused.</summary>
    public void Resume()
    {
        lock (pausing)
        {
            pauseCount = Math.Max(pauseCount - 1, 0);
            if (pauseCount == 0)
            {
                kick.Clear(KickRequests.Pause);
            }
        }

        parking.Wake();
    }

    /// <summary>The time that the processor's guest sees.</summary>
    internal IGuestTime Time => processor.Time;

    /// <summary>Takes back a wish to end that came when no run was in progress.</summary>
    internal void ForgetEndRequest() => ending.Forget();

    /// <summary>Asks for a pause without waiting for it.</summary>
    internal void BeginPause()
    {
        lock (pausing)
        {
            pauseCount++;
            kick.Mark(KickRequests.Pause);
        }

        Urge(KickRequests.Pause);
    }

    internal void WaitUntilPaused() => parking.WaitUntilParked(kick);

    /// <summary>Refuses to wait for processors on a thread that runs one.</summary>
    internal static void RefuseOnProcessorThread()
    {
        if (OnThisThread is { } loop)
        {
            throw new InvalidOperationException(
                $"This thread runs virtual processor {loop.VpIndex}, and cannot wait for processors to pause: two handlers that pause each "
                    + "other's would wait for ever. Pause from another thread, or ask for it with Machine.PauseAsync and return.");
        }
    }

    // What has been asked of the processor's thread shall reach it.
    private void Urge(KickRequests request)
    {
        interruption.Cancel();
        kick.Push(request);
    }

    // Work comes first, so that what was posted before an end is done before it.
    private bool ObeyRequests()
    {
        bool ended = (kick.Requests & KickRequests.Work) != 0 && DoWork();
        ended = ended || ObeyStopAndPause();
        interruption.Renew();
        return ended || (hasPostponed && kick.Requests == KickRequests.None && TreatPostponed());
    }

    private bool DoWork()
    {
        kick.Clear(KickRequests.Work);

        // What work posts is done after ends and pauses have been looked at: it may post itself.
        for (int count = work.Count; count > 0 && work.TryDequeue(out Action? next); count--)
        {
            try
            {
                next();
            }
            catch (Exception exception) when (exception is not SystemCallsException)
            {
                if (!work.IsEmpty)
                {
                    kick.Mark(KickRequests.Work);
                }

                result = new RunResult { End = RunEnd.DeviceFault, Detail = "posted work failed", Fault = exception };
                return true;
            }
        }

        return false;
    }

    // Void where the processor has been sent elsewhere meanwhile.
    private bool TreatPostponed()
    {
        hasPostponed = false;
        if (redirection.IsSet)
        {
            return false;
        }

        hv_message message = postponed;
        return Ends(TryDispatch(in message), in message);
    }

    private bool ObeyStopAndPause()
    {
        if ((kick.Requests & KickRequests.Stop) != 0)
        {
            result = new RunResult { End = ending.End };
            return true;
        }

        if ((kick.Requests & KickRequests.Pause) != 0)
        {
            // Meanwhile others may look at the processor, save its state, or close it.
            processor.Release();
            parking.Park(kick);
            processor.Acquire();
        }

        return false;
    }

    private bool Treat(ref readonly hv_message message)
    {
        long started = counters.Begin();
        Treatment treatment = TryDispatch(in message);
        counters.End((hv_message_type)message.header.message_type, started);
        return Ends(treatment, in message);
    }

    private bool Ends(Treatment treatment, ref readonly hv_message message)
    {
        switch (treatment)
        {
            case Treatment.Progressed:
                guard.Progressed();
                return false;
            case Treatment.Noticed:
                return false;
            case Treatment.Postponed:
                postponed = message;
                hasPostponed = true;
                return false;
            case Treatment.Retried when guard.MayRetry(in message):
                return false;
            case Treatment.Retried:
                guard.Progressed();
                result = new RunResult { End = RunEnd.NoProgress, Message = message };
                return true;
            default:
                guard.Progressed();
                result = fault is null
                    ? dispatcher.Result with { Message = message }
                    : new RunResult { End = RunEnd.DeviceFault, Message = message, Fault = fault };
                return true;
        }
    }

    private Treatment TryDispatch(ref readonly hv_message message)
    {
        fault = null;
        try
        {
            return dispatcher.Dispatch(in message);
        }
        catch (OperationCanceledException) when (kick.Requests != KickRequests.None)
        {
            return Treatment.Postponed;
        }
        catch (Exception exception) when (exception is not SystemCallsException)
        {
            // A handler is anyone's code; its fault ends this run, not the program.
            fault = exception;
            return Treatment.Ended;
        }
    }

    // Interrupted: kicked, or for no reason of ours. Requests are looked at in any case.
    private bool EndsRun(int errno)
    {
        if (errno is Errno.EINTR or Errno.EAGAIN)
        {
            return false;
        }

        if (descriptor.SystemCalls.IsEndOfRecording(errno))
        {
            result = new RunResult { End = RunEnd.EndOfRecording };
            return true;
        }

        result = new RunResult
        {
            End = RunEnd.Refused,
            Errno = errno,
            Detail = new HypervisorException("Running a virtual processor", errno, descriptor.ExplainFailedRun()).Message,
        };
        return true;
    }
}
