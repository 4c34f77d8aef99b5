using System.Buffers.Binary;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>
/// The leaves of CPUID by which a guest finds the hypervisor. They advertise what the partition's synthetic features grant, as far as the
/// emulator does it.
/// </summary>
internal static class HypervisorLeaves
{
    private const uint NeverNotifyOfSpinning = uint.MaxValue;

    // So often a guest tries for a lock before it says that it spins, as it is told on the hypervisor's own machines.
    private const uint TriesOfSpinning = 0xfff;

    // A feature of the partition, and the privilege that tells its guest so. The headers name the two by different words.
    private static readonly (hv_partition_synthetic_processor_features Feature, ulong Privilege)[] Works =
    [
        (new() { access_vp_run_time_reg = 1 }, Hv.HV_MSR_VP_RUNTIME_AVAILABLE),
        (new() { access_partition_reference_counter = 1 }, Hv.HV_MSR_TIME_REF_COUNT_AVAILABLE),
        (new() { access_synic_regs = 1 }, Hv.HV_MSR_SYNIC_AVAILABLE),
        (new() { access_synthetic_timer_regs = 1 }, Hv.HV_MSR_SYNTIMER_AVAILABLE),
        (new() { access_hypercall_regs = 1 }, Hv.HV_MSR_HYPERCALL_AVAILABLE),
        (new() { access_vp_index = 1 }, Hv.HV_MSR_VP_INDEX_AVAILABLE),
        (new() { access_partition_reference_tsc = 1 }, Hv.HV_MSR_REFERENCE_TSC_AVAILABLE),
        (new() { access_frequency_regs = 1 }, Hv.HV_ACCESS_FREQUENCY_MSRS),
    ];

    // The same, where calls leave the guest: messages and events come with the controller that takes them.
    private static readonly (hv_partition_synthetic_processor_features Feature, ulong Privilege)[] Callable =
    [
        (new() { access_synic_regs = 1 }, (Hv.HV_POST_MESSAGES | Hv.HV_SIGNAL_EVENTS) << 32),
    ];

    // What EDX tells of calls.
    private static readonly (hv_partition_synthetic_processor_features Feature, ulong Flag)[] CallFeatures =
    [
        (new() { access_hypercall_regs = 1 }, HvX64.HV_X64_HYPERCALL_XMM_INPUT_AVAILABLE),
        (new() { fast_hypercall_output = 1 }, HvX64.HV_X64_HYPERCALL_XMM_OUTPUT_AVAILABLE),
        (new() { enable_extended_gva_ranges_for_flush_virtual_address_list = 1 }, HvX64.HV_FEATURE_EXT_GVA_RANGES_FLUSH),
    ];

    // What a guest is advised to call for.
    private static readonly (hv_partition_synthetic_processor_features Feature, ulong Hint)[] Recommended =
    [
        (new() { tb_flush_hypercalls = 1 }, HvX64.HV_X64_REMOTE_TLB_FLUSH_RECOMMENDED),
        (new() { synthetic_cluster_ipi = 1 }, HvX64.HV_X64_CLUSTER_IPI_RECOMMENDED),
        (new() { extended_processor_masks = 1 }, HvX64.HV_X64_EX_PROCESSOR_MASKS_RECOMMENDED),
    ];

    // What EDX tells beside the privileges.
    private static readonly (hv_partition_synthetic_processor_features Feature, ulong Flag)[] Features =
    [
        (new() { access_frequency_regs = 1 }, HvX64.HV_FEATURE_FREQUENCY_MSRS_AVAILABLE),
        (new() { direct_synthetic_timers = 1 }, HvX64.HV_STIMER_DIRECT_MODE_AVAILABLE),
    ];

    /// <summary>The leaves of a partition with synthetic features; none where it hides that there is a hypervisor.</summary>
    /// <param name="syntheticFeatures">The partition's features.</param>
    /// <param name="takesCalls">Whether its guest's calls leave the guest.</param>
    internal static CpuidEntry[] Of(ulong syntheticFeatures, bool takesCalls)
    {
        hv_partition_synthetic_processor_features features = default;
        features.as_uint64[0] = syntheticFeatures;
        if (features.hypervisor_present == 0)
        {
            return [];
        }

        bool hasCalls = takesCalls && features.access_hypercall_regs != 0;
        ulong ofCalls = hasCalls ? syntheticFeatures : 0;
        ulong privileges = Granted(Works, syntheticFeatures) | Granted(Callable, ofCalls);

        // No engine's local APIC ends an interrupt by itself.
        ulong hints = features.access_synic_regs != 0 ? HvX64.HV_DEPRECATING_AEOI_RECOMMENDED : 0;
        hints |= Granted(Recommended, ofCalls);
        uint spinning = hasCalls && features.notify_long_spin_wait != 0 ? TriesOfSpinning : NeverNotifyOfSpinning;

        // The vendor's name in EBX, ECX, EDX; the interface's in EAX.
        ReadOnlySpan<byte> vendor = "Microsoft Hv"u8;
        return
        [
            Leaf(
                Hv.HYPERV_CPUID_VENDOR_AND_MAX_FUNCTIONS,
                Hv.HYPERV_CPUID_IMPLEMENT_LIMITS,
                BinaryPrimitives.ReadUInt32LittleEndian(vendor),
                BinaryPrimitives.ReadUInt32LittleEndian(vendor[4..]),
                BinaryPrimitives.ReadUInt32LittleEndian(vendor[8..])),
            Leaf(Hv.HYPERV_CPUID_INTERFACE, features.hv1 != 0 ? BinaryPrimitives.ReadUInt32LittleEndian("Hv#1"u8) : 0),
            Leaf(Hv.HYPERV_CPUID_VERSION, 0),
            Leaf(
                Hv.HYPERV_CPUID_FEATURES,
                (uint)privileges,
                (uint)(privileges >> 32),
                edx: (uint)(Granted(Features, syntheticFeatures) | Granted(CallFeatures, ofCalls))),
            Leaf(Hv.HYPERV_CPUID_ENLIGHTMENT_INFO, (uint)hints, spinning),
            Leaf(Hv.HYPERV_CPUID_IMPLEMENT_LIMITS, VirtualPartition.MaxProcessors),
        ];
    }

    private static ulong Granted(
        (hv_partition_synthetic_processor_features Feature, ulong Flag)[] table, ulong syntheticFeatures)
    {
        ulong flags = 0;
        foreach ((hv_partition_synthetic_processor_features feature, ulong flag) in table)
        {
            flags |= (feature.as_uint64[0] & syntheticFeatures) != 0 ? flag : 0;
        }

        return flags;
    }

    private static CpuidEntry Leaf(int function, long eax, uint ebx = 0, uint ecx = 0, uint edx = 0) =>
        new((uint)function, 0, HasIndex: false, (uint)eax, ebx, ecx, edx);
}
