using System.Diagnostics;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>A virtual processor as the hypervisor knows it.</summary>
internal sealed partial class VirtualCpu : IDisposable
{
    private static readonly TimeSpan KickInterval = TimeSpan.FromMilliseconds(1);

    private readonly Lock engineLock = new();
    private readonly Lock runnerLock = new();
    private readonly InterceptMessages messages;
    private nint runner;
    private int accessors;
    private bool isCpuidStale = true;

    private VirtualCpu(VirtualPartition partition, uint index, IProcessorEngine engine, SharedPages pages)
    {
        Partition = partition;
        Index = index;
        Engine = engine;
        Pages = pages;
        messages = new InterceptMessages(index, engine.State, partition.Memory);
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

        VirtualCpu processor = new(partition, index, engine, pages);

        // The first processor starts by itself; without APICs the client starts them all.
        if (index != 0 && partition.Options.HasApic)
        {
            processor.SetActivity(ProcessorActivity.WaitingForStartup);
        }

        return processor;
    }

    public void Dispose()
    {
        Engine.Dispose();
        Pages.Dispose();
        _ = CLibrary.Close(startupEvent);
    }

    /// <summary>Time in runs, in ticks of <see cref="Stopwatch"/>.</summary>
    internal long RunTimestamps { get; private set; }

    /// <summary>Gets the processor out of a run in progress, which then ends as if by a signal. From any thread.</summary>
    internal void Interrupt()
    {
        lock (runnerLock)
        {
            if (runner != 0)
            {
                Engine.Interrupt();
                _ = KickSignal.TrySend(runner);
            }
        }
    }

    /// <summary>CPUID changed: it goes in before the next run.</summary>
    internal void InvalidateCpuid() => isCpuidStale = true;

    /// <summary>Runs until an intercept.</summary>
    /// <param name="message">The intercept's message.</param>
    /// <returns>An error number, 0 if there is a message.</returns>
    internal int Run(out hv_message message)
    {
        // Whoever waits to look at the processor comes first.
        while (Volatile.Read(ref accessors) != 0)
        {
            Thread.Sleep(0);
        }

        lock (engineLock)
        {
            long start = Stopwatch.GetTimestamp();
            SetRunner(KickSignal.CurrentThread());
            AbsorbRegisterPage();
            IsInterceptSuspended = false;
            IsExplicitlySuspended = false;
            InvalidateRegisterPage();
            int errno = RunLocked(out message);
            IsInterceptSuspended = errno == 0;
            IsExplicitlySuspended = errno == Errno.EINTR;
            SetRunner(0);
            long pageStart = Partition.Host.Statistics.Start();
            PublishRegisterPage();
            Partition.Host.Statistics.AddRegisterPage(pageStart);
            RunTimestamps += Stopwatch.GetTimestamp() - start;
            Partition.Host.Statistics.AddRun(pageStart == 0 ? 0 : start);
            return errno;
        }
    }

    private void SetRunner(nint thread)
    {
        lock (runnerLock)
        {
            runner = thread;
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
            _ = Interlocked.Increment(ref processor.accessors);

            // The signal may come just before the runner blocks: it is sent until the runner has left.
            while (!processor.engineLock.TryEnter(KickInterval))
            {
                processor.Interrupt();
            }

            _ = Interlocked.Decrement(ref processor.accessors);
            processor.AbsorbRegisterPage();
        }

        public void Dispose() => processor.engineLock.Exit();
    }

    private void ApplyCpuid()
    {
        if (isCpuidStale && Engine.HasRun)
        {
            Partition.Host.Refusals.Report("KVM takes CPUID results only before a processor's first run; later ones do not reach the guest");
        }
        else if (isCpuidStale)
        {
            _ = Engine.Stored.TrySetCpuid(Partition.Cpuid.Build(Index));
        }

        isCpuidStale = false;
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

            ApplyCpuid();
            if (TakeFreeSints() is not 0 and ushort sints)
            {
                messages.BuildSintDeliverable(sints, out message);
                return 0;
            }

            if (WaitsForStartup && !WaitForStartup())
            {
                return Errno.EINTR;
            }

            DeliverExternalInterrupt();
            Engine.RequestInterruptWindow = (DeliverabilityNotifications & InterruptNotification) != 0;
            ProcessorExit exit = Engine.Run();
            if (Partition.HasWaitingProcessor)
            {
                ForwardStartup();
            }

            switch (exit)
            {
                case InterruptedExit:
                    return Errno.EINTR;
                case FailedExit failed:
                    Partition.Host.Refusals.Report($"VP {Index}: {failed.Reason}");
                    return failed.Errno;
                case MsrExit msr when !IsForClient(msr):
                case ApicEoiExit eoi when Partition.Interrupts.NotifyEnd(eoi.Vector):
                    continue;
                case InterruptWindowExit:
                    DeliverabilityNotifications &= ~InterruptNotification;
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
            int? status = exit.IsWrite
                ? SyntheticRegisters.Set(this, (uint)name, in value)
                : SyntheticRegisters.Get(this, (uint)name, ref value);
            Engine.AnswerMsr(value.reg64, status != Hv.HV_STATUS_SUCCESS);
        }
        else
        {
            Engine.AnswerMsr(0, Partition.Properties.UnimplementedMsrAction == hv_unimplemented_msr_action.HV_UNIMPLEMENTED_MSR_ACTION_FAULT);
        }

        return false;
    }
}
