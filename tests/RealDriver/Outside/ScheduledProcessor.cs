using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Hypervisor;

namespace HvBindgen.Mshv.Outside;

/// <summary>A processor that runs whenever nothing keeps it suspended, on a thread of its own, or when the root lends it one.</summary>
internal sealed class ScheduledProcessor : IDisposable
{
    // Nothing else of the machine runs while its only processor is lent.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(1);

    // An interrupt of the guest's own clock, and a start, are not told of: one that sleeps is looked at again.
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(10);

    private readonly ulong partitionId;
    private readonly VirtualCpu processor;
    private readonly Link link;
    private readonly Action tellOfDoorbells;
    private readonly Thread? thread;
    private readonly Timer? clock;
    private readonly AutoResetEvent wakeUp = new(initialState: false);
    private readonly Lock blockLock = new();
    private readonly byte[] apic = new byte[SharedPages.PageBytes];
    private volatile bool hasEnded;
    private volatile bool isRetired;
    private bool isBlocked;

    /// <summary>Creates the processor.</summary>
    /// <param name="partitionId">Its partition.</param>
    /// <param name="processor">What runs.</param>
    /// <param name="pages">What it shares with the root.</param>
    /// <param name="link">Way to the root.</param>
    /// <param name="tellOfDoorbells">Tells the root of what its guest did before it stopped.</param>
    internal ScheduledProcessor(ulong partitionId, VirtualCpu processor, ProcessorPages pages, Link link, Action tellOfDoorbells)
    {
        this.tellOfDoorbells = tellOfDoorbells;
        this.partitionId = partitionId;
        this.processor = processor;
        this.link = link;
        Pages = pages;
        if (link.HasRootScheduler)
        {
            clock = new Timer(_ => OnClock());
            return;
        }

        thread = new Thread(Run) { IsBackground = true, Name = $"VP {partitionId}.{processor.Index}" };
        thread.Start();
    }

    internal ProcessorPages Pages { get; }

    internal ProcessorComponents Components => processor.Components;

    /// <summary>How often the root was told that the processor can be lent time.</summary>
    internal ulong SignalCount { get; private set; }

    internal bool IsDispatchSuspended { get; set; }

    /// <summary>What kept the processor from running may be gone.</summary>
    internal void Wake()
    {
        if (thread is not null)
        {
            _ = wakeUp.Set();
        }
        else
        {
            Unblock();
        }
    }

    /// <summary>Another processor of the guest has run, and may have sent this one an interrupt.</summary>
    internal void Notice()
    {
        if (isBlocked && HasInterrupt())
        {
            Unblock();
        }
    }

    /// <summary>The root does not want the processor any more, which has never run.</summary>
    internal void Retire() => isRetired = true;

    /// <summary>The root wants it again.</summary>
    /// <returns>False when it had it already.</returns>
    internal bool TryRevive()
    {
        bool wasRetired = isRetired;
        isRetired = false;
        return wasRetired;
    }

    /// <summary>Runs on the root's time.</summary>
    internal hv_output_dispatch_vp Dispatch(uint flags)
    {
        if ((flags & Hv.HV_DISPATCH_VP_FLAG_CLEAR_INTERCEPT_SUSPEND) != 0)
        {
            using EngineGate.Stop stop = processor.StopForAccess();
            _ = processor.Registers.Set((uint)hv_register_name.HV_REGISTER_INTERCEPT_SUSPEND, default);
        }

        // Again and again: the first may come before the run.
        _ = clock!.Change(Slice, Slice);
        bool hasRun = processor.TryRun(out bool hasMessage);
        _ = clock.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        tellOfDoorbells();
        bool isExplicit = !hasRun && IsSet(hv_register_name.HV_REGISTER_EXPLICIT_SUSPEND);
        bool isIntercepted = hasMessage || (!hasRun && !isExplicit);
        if (isIntercepted || (hasRun && !Sleeps()))
        {
            return new hv_output_dispatch_vp
            {
                dispatch_state = (uint)hv_vp_dispatch_state.HV_VP_DISPATCH_STATE_READY,
                dispatch_event = (uint)(isIntercepted
                    ? hv_vp_dispatch_event.HV_VP_DISPATCH_EVENT_INTERCEPT
                    : hv_vp_dispatch_event.HV_VP_DISPATCH_EVENT_INVALID),
            };
        }

        lock (blockLock)
        {
            isBlocked = true;
            Pages.IsDispatchBlocked = !isExplicit;
        }

        _ = clock.Change(isExplicit ? Timeout.InfiniteTimeSpan : Nap, Timeout.InfiniteTimeSpan);
        return new hv_output_dispatch_vp
        {
            dispatch_state = (uint)hv_vp_dispatch_state.HV_VP_DISPATCH_STATE_BLOCKED,
            dispatch_event = (uint)(isExplicit
                ? hv_vp_dispatch_event.HV_VP_DISPATCH_EVENT_SUSPEND
                : hv_vp_dispatch_event.HV_VP_DISPATCH_EVENT_INVALID),
        };
    }

    public void Dispose()
    {
        hasEnded = true;
        clock?.Dispose();
        while (thread is { IsAlive: true })
        {
            _ = wakeUp.Set();
            processor.Interrupt();
            _ = thread.Join(TimeSpan.FromMilliseconds(1));
        }

        wakeUp.Dispose();
    }

    private void Run()
    {
        while (!hasEnded)
        {
            if (!processor.TryRun(out bool hasMessage))
            {
                _ = wakeUp.WaitOne();
            }
            else if (hasMessage)
            {
                tellOfDoorbells();
                link.Send(
                    hv_message_type.HVMSG_OPAQUE_INTERCEPT, partitionId, new hv_opaque_intercept_message { vp_index = processor.Index });
            }
        }
    }

    private bool IsSet(hv_register_name name)
    {
        using EngineGate.Stop stop = processor.StopForAccess();
        return processor.Registers.Get((uint)name, out hv_register_value value) == Hv.HV_STATUS_SUCCESS && value.reg64 != 0;
    }

    private bool Sleeps()
    {
        using EngineGate.Stop stop = processor.StopForAccess();
        return processor.Startup.IsSleeping;
    }

    private bool HasInterrupt() => Components.Get(Hv.MSHV_VP_STATE_LAPIC, apic) == Hv.HV_STATUS_SUCCESS
        && ((ReadOnlySpan<uint>)MemoryMarshal.AsRef<hv_local_interrupt_controller_state>(apic).apic_irr).ContainsAnyExcept(0u);

    private void OnClock()
    {
        if (isBlocked)
        {
            Unblock();
        }
        else
        {
            processor.Interrupt();
        }
    }

    private void Unblock()
    {
        lock (blockLock)
        {
            if (!isBlocked || IsDispatchSuspended || hasEnded)
            {
                return;
            }

            isBlocked = false;
            Pages.IsDispatchBlocked = false;
            SignalCount++;
        }

        hv_vp_signal_pair_scheduler_message signal = new() { vp_count = 1 };
        signal.partition_ids[0] = partitionId;
        signal.vp_indexes[0] = processor.Index;
        link.Send(hv_message_type.HVMSG_SCHEDULER_VP_SIGNAL_PAIR, partitionId, in signal);
    }
}
