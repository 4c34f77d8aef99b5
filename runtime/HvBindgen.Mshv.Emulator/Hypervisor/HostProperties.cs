using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Properties that all partitions read alike.</summary>
internal sealed class HostProperties(Host host)
{
    /// <summary>Synthetic features that a partition can be given: those that registers and messages of the emulator back.</summary>
    internal static ulong AssignableSyntheticFeatures { get; } = new hv_partition_synthetic_processor_features
    {
        hypervisor_present = 1,
        hv1 = 1,
        access_vp_run_time_reg = 1,
        access_partition_reference_counter = 1,
        access_synic_regs = 1,
        access_synthetic_timer_regs = 1,
        access_intr_ctrl_regs = 1,
        access_hypercall_regs = 1,
        access_vp_index = 1,
        access_partition_reference_tsc = 1,
        access_guest_idle_reg = 1,
        access_frequency_regs = 1,
        enable_extended_gva_ranges_for_flush_virtual_address_list = 1,
        fast_hypercall_output = 1,
        start_virtual_processor = 1,
        direct_synthetic_timers = 1,
        extended_processor_masks = 1,
        tb_flush_hypercalls = 1,
        synthetic_cluster_ipi = 1,
        notify_long_spin_wait = 1,
        query_numa_distance = 1,
        signal_events = 1,
        retarget_device_interrupt = 1,
        restore_time = 1,
    }.as_uint64[0];

    /// <summary>HvCallGetPartitionProperty, on the host itself.</summary>
    /// <returns>A status.</returns>
    internal int Get(in hv_input_get_partition_property input, ref HypercallFrame frame)
    {
        if (TryGet((hv_partition_property_code)input.property_code, out ulong value))
        {
            frame.Write(new hv_output_get_partition_property { property_value = value });
            return Hv.HV_STATUS_SUCCESS;
        }

        return Hv.HV_STATUS_UNKNOWN_PROPERTY;
    }

    /// <summary>HvCallGetPartitionPropertyEx.</summary>
    /// <returns>A status.</returns>
    internal static int GetEx(in hv_input_get_partition_property_ex input, ref HypercallFrame frame)
    {
        switch ((hv_partition_property_code)input.property_code)
        {
            case hv_partition_property_code.HV_PARTITION_PROPERTY_VMM_CAPABILITIES:
                hv_output_get_partition_property_ex output = default;
                output.property_value.vmm_capabilities.bank_count = 1;
                output.property_value.vmm_capabilities.assignable_synthetic_proc_features = 1;
                frame.Write(in output);
                return Hv.HV_STATUS_SUCCESS;
            case hv_partition_property_code.HV_PARTITION_PROPERTY_ASSIGNABLE_SYNTHETIC_PROC_FEATURES:
                frame.Write(AssignableSyntheticFeatures);
                return Hv.HV_STATUS_SUCCESS;
            default:
                return Hv.HV_STATUS_UNKNOWN_PROPERTY;
        }
    }

    /// <summary>A property's value.</summary>
    /// <returns>False when the host has none of this code.</returns>
    internal bool TryGet(hv_partition_property_code code, out ulong value)
    {
        switch (code)
        {
            case hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0:
                value = ProcessorFeatures.OfHost(host.SupportedCpuid, bank: 0);
                return true;
            case hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES1:
                value = ProcessorFeatures.OfHost(host.SupportedCpuid, bank: 1);
                return true;
            case hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_XSAVE_FEATURES:
                value = ProcessorFeatures.XsaveOfHost(host.SupportedCpuid);
                return true;
            case hv_partition_property_code.HV_PARTITION_PROPERTY_XSAVE_STATES:
                value = ProcessorFeatures.XsaveComponents(host.SupportedCpuid);
                return true;
            case hv_partition_property_code.HV_PARTITION_PROPERTY_ASSIGNABLE_SYNTHETIC_PROC_FEATURES:
                value = AssignableSyntheticFeatures;
                return true;
            case hv_partition_property_code.HV_PARTITION_PROPERTY_MAX_XSAVE_DATA_SIZE:
                value = (ulong)host.XsaveSizeBytes;
                return true;
            case hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_CLOCK_FREQUENCY:
                value = host.ClockFrequency;
                return true;
            case hv_partition_property_code.HV_PARTITION_PROPERTY_COMPATIBILITY_VERSION:
                value = Hv.HV_COMPATIBILITY_21_H2;
                return true;
            case hv_partition_property_code.HV_PARTITION_PROPERTY_PHYSICAL_ADDRESS_WIDTH:
            case hv_partition_property_code.HV_PARTITION_PROPERTY_IMPLEMENTED_PHYSICAL_ADDRESS_BITS:
                value = ProcessorFeatures.PhysicalAddressBits(host.SupportedCpuid);
                return true;
            case hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_CL_FLUSH_SIZE:
                value = ProcessorFeatures.CacheLineFlushSize(host.SupportedCpuid);
                return true;
            default:
                value = 0;
                return false;
        }
    }
}
