using HvBindgen.Mshv.Calls;

namespace HvBindgen.Mshv.Devices;

/// <summary>Why the device cannot be used.</summary>
public enum MshvUnavailableReason
{
    /// <summary>There is no device node and no sign of the hypervisor: other hardware, another hypervisor, or the driver is not
    /// loaded.</summary>
    NoDevice,

    /// <summary>This user may not open the device node.</summary>
    NoPermission,

    /// <summary>Linux runs on the hypervisor, but as a guest that may not create partitions.</summary>
    NotRootPartition,

    /// <summary>A driver answers, but not to these requests: an older or newer generation of the interface, or the driver for
    /// VTL2.</summary>
    OtherAbi,

    /// <summary>Opening failed for another reason, which the error number gives.</summary>
    Other,
}

/// <summary>The device cannot be used on this machine, and why.</summary>
/// <param name="reason">Why.</param>
/// <param name="operation">What the caller was doing.</param>
/// <param name="errno">Error number of <c>errno.h</c>.</param>
/// <param name="advice">What to do about it.</param>
public sealed class MshvUnavailableException(MshvUnavailableReason reason, string operation, int errno, string advice)
    : HypervisorException(operation, errno, advice)
{
    /// <summary>Why the device cannot be used.</summary>
    public MshvUnavailableReason Reason { get; } = reason;
}
