using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>A virtual processor as the hypervisor knows it.</summary>
internal sealed partial class VirtualCpu : IDisposable
{
    private readonly Lock engineLock = new();
    private bool isCpuidStale = true;

    private VirtualCpu(VirtualPartition partition, uint index, IProcessorEngine engine, SharedPages pages)
    {
        Partition = partition;
        Index = index;
        Engine = engine;
        Pages = pages;
    }

    internal VirtualPartition Partition { get; }

    internal uint Index { get; }

    internal IProcessorEngine Engine { get; }

    internal ProcessorState State => Engine.State;

    internal SharedPages Pages { get; }

    /// <summary>Whether the client has stopped the processor: it entered no run, or a signal ended the last one.</summary>
    internal bool IsExplicitlySuspended { get; set; } = true;

    /// <summary>Whether the processor waits for the client to answer an intercept.</summary>
    internal bool IsInterceptSuspended { get; set; }

    /// <summary>What the client wants to hear of: windows for interrupts, free message slots.</summary>
    internal ulong DeliverabilityNotifications { get; set; }

    internal static VirtualCpu? Create(VirtualPartition partition, uint index, IProcessorEngine engine, out int errno)
    {
        errno = SharedPages.Create(out SharedPages? pages);
        if (pages is null)
        {
            engine.Dispose();
            return null;
        }

        return new VirtualCpu(partition, index, engine, pages);
    }

    public void Dispose()
    {
        Engine.Dispose();
        Pages.Dispose();
    }

    /// <summary>Makes a run look again whether it may go on. May be called from any thread.</summary>
    internal void Interrupt() => Engine.Interrupt();

    /// <summary>CPUID changed: it goes in before the next run.</summary>
    internal void InvalidateCpuid() => isCpuidStale = true;

    /// <summary>Runs until an intercept.</summary>
    /// <param name="message">The intercept's message.</param>
    /// <returns>An error number, 0 if there is a message.</returns>
    internal int Run(out hv_message message)
    {
        lock (engineLock)
        {
            AbsorbRegisterPage();
            IsInterceptSuspended = false;
            IsExplicitlySuspended = false;
            InvalidateRegisterPage();
            int errno = RunLocked(out message);
            IsInterceptSuspended = errno == 0;
            IsExplicitlySuspended = errno == Errno.EINTR;
            PublishRegisterPage();
            return errno;
        }
    }

    /// <summary>Keeps the processor stopped, for access to its state, until the result is disposed.</summary>
    internal Stop StopForAccess() => new(this);

    /// <summary>A processor kept stopped.</summary>
    internal readonly ref struct Stop
    {
        private readonly VirtualCpu processor;

        internal Stop(VirtualCpu processor)
        {
            this.processor = processor;
            processor.engineLock.Enter();
            processor.AbsorbRegisterPage();
        }

        public void Dispose() => processor.engineLock.Exit();
    }

    private int RunLocked(out hv_message message)
    {
        message = default;
        while (true)
        {
            if (!Partition.WaitUntilThawed())
            {
                return Errno.EINTR;
            }

            if (isCpuidStale && !Engine.HasRun)
            {
                _ = Engine.TrySetCpuid(Partition.Cpuid.Build(Index));
            }

            isCpuidStale = false;
            Engine.Run(out ProcessorExit exit);
            switch (exit.Kind)
            {
                case ProcessorExitKind.Interrupted:
                    return Errno.EINTR;
                case ProcessorExitKind.Failed:
                    Partition.Host.Refusals.Report($"VP {Index}: {exit.Reason}");
                    return exit.Errno;
                case ProcessorExitKind.Msr when !AnswersMsr(in exit):
                    continue;
                default:
                    InterceptMessages.Build(this, in exit, out message);
                    return 0;
            }
        }
    }

    // Whether the client answers the access; otherwise it has been answered here.
    private bool AnswersMsr(in ProcessorExit exit)
    {
        if (exit.MsrIsIntercepted)
        {
            Engine.AbandonInstruction();
            return true;
        }

        bool faults = Partition.Properties.UnimplementedMsrAction
            == HvBindgen.Mshv.Abi.X64.hv_unimplemented_msr_action.HV_UNIMPLEMENTED_MSR_ACTION_FAULT;
        Engine.AnswerMsr(0, faults);
        return false;
    }
}
