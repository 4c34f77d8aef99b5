using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Partitions;

/// <summary>Features that a partition does without; a bit set means disabled.</summary>
/// <param name="Processor">Processor features, two banks of 64 bits.</param>
/// <param name="Xsave">XSAVE features; x86-64 only.</param>
internal readonly record struct DisabledFeatures(hv_partition_processor_features Processor, hv_partition_processor_xsave_features Xsave);

/// <summary>What a partition is created with, sent in the form that the kernel at hand takes.</summary>
/// <param name="Flags">Flags, without the one for features.</param>
/// <param name="Disabled">Features to do without; null to ask for all that there are.</param>
internal readonly record struct PartitionCreation(MSHV_PT_FLAGS Flags, DisabledFeatures? Disabled)
{
    private const string Operation = "Creating a partition";

    /// <summary>A partition that is only asked questions; by its creation it answers whether features can be chosen.</summary>
    internal static PartitionCreation ForProbe => new(MSHV_PT_FLAGS.GPA_SUPER_PAGES, default(DisabledFeatures));

    /// <summary>Creates the partition; without the choice of features where the kernel is older than it.</summary>
    /// <param name="device">Device.</param>
    /// <param name="featuresTaken">Whether the kernel took the choice of features.</param>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    internal PartitionHandle Send(DeviceHandle device, out bool featuresTaken)
    {
        if (Disabled is { } features)
        {
            IoctlResult result = SendWithFeatures(device, features);
            if (result.Errno != Errno.EINVAL)
            {
                featuresTaken = true;
                return Take(device, result, null);
            }
        }

        // Linux 6.15 to 6.18 refuse the flag for features, and give a partition every feature there is.
        featuresTaken = false;
        return Take(device, SendPlain(device), $"This kernel does not know one of the flags {Flags}; "
            + "Linux 6.15 to 6.18 know LAPIC, X2APIC and GPA_SUPER_PAGES only.");
    }

    private static PartitionHandle Take(DeviceHandle device, IoctlResult result, string? advice) => result.IsSuccess
        ? new PartitionHandle(device, result.Value)
        : throw new HypervisorException(Operation, result.Errno, result.Errno == Errno.EINVAL ? advice : null);

    private IoctlResult SendPlain(DeviceHandle device)
    {
        mshv_create_partition request = new() { pt_flags = (ulong)Flags, pt_isolation = Constants.MSHV_PT_ISOLATION_NONE };
        return DeviceIoctls.MSHV_CREATE_PARTITION(new UninterruptedDescriptor(device), request);
    }

    private IoctlResult SendWithFeatures(DeviceHandle device, DisabledFeatures disabled)
    {
        // arm64 has a reserved field of value 0 where x86-64 has the XSAVE features; both have the same size.
        Abi.X64.mshv_create_partition_v2 request = new()
        {
            pt_flags = (ulong)(Flags | MSHV_PT_FLAGS.CPU_AND_XSAVE_FEATURES),
            pt_isolation = Constants.MSHV_PT_ISOLATION_NONE,
            pt_num_cpu_fbanks = Constants.MSHV_NUM_CPU_FEATURES_BANKS,
            pt_disabled_xsave = disabled.Xsave.as_uint64,
        };
        request.pt_cpu_fbanks[0] = disabled.Processor.as_uint64[0];
        request.pt_cpu_fbanks[1] = disabled.Processor.as_uint64[1];
        return Abi.X64.DeviceIoctls.MSHV_CREATE_PARTITION(new UninterruptedDescriptor(device), request);
    }
}
