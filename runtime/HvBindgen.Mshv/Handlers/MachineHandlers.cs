namespace HvBindgen.Mshv.Handlers;

/// <summary>Everything of a machine that is not RAM or the hypervisor's: its devices, and who answers what else is intercepted.</summary>
/// <remarks>One set serves all processors of a machine; handlers are called on the processors' threads.</remarks>
public sealed partial class MachineHandlers
{
    /// <summary>Devices in port space.</summary>
    public PortBus Ports { get; } = new();

    /// <summary>Devices in guest-physical address space.</summary>
    public MmioBus Mmio { get; } = new();

    /// <summary>Model-specific registers; null leaves every access to the policy of the run.</summary>
    public IMsrHandler? Msrs { get; set; }

    /// <summary><c>CPUID</c>; null gives the hypervisor's own answers.</summary>
    public ICpuidHandler? Cpuid { get; set; }

    /// <summary>Hypercalls; null leaves every call to the policy of the run.</summary>
    public IHypercallHandler? Hypercalls { get; set; }

    /// <summary>Exceptions; null ends the run at an intercepted exception.</summary>
    public IExceptionHandler? Exceptions { get; set; }

    /// <summary>Memory accesses, before they are emulated; null emulates reads and writes and ends the run at all else.</summary>
    public IMemoryInterceptHandler? Memory { get; set; }
}
