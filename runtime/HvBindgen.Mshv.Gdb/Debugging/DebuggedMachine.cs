using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Gdb.Debugging;

/// <summary>A machine that stands and goes on as a debugger wants it.</summary>
/// <remarks>
/// Processors find breakpoints on their own threads, inside an exception handler. The first one pauses the whole machine; it stands when
/// every processor is between two instructions, and only then its registers and memory are touched.
/// </remarks>
internal sealed class DebuggedMachine : IExceptionHandler
{
    private const byte DebugVector = 1;
    private const byte BreakpointVector = 3;
    private const ulong TrapFlag = 1 << 8;
    private static readonly TimeSpan EndPoll = TimeSpan.FromMilliseconds(50);

    private readonly Machine machine;
    private readonly Partition partition;
    private readonly IExceptionHandler? others;
    private readonly Lock changing = new();
    private readonly bool[] isStepping;
    private readonly bool[] hadTrap;
    private readonly List<RunLoop> held = [];
    private readonly List<Stop> stops = [];
    private TaskCompletionSource<Stop> next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isAttached;
    private bool isPausing;
    private bool isPausedFromStart;

    internal DebuggedMachine(Machine machine, Partition partition, MachineHandlers handlers)
    {
        this.machine = machine;
        this.partition = partition;
        Processors = [.. machine.Loops.Select(loop => partition.FindVirtualProcessor(loop.VpIndex)
            ?? throw new ArgumentException($"The partition has no processor {loop.VpIndex}, which the machine runs.", nameof(partition)))];
        isStepping = new bool[Processors.Count];
        hadTrap = new bool[Processors.Count];
        Software = new SoftwareBreakpoints(partition.Memory);
        Hardware = new HardwareBreakpoints(Processors);
        Memory = new GuestVirtualMemory(partition.Memory);
        others = handlers.Exceptions;
        handlers.Exceptions = this;
    }

    internal IReadOnlyList<VirtualProcessor> Processors { get; }

    internal SoftwareBreakpoints Software { get; }

    internal HardwareBreakpoints Hardware { get; }

    internal GuestVirtualMemory Memory { get; }

    /// <summary>Whether exceptions can be intercepted: no message of arm64 tells of one.</summary>
    internal bool HasBreakpoints => partition.Architecture == GuestArchitecture.X64;

    public ExceptionAction OnException(uint vpIndex, in ExceptionIntercept exception)
    {
        int place = PlaceOf(vpIndex);
        if (!Volatile.Read(ref isAttached) || place < 0)
        {
            return Others(vpIndex, in exception);
        }

        switch (exception.Vector)
        {
            case BreakpointVector when IsOwn(Processors[place], in exception.Header):
                Note(new Stop(StopReason.SoftwareBreakpoint, vpIndex));
                return ExceptionAction.Retry;
            case DebugVector when Hardware.Hit(exception.Parameter) is { } watch:
                Note(new Stop(StopReason.HardwareBreakpoint, vpIndex, watch));
                return ExceptionAction.Retry;
            case DebugVector when isStepping[place]:
                Note(new Stop(StopReason.Step, vpIndex));
                return ExceptionAction.Retry;
            default:
                return Others(vpIndex, in exception);
        }
    }

    public bool OnStepped(uint vpIndex)
    {
        int place = PlaceOf(vpIndex);
        if (Volatile.Read(ref isAttached) && place >= 0 && isStepping[place])
        {
            Note(new Stop(StopReason.Step, vpIndex));
            return true;
        }

        return others?.OnStepped(vpIndex) ?? false;
    }

    /// <summary>Pauses a machine that has not been started, until a debugger lets it go.</summary>
    internal void PauseFromStart()
    {
        machine.Pause(freezeTime: false);
        isPausedFromStart = true;
    }

    /// <summary>A debugger has come: the machine stands.</summary>
    internal async Task<Stop> AttachAsync()
    {
        Task<Stop> stopped = next.Task;
        Interrupt();
        Stop stop = await stopped;
        Volatile.Write(ref isAttached, true);
        if (HasBreakpoints)
        {
            Intercept(Abi.Constants.HV_INTERCEPT_ACCESS_MASK_EXECUTE);
        }

        if (isPausedFromStart)
        {
            isPausedFromStart = false;
            machine.Resume();
        }

        return stop;
    }

    /// <summary>The debugger has gone: nothing of it is left, and the machine goes on.</summary>
    internal async Task DetachAsync()
    {
        Task<Stop> stopped = next.Task;
        Interrupt();
        try
        {
            _ = await stopped;
        }
        catch (HypervisorException)
        {
            // Whatever could not be read or written then, the machine is to go on.
        }

        lock (changing)
        {
            Volatile.Write(ref isAttached, false);
            stops.Clear();
            next = new TaskCompletionSource<Stop>(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                Software.RemoveAll();
                Hardware.RemoveAll();
                if (HasBreakpoints)
                {
                    Hardware.Apply();
                    Intercept(accessMask: 0);
                }
            }
            finally
            {
                isPausing = false;
                machine.Resume();
            }
        }
    }

    /// <summary>Makes the machine stand.</summary>
    internal void Interrupt() => Note(new Stop(StopReason.Interrupt, machine.Loops[0].VpIndex));

