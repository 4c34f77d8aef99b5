using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Registers of the hypervisor's own: kept as values, and given to the guest as its synthetic MSRs.</summary>
internal static class SyntheticRegisters
{
    internal static int? Get(VirtualCpu processor, uint name, ref hv_register_value value)
    {
        switch ((hv_register_name)name)
        {
            case hv_register_name.HV_REGISTER_VP_INDEX:
            case hv_register_name.HV_X64_REGISTER_INITIAL_APIC_ID:
            case hv_register_name.HV_X64_REGISTER_APIC_ID:
                value.reg64 = processor.Index;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_REGISTER_TIME_REF_COUNT:
                value.reg64 = processor.Partition.Properties.ReferenceTime;
                return Hv.HV_STATUS_SUCCESS;
            default:
                return null;
        }
    }

    internal static int? Set(VirtualCpu processor, uint name, in hv_register_value value)
    {
        switch ((hv_register_name)name)
        {
            case hv_register_name.HV_X64_REGISTER_INITIAL_APIC_ID:
            case hv_register_name.HV_X64_REGISTER_APIC_ID:
                // KVM's APIC number is the index that the processor was created with.
                return value.reg64 == processor.Index ? Hv.HV_STATUS_SUCCESS : Refuse(processor);
            default:
                return null;
        }
    }

    private static int Refuse(VirtualCpu processor)
    {
        processor.Partition.Host.Refusals.Report("an APIC number other than the processor's index cannot be set");
        return Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED;
    }
}
