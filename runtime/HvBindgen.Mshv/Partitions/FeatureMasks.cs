using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Partitions;

/// <summary>The features a partition gets unless its builder says otherwise, worked out from the host's.</summary>
internal static class FeatureMasks
{
    /// <summary>What to disable so that a partition has the host's features, and nothing that has no name yet.</summary>
    internal static DisabledFeatures Disabled(hv_partition_processor_features host, hv_partition_processor_xsave_features? hostXsave)
    {
        hv_partition_processor_features all = default;
        all.as_uint64[0] = ulong.MaxValue;
        all.as_uint64[1] = ulong.MaxValue;
        hv_partition_processor_features reserved = new() { reserved_bank0 = all.reserved_bank0, reserved_bank1 = all.reserved_bank1 };
        hv_partition_processor_features disabled = default;
        disabled.as_uint64[0] = ~host.as_uint64[0] | reserved.as_uint64[0];
        disabled.as_uint64[1] = ~host.as_uint64[1] | reserved.as_uint64[1];

        // The headers name three XSAVE features and hypervisors have more: what the host has cannot be told apart by name.
        return new DisabledFeatures(
            disabled, new hv_partition_processor_xsave_features { as_uint64 = ~(hostXsave?.as_uint64 ?? ulong.MaxValue) });
    }

    /// <summary>Synthetic features that Linux and Windows guests use: time, interrupts, hypercalls and TLB flushes.</summary>
    internal static hv_partition_synthetic_processor_features UsualSynthetic => new()
    {
        hypervisor_present = 1,
        hv1 = 1,
        access_partition_reference_counter = 1,
        access_synic_regs = 1,
        access_synthetic_timer_regs = 1,
        access_intr_ctrl_regs = 1,
        access_hypercall_regs = 1,
        access_vp_index = 1,
        access_partition_reference_tsc = 1,
        access_guest_idle_reg = 1,
        access_frequency_regs = 1,
        direct_synthetic_timers = 1,
        tb_flush_hypercalls = 1,
        synthetic_cluster_ipi = 1,
    };
}
