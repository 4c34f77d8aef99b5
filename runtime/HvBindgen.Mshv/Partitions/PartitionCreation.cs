using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Partitions;

/// <summary>Features that a partition does without; a bit set means disabled.</summary>
/// <param name="Processor">Processor features, two banks of 64 bits.</param>
/// <param name="Xsave">XSAVE features; x86-64 only.</param>
internal readonly record struct DisabledFeatures(hv_partition_processor_features Processor, hv_partition_processor_xsave_features Xsave);

/// <summary>The request that creates a partition, in the form that the kernel at hand takes.</summary>
internal static class PartitionCreation
{
    private const string Operation = "Creating a partition";

    /// <summary>Creates a partition; without the choice of features where the kernel is older than it.</summary>
    /// <param name="device">Device.</param>
    /// <param name="flags">Flags, without the one for features.</param>
    /// <param name="disabled">Features to do without; null to ask for all that there are.</param>
    /// <param name="featuresTaken">Whether the kernel took the choice of features.</param>
    internal static PartitionHandle Create(
        DeviceHandle device, MSHV_PT_FLAGS flags, DisabledFeatures? disabled, out bool featuresTaken)
    {
        if (disabled is { } features)
        {
            IoctlResult result = CreateWithFeatures(device, flags | MSHV_PT_FLAGS.CPU_AND_XSAVE_FEATURES, features);
            if (result.Errno != Errno.EINVAL)
            {
                featuresTaken = true;
                return Take(device, result, null);
            }
        }

        // Linux 6.15 to 6.18 refuse the flag for features, and give a partition every feature there is.
        featuresTaken = false;
        return Take(device, CreatePlain(device, flags), FlagAdvice(flags));
    }

    /// <summary>Creates a partition that is only asked questions, and tells whether features can be chosen.</summary>
    internal static PartitionHandle CreateForProbe(DeviceHandle device, out bool? createsWithFeatures)
    {
        PartitionHandle handle = Create(
            device, MSHV_PT_FLAGS.GPA_SUPER_PAGES, default(DisabledFeatures), out bool taken);
        createsWithFeatures = taken;
        return handle;
    }

    private static PartitionHandle Take(DeviceHandle device, IoctlResult result, string? advice) => result.IsSuccess
        ? new PartitionHandle(device, result.Value)
        : throw new HypervisorException(Operation, result.Errno, result.Errno == Errno.EINVAL ? advice : null);

    private static string FlagAdvice(MSHV_PT_FLAGS flags) =>
        $"This kernel does not know one of the flags {flags}; Linux 6.15 to 6.18 know LAPIC, X2APIC and GPA_SUPER_PAGES only.";

    private static IoctlResult CreatePlain(DeviceHandle device, MSHV_PT_FLAGS flags)
    {
        mshv_create_partition request = new() { pt_flags = (ulong)flags, pt_isolation = Constants.MSHV_PT_ISOLATION_NONE };
        return DeviceIoctls.MSHV_CREATE_PARTITION(new UninterruptedDescriptor(device), request);
    }

    private static IoctlResult CreateWithFeatures(DeviceHandle device, MSHV_PT_FLAGS flags, DisabledFeatures disabled)
    {
        // arm64 has a reserved field of value 0 where x86-64 has the XSAVE features; both have the same size.
        Abi.X64.mshv_create_partition_v2 request = new()
        {
            pt_flags = (ulong)flags,
            pt_isolation = Constants.MSHV_PT_ISOLATION_NONE,
            pt_num_cpu_fbanks = Constants.MSHV_NUM_CPU_FEATURES_BANKS,
            pt_disabled_xsave = disabled.Xsave.as_uint64,
        };
        request.pt_cpu_fbanks[0] = disabled.Processor.as_uint64[0];
        request.pt_cpu_fbanks[1] = disabled.Processor.as_uint64[1];
        return Abi.X64.DeviceIoctls.MSHV_CREATE_PARTITION(new UninterruptedDescriptor(device), request);
    }
}
