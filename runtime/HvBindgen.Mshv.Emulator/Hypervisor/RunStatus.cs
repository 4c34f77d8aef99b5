using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>What a processor's runs depend on and leave behind, beside its registers.</summary>
internal sealed class RunStatus
{
    private hv_deliverability_notifications_register notifications;
    private ulong runTime;
    private ulong began;
    private volatile bool isInRun;

    /// <summary>What the client wants to hear of: windows for interrupts, free message slots.</summary>
    internal ref hv_deliverability_notifications_register DeliverabilityNotifications => ref notifications;

    /// <summary>Whether the client has stopped the processor: it entered no run, or a signal ended the last one.</summary>
    internal bool IsExplicitlySuspended { get; set; } = true;

    /// <summary>Whether the processor waits for the client to answer an intercept.</summary>
    internal bool IsInterceptSuspended { get; set; }

    /// <summary>Time in runs, of which one may be under way, in units of 100 ns.</summary>
    /// <param name="now">The machine's clock.</param>
    internal ulong RunTimeAt(ulong now) => isInRun ? runTime + (now - began) : runTime;

    /// <summary>A run begins.</summary>
    /// <param name="now">The machine's clock.</param>
    internal void BeginRun(ulong now)
    {
        began = now;
        isInRun = true;
    }

    /// <summary>The run ends.</summary>
    /// <param name="now">The machine's clock.</param>
    internal void EndRun(ulong now)
    {
        isInRun = false;
        runTime += now - began;
    }
}
