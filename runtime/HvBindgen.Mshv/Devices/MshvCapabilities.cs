using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;

namespace HvBindgen.Mshv.Devices;

/// <summary>Whether the driver answers to a request.</summary>
/// <param name="Descriptor">Kind of descriptor that takes the request; the same number means something else on another kind.</param>
/// <param name="Name">Name of the request in <c>linux/mshv.h</c>.</param>
/// <param name="Number">Request number.</param>
/// <param name="Answers">False: the driver does not know it. Null: it could not be asked.</param>
public readonly record struct RequestSupport(DescriptorKind Descriptor, string Name, uint Number, bool? Answers);

/// <summary>Whether a hypercall is passed on to the hypervisor.</summary>
/// <param name="Descriptor">Kind of descriptor that it was asked of.</param>
/// <param name="Name">Name of the hypercall.</param>
/// <param name="Result">What the kernel and the hypervisor answered.</param>
/// <param name="IsPassedOn">Whether the kernel passed it on; null where the answer does not tell.</param>
public readonly record struct HypercallSupport(DescriptorKind Descriptor, string Name, HypercallResult Result, bool? IsPassedOn);

/// <summary>What the driver and the host can do, as far as could be found out. Never decided on an error number alone.</summary>
public sealed record MshvCapabilities
{
    /// <summary>Whether a fallback stands in for the device.</summary>
    public required bool IsFallback { get; init; }

    /// <summary>Architecture of the guests.</summary>
    public required GuestArchitecture Architecture { get; init; }

    /// <summary>Requests, and whether the driver answers to them.</summary>
    public required IReadOnlyList<RequestSupport> Requests { get; init; }

    /// <summary>Hypercalls, and whether they are passed on.</summary>
    public required IReadOnlyList<HypercallSupport> Hypercalls { get; init; }

    /// <summary>Whether partitions can be created with processor features chosen (Linux 6.19 and later); null where it could not be
    /// tried.</summary>
    public required bool? CreatesPartitionsWithFeatures { get; init; }

    /// <summary>Why no partition could be created for the time of the probe; null if one could.</summary>
    public required HypervisorException? PartitionFailure { get; init; }

    /// <summary>Processor features of the host; null where it does not tell.</summary>
    public required hv_partition_processor_features? ProcessorFeatures { get; init; }

    /// <summary>XSAVE features of the host; null where it does not tell.</summary>
    public required hv_partition_processor_xsave_features? XsaveFeatures { get; init; }

    /// <summary>Synthetic features that a partition can be given; null where the hypervisor does not tell.</summary>
    public required hv_partition_synthetic_processor_features? AssignableSyntheticFeatures { get; init; }

    /// <summary>Bits of <c>hv_partition_property_vmm_capabilities</c>; 0 where the hypervisor tells nothing.</summary>
    public required ulong VmmCapabilities { get; init; }

    /// <summary>Whether processors have a register page; known once a processor has been created, else null.</summary>
    public bool? HasRegisterPage { get; init; }

    /// <summary>Whether the driver answers to a request.</summary>
    /// <param name="descriptor">Kind of descriptor that takes the request.</param>
    /// <param name="number">Request number.</param>
    /// <returns>Null where it could not be asked.</returns>
    public bool? Answers(DescriptorKind descriptor, uint number)
    {
        foreach (RequestSupport request in Requests)
        {
            if (request.Descriptor == descriptor && request.Number == number)
            {
                return request.Answers;
            }
        }

        return null;
    }
}
