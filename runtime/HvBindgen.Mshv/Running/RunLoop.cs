using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Diagnostics;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>Runs one virtual processor: enters the hypervisor, treats what the guest is intercepted for, and enters again.</summary>
/// <remarks>
/// <see cref="Run"/> is called on the processor's own thread; everything else may be called from any thread. Nothing is allocated
/// per exit.
/// </remarks>
public sealed class RunLoop
{
    private readonly IProcessor processor;
    private readonly BorrowedDescriptor descriptor;
    private readonly InterceptDispatcher dispatcher;
    private readonly ProgressGuard guard;
    private readonly ExitCounters counters;
    private readonly ThreadKick kick = new();
    private readonly ParkingPlace parking = new();
    private RunEnd requestedEnd;
    private Exception? fault;

    // Set only when a run ends: it is large, and an exit has no time for that.
    private RunResult result;

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
        dispatcher = processor.Architecture == GuestArchitecture.X64
            ? new X64Dispatcher(processor, handlers, options) { IsInterrupted = () => kick.Requests != KickRequests.None }
            : new Arm64Dispatcher(processor, handlers, options);
        guard = new ProgressGuard(options.MaxRepeats);
        counters = new ExitCounters(processor.Index);
    }

    /// <summary>Signals that kicks have taken so far.</summary>
    internal long SignalsSent => kick.SignalsSent;

    /// <summary>Exits so far, of all kinds.</summary>
    public long ExitCount => counters.Total;

    /// <summary>Runs the guest until it ends, something cannot be handled, or a stop is asked for.</summary>
    /// <param name="stop">Ends the run from any thread; it is over soon after, wherever the guest is.</param>
    /// <returns>Why it ended.</returns>
    /// <exception cref="InvalidOperationException">The processor is already run by another thread.</exception>
    /// <exception cref="ObjectDisposedException">The processor has been closed.</exception>
    public unsafe RunResult Run(CancellationToken stop = default)
    {
        parking.Begin();
        result = default;
        try
        {
            processor.Acquire();
            kick.Attach();
            MshvEvents.Log.RunStarted(processor.Index);
            using CancellationTokenRegistration cancellation = stop.UnsafeRegister(
                static loop => ((RunLoop)loop!).RequestEnd(RunEnd.Requested), this);
            hv_message message = default;
            bool ended = false;
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

            return result;
        }
        finally
        {
            MshvEvents.Log.RunEnded(processor.Index, result.End);
            kick.Clear(KickRequests.Stop);
            kick.Detach();
            processor.Release();
            parking.End();
        }
    }

    /// <summary>Makes the run end, from any thread; a handler may call it for a guest's reset or power-off.</summary>
    /// <param name="end">What the run's result will say.</param>
    public void RequestEnd(RunEnd end)
    {
        requestedEnd = end;
        kick.Request(KickRequests.Stop);
        parking.Wake();
    }

    /// <summary>Makes the processor stop between two instructions and waits until it has. Without effect on a processor that does not
    /// run.</summary>
    /// <exception cref="InvalidOperationException">Called by a handler on the processor's own thread, which would wait for
    /// itself.</exception>
    public void Pause()
    {
        BeginPause();
        parking.WaitUntilParked(kick);
    }

    /// <summary>Lets a paused processor go on.</summary>
    public void Resume()
    {
        kick.Clear(KickRequests.Pause);
        parking.Wake();
    }

    /// <summary>The time that the processor's guest sees.</summary>
    internal IGuestTime Time => processor.Time;

    internal bool IsPauseRequested => (kick.Requests & KickRequests.Pause) != 0;

    /// <summary>Takes back a wish to end that came when no run was in progress.</summary>
    internal void ForgetEndRequest() => kick.Clear(KickRequests.Stop);

    internal void BeginPause()
    {
        parking.ThrowIfOwnThread();
        kick.Request(KickRequests.Pause);
    }

    internal void WaitUntilPaused() => parking.WaitUntilParked(kick);

    private bool ObeyRequests()
    {
        if ((kick.Requests & KickRequests.Stop) != 0)
        {
            result = new RunResult { End = requestedEnd };
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
        switch (treatment)
        {
            case Treatment.Progressed:
                guard.Progressed();
                return false;
            case Treatment.Noticed:
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
            Detail = new HypervisorException("Running a virtual processor", errno).Message,
        };
        return true;
    }
}