    /// <summary>Ends the machine.</summary>
    internal void End() => machine.RequestEnd();

    /// <summary>Lets the machine go on.</summary>
    /// <param name="plan">What each processor does, by its index.</param>
    /// <returns>Ends when the machine stands again, or has ended.</returns>
    internal Task<Stop> GoOn(Func<uint, ProcessorAction> plan)
    {
        lock (changing)
        {
            // What can come once more does so by itself; a step or a write that was watched does not.
            stops.RemoveAll(stop => stop.Reason is StopReason.Interrupt or StopReason.SoftwareBreakpoint
                || stop.Watch?.Kind == WatchKind.Execute);
            int missed = stops.FindIndex(stop => plan(stop.VpIndex) != ProcessorAction.Stay);
            if (missed >= 0)
            {
                Stop stop = stops[missed];
                stops.RemoveAt(missed);
                return Task.FromResult(stop);
            }

            if (HasBreakpoints)
            {
                Hardware.Apply();
            }

            for (int place = 0; place < Processors.Count; place++)
            {
                Prepare(place, plan(Processors[place].Index));
            }

            next = new TaskCompletionSource<Stop>(TaskCreationOptions.RunContinuationsAsynchronously);
            isPausing = false;
            machine.Resume();
            _ = WatchForEndAsync(next);
            return next.Task;
        }
    }

    private void Prepare(int place, ProcessorAction action)
    {
        if (action == ProcessorAction.Stay)
        {
            // It stands already: this is one more pause, which stays when the machine's ends.
            RunLoop loop = machine.Loops[place];
            loop.Pause();
            held.Add(loop);
        }
        else if (action == ProcessorAction.Step)
        {
            X64GeneralRegisters general = Processors[place].X64.General;
            hadTrap[place] = (general.Rflags & TrapFlag) != 0;
            Processors[place].Registers.Set(hv_register_name.HV_X64_REGISTER_RFLAGS, general.Rflags | TrapFlag);
            isStepping[place] = true;
        }
    }

    // On any thread; a processor's own stops before it enters the guest again.
    private void Note(in Stop stop)
    {
        lock (changing)
        {
            stops.Add(stop);
            if (!isPausing)
            {
                isPausing = true;
                _ = SettleAsync(machine.PauseAsync(), next);
            }
        }
    }

    private async Task SettleAsync(Task pausing, TaskCompletionSource<Stop> waiting)
    {
        try
        {
            try
            {
                await pausing;
            }
            catch (HypervisorException)
            {
                // Time goes on, but the processors stand.
                await machine.PauseAsync(freezeTime: false);
            }

            lock (changing)
            {
                EndSteps();
                Stop first = stops[0];
                stops.RemoveAt(0);
                _ = waiting.TrySetResult(first);
            }
        }
        catch (Exception exception)
        {
            _ = waiting.TrySetException(exception);
        }
    }

    private void EndSteps()
    {
        foreach (RunLoop loop in held)
        {
            loop.Resume();
        }

        held.Clear();
        for (int place = 0; place < Processors.Count; place++)
        {
            if (isStepping[place])
            {
                isStepping[place] = false;
                if (!hadTrap[place])
                {
                    ulong rflags = Processors[place].Registers.Get(hv_register_name.HV_X64_REGISTER_RFLAGS).reg64;
                    Processors[place].Registers.Set(hv_register_name.HV_X64_REGISTER_RFLAGS, rflags & ~TrapFlag);
                }
            }
        }
    }

    private async Task WatchForEndAsync(TaskCompletionSource<Stop> waiting)
    {
        while (!waiting.Task.IsCompleted)
        {
            if (EndOfMachine() is { } end)
            {
                _ = waiting.TrySetResult(new Stop(StopReason.End, End: end));
                return;
            }

            _ = await Task.WhenAny(waiting.Task, Task.Delay(EndPoll));
        }
    }

    private MachineResult? EndOfMachine()
    {
        try
        {
            return machine.WaitForEnd(TimeSpan.Zero);
        }
        catch (InvalidOperationException)
        {
            // It has not been started yet.
            return null;
        }
    }

    private bool IsOwn(VirtualProcessor processor, ref readonly hv_x64_intercept_message_header header)
    {
        ulong linear = unchecked(header.cs_segment.@base + header.rip);
        try
        {
            return GuestVirtualMemory.TryTranslate(processor, linear, out ulong gpa) && Software.Contains(gpa);
        }
        catch (HypervisorException)
        {
            return false;
        }
    }

    private ExceptionAction Others(uint vpIndex, in ExceptionIntercept exception) =>
        others?.OnException(vpIndex, in exception) ?? ExceptionAction.Deliver;

    private int PlaceOf(uint vpIndex)
    {
        for (int place = 0; place < Processors.Count; place++)
        {
            if (Processors[place].Index == vpIndex)
            {
                return place;
            }
        }

        return -1;
    }

    private void Intercept(int accessMask)
    {
        foreach (byte vector in (ReadOnlySpan<byte>)[DebugVector, BreakpointVector])
        {
            partition.Hypercalls.InstallIntercept(
                hv_intercept_type.HV_INTERCEPT_TYPE_EXCEPTION, accessMask, new hv_intercept_parameters { exception_vector = vector });
        }
    }
}
