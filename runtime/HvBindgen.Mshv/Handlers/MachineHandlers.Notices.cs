namespace HvBindgen.Mshv.Handlers;

/// <content>
/// Who hears of messages that no instruction waits for. Their interfaces stand below, so that a further one is one file's matter.
/// </content>
public sealed partial class MachineHandlers
{
    /// <summary>Ends of interrupts; null ignores them.</summary>
    public IEoiHandler? EndOfInterrupt { get; set; }

    /// <summary>Synthetic interrupt sources; null ends the run at a notice of them.</summary>
    public ISintHandler? Sints { get; set; }

    /// <summary>Interrupts that become deliverable; null ends the run at a notice of them.</summary>
    public IInterruptionHandler? Interruptions { get; set; }

    /// <summary>Start-up interrupts; null ends the run at one.</summary>
    public ISipiHandler? Startup { get; set; }

    /// <summary>Halts; null ends the run at an intercepted halt.</summary>
    public IHaltHandler? Halts { get; set; }
}

/// <summary>Hears of the end of level-triggered interrupts: an I/O APIC.</summary>
public interface IEoiHandler
{
    /// <summary>The guest has ended an interrupt.</summary>
    /// <param name="vpIndex">Processor whose local APIC it was.</param>
    /// <param name="vector">Vector.</param>
    void OnEndOfInterrupt(uint vpIndex, uint vector);
}

/// <summary>Hears of synthetic interrupt sources that take a message again, on the processor's own thread.</summary>
public interface ISintHandler
{
    /// <summary>Sources have become free.</summary>
    /// <param name="vpIndex">Processor.</param>
    /// <param name="sources">One bit for each source, bit 0 for source 0.</param>
    /// <returns>Sources to be told of again, because messages still wait for them; 0 for none.</returns>
    ushort OnSintDeliverable(uint vpIndex, ushort sources);
}

/// <summary>Hears that an interrupt that could not be delivered now can: an interrupt controller outside the hypervisor.</summary>
public interface IInterruptionHandler
{
    /// <summary>An interrupt can be delivered.</summary>
    /// <param name="vpIndex">Processor.</param>
    /// <param name="isNonMaskable">Whether a non-maskable interrupt can be delivered; else an external one.</param>
    /// <returns>The vector to deliver (ignored for a non-maskable one), or null when nothing waits any more.</returns>
    byte? OnInterruptionDeliverable(uint vpIndex, bool isNonMaskable);
}

/// <summary>Starts a processor for which another one sent a start-up interrupt, where the hypervisor has no local APIC.</summary>
public interface ISipiHandler
{
    /// <summary>A processor is to start.</summary>
    /// <param name="vpIndex">Processor that sent the interrupt.</param>
    /// <param name="targetVpIndex">Processor to start.</param>
    /// <param name="vector">Page of the first instruction: address / 4096.</param>
    void OnStartup(uint vpIndex, uint targetVpIndex, uint vector);
}

/// <summary>Decides about <c>HLT</c>, where the hypervisor was told to intercept it or has no local APIC.</summary>
public interface IHaltHandler
{
    /// <summary>The guest waits for an interrupt. The handler may wait with it.</summary>
    /// <param name="vpIndex">Processor.</param>
    /// <param name="interrupted">Cancelled when something is asked of the processor's thread, such as a pause or the end. A handler that
    /// waits returns false then; unless the run ends, it is asked again afterwards.</param>
    /// <returns>True when the guest goes on; false ends the run as halted, if nothing was asked of the thread.</returns>
    bool OnHalt(uint vpIndex, CancellationToken interrupted);
}
