using System.Diagnostics;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>What a processor's runs depend on and leave behind, beside its registers.</summary>
internal sealed class RunStatus
{
    private hv_deliverability_notifications_register notifications;

    /// <summary>What the client wants to hear of: windows for interrupts, free message slots.</summary>
    internal ref hv_deliverability_notifications_register DeliverabilityNotifications => ref notifications;

    /// <summary>Whether the client has stopped the processor: it entered no run, or a signal ended the last one.</summary>
    internal bool IsExplicitlySuspended { get; set; } = true;

    /// <summary>Whether the processor waits for the client to answer an intercept.</summary>
    internal bool IsInterceptSuspended { get; set; }

    /// <summary>Time in runs, in ticks of <see cref="Stopwatch"/>.</summary>
    internal long RunTimestamps { get; set; }
}
