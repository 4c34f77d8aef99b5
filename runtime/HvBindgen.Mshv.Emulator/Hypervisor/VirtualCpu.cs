using System.Diagnostics;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>A virtual processor as the hypervisor knows it.</summary>
internal sealed unsafe class VirtualCpu : IDisposable
{
    private readonly VirtualPartition partition;
    private readonly EngineGate gate;
    private readonly RunStatus status = new();
    private readonly PublishedRegisters page;
    private readonly SyntheticRegisters synthetic;
    private readonly InterceptMessages messages;
    private readonly GuestHypercalls hypercalls;

    private VirtualCpu(VirtualPartition partition, uint index, IProcessorEngine engine, SharedPages pages, HostEvent startup)
    {
        this.partition = partition;
        Index = index;
        Engine = engine;
        Pages = pages;
        SyntheticState syntheticState = new();
        page = new PublishedRegisters(pages.Registers, engine.State, engine.Stored);
        gate = new EngineGate(engine, page);
        Synic = new SyntheticInterrupts(index, partition, syntheticState, status);
        Timers = new SyntheticTimers(index, partition, syntheticState, Synic);
        synthetic = new SyntheticRegisters(index, partition, engine, status, syntheticState, Timers);
        messages = new InterceptMessages(index, engine.State, engine.Stored, partition.Memory.Map);
        hypercalls = new GuestHypercalls(partition, engine, new GuestCalls(index, partition, synthetic));
        Cpuid = new ProcessorCpuid(partition, index, engine);
        Startup = new ProcessorStartup(partition, index, engine, startup);
        Lines = new InterruptLines(index, partition.Interrupts, engine, gate);
        Components = new ProcessorComponents(partition, gate, engine.Stored, syntheticState, Timers, Cpuid);
        Registers = new RegisterFile(
            new MsrRegisters(engine.Stored, partition.ReferencePage),
            new GeneralRegisters(engine.State),
            new SuspensionRegisters(status, Startup),
            new EventRegisters(engine.State, partition.Host.Refusals),
            new FloatingPointRegisters(engine.Stored, page),
            synthetic);
    }

    internal uint Index { get; }

    internal IProcessorEngine Engine { get; }

    internal SharedPages Pages { get; }

    internal RegisterFile Registers { get; }

    internal ProcessorComponents Components { get; }

    internal ProcessorCpuid Cpuid { get; }

    internal ProcessorStartup Startup { get; }

    internal InterruptLines Lines { get; }

    /// <summary>Why the engine could not go on in the last run; null where it could.</summary>
    internal string? FailureOfRun { get; private set; }

    internal SyntheticInterrupts Synic { get; }

    internal SyntheticTimers Timers { get; }

    /// <summary>Creates a processor, which takes its pages over.</summary>
    /// <returns>An error number, 0 if none; after an error there is nothing of it, and the same may be tried again.</returns>
    internal static int Create(VirtualPartition partition, uint index, SharedPages pages, out VirtualCpu? processor)
    {
        processor = null;
        int errno = HostEvent.Create(isSet: false, out HostEvent? startup);
        if (startup is null)
        {
            pages.Dispose();
            return errno;
        }

        // Last, for an engine does not take a processor back.
        errno = partition.Engine.CreateProcessor(index, partition.Memory.Map, out IProcessorEngine? engine);
        if (engine is null)
        {
            startup.Dispose();
            pages.Dispose();
            return errno;
        }

        processor = new VirtualCpu(partition, index, engine, pages, startup);

        // The first processor starts by itself; without APICs the client starts them all.
        if (index != 0 && partition.Options.HasApic)
        {
            processor.Startup.Activity = ProcessorActivity.WaitingForStartup;
        }

        return 0;
    }

    public void Dispose()
    {
        Engine.Dispose();
        Pages.Dispose();
        Startup.Dispose();
    }

    /// <summary>Gets the processor out of a run in progress, which then ends as if by a signal. From any thread.</summary>
    internal void Interrupt() => gate.Interrupt();

    /// <summary>Keeps the processor stopped, for access to its state, until the result is disposed.</summary>
    internal EngineGate.Stop StopForAccess() => gate.StopForAccess();

    /// <summary>Registers were set by name: the page follows. The caller keeps the processor stopped.</summary>
    internal void RefreshRegisterPage() => page.Refresh();

    /// <summary>Time goes on from where it stood.</summary>
    internal void RefreshReferencePage()
    {
        if (partition.ReferencePage.IsEnabled)
        {
            using EngineGate.Stop stop = StopForAccess();
            partition.ReferencePage.Write(Engine.Stored);
        }
    }

    /// <summary>The client maps the register page.</summary>
    internal void OnRegisterPageMapped()
    {
        using EngineGate.Stop stop = StopForAccess();
        page.OnMapped();
    }

    /// <summary>Runs until an intercept, whatever kept the processor suspended; a signal suspends it again.</summary>
    /// <param name="message">The intercept's message.</param>
    /// <returns>An error number, 0 if there is a message.</returns>
    internal int Run(out hv_message message)
    {
        using EngineGate.Entry entry = gate.Enter();
        status.IsExplicitlySuspended = false;
        int errno = Run(in entry, out message);
        status.IsExplicitlySuspended = errno == Errno.EINTR;
        return errno;
    }

    /// <summary>Runs, if nothing keeps the processor suspended, until an intercept, whose message is then in its page, or until somebody
    /// looks at the processor. One that cannot go on has run into an unrecoverable exception.</summary>
    /// <param name="hasMessage">Whether there is a message.</param>
    /// <returns>Whether it ran.</returns>
    internal bool TryRun(out bool hasMessage)
    {
        using EngineGate.Entry entry = gate.Enter();
        hasMessage = false;
        if (status.IsExplicitlySuspended || status.IsInterceptSuspended)
        {
            entry.Leave();
            return false;
        }

        // Memory comes page by page: the first instructions are met before their pages are.
        page.Absorb();
        if (!Startup.IsSleeping && Engine.FindUnbackedCode() is { } unbacked)
        {
            messages.Build(unbacked, out *Pages.Message);
            status.IsInterceptSuspended = true;
            hasMessage = true;
            entry.Leave();
            return true;
        }

        int errno = Run(in entry, out hv_message message);
        hasMessage = errno != Errno.EINTR;
        if (hasMessage && errno != 0)
        {
            messages.Build(ShutdownExit.Instance, out message);
            status.IsInterceptSuspended = true;
        }

        if (hasMessage)
        {
            *Pages.Message = message;
        }

        return true;
    }

    private int Run(ref readonly EngineGate.Entry entry, out hv_message message)
    {
        long start = Stopwatch.GetTimestamp();
        status.BeginRun(partition.Engine.Clock.ReferenceTime);
        page.Absorb();
        status.IsInterceptSuspended = false;
        FailureOfRun = null;
        page.Invalidate();
        int errno = RunUntilExit(out message);
        status.IsInterceptSuspended = errno == 0;
        entry.Leave();
        RunStatistics statistics = partition.Host.Statistics;
        long pageStart = statistics.Start();
        page.Publish();
        statistics.AddRegisterPage(pageStart);
        status.EndRun(partition.Engine.Clock.ReferenceTime);
        statistics.AddRun(pageStart == 0 ? 0 : start);
        return errno;
    }

    private int RunUntilExit(out hv_message message)
    {
        message = default;
        while (true)
        {
            if (!partition.Freeze.WaitUntilThawed())
            {
                return Errno.EINTR;
            }

            Cpuid.Apply();
            if (Synic.TakeFreeSints() is not 0 and ushort sints)
            {
                messages.BuildSintDeliverable(sints, out message);
                return 0;
            }

            if (Startup.IsAwaited && !Startup.Wait())
            {
                return Errno.EINTR;
            }

            bool isExternalWaiting = Lines.DeliverExternal();
            Engine.RequestInterruptWindow = isExternalWaiting || status.DeliverabilityNotifications.interrupt_notification != 0;
            ProcessorExit? exit = Engine.Run();
            if (partition.HasWaitingProcessor)
            {
                Startup.Forward();
            }

            if (exit is HypercallExit call)
            {
                exit = hypercalls.Answer(call);
            }

            switch (exit)
            {
                case null:
                    continue;
                case InterruptedExit:
                    return Errno.EINTR;
                case FailedExit failed:
                    FailureOfRun = failed.Reason;
                    partition.Host.Refusals.Report($"VP {Index}: {failed.Reason}");
                    return failed.Errno;
                case MsrExit msr when !IsForClient(msr):
                case ApicEoiExit eoi when partition.Interrupts.NotifyEnd(Index, eoi.Vector):
                    continue;
                case MemoryExit access when partition.Memory.TryFaultIn(access.Gpa, access.Access):
                    continue;
                case InterruptWindowExit when status.DeliverabilityNotifications.interrupt_notification == 0:
                    continue;
                case InterruptWindowExit:
                    status.DeliverabilityNotifications.interrupt_notification = 0;
                    goto default;
                default:
                    messages.Build(exit, out message);
                    return 0;
            }
        }
    }

    // Whether the client answers the access; otherwise it has been answered here.
    private bool IsForClient(MsrExit exit)
    {
        if (exit.IsIntercepted)
        {
            Engine.AbandonMsr();
            return true;
        }

        hv_register_value value = new() { reg64 = exit.Value };
        if (SyntheticRegisters.OfMsr(exit.Index) is { } name)
        {
            int? answer = exit.IsWrite ? synthetic.SetByGuest(name, in value) : synthetic.Get(name, ref value);
            Engine.AnswerMsr(value.reg64, answer != Hv.HV_STATUS_SUCCESS);
        }
        else
        {
            hv_unimplemented_msr_action action = partition.Properties.UnimplementedMsrAction;
            Engine.AnswerMsr(0, faults: action == hv_unimplemented_msr_action.HV_UNIMPLEMENTED_MSR_ACTION_FAULT);
        }

        return false;
    }
}
