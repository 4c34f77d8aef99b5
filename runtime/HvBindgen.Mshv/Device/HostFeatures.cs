using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv;

/// <summary>Features of the host as the hypervisor tells them on the device's descriptor.</summary>
internal static class HostFeatures
{
    internal static hv_partition_processor_features? Processor(MshvDevice device)
    {
        bool known = device.Hypercalls.TryGetProperty(
            hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0, out ulong bank0).IsSuccess;
        known &= device.Hypercalls.TryGetProperty(
            hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES1, out ulong bank1).IsSuccess;
        if (!known)
        {
            return null;
        }

        hv_partition_processor_features features = default;
        features.as_uint64[0] = bank0;
        features.as_uint64[1] = bank1;
        return features;
    }

    internal static hv_partition_processor_xsave_features? Xsave(MshvDevice device) =>
        device.Hypercalls.TryGetProperty(
            hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_XSAVE_FEATURES, out ulong bits).IsSuccess
            ? new hv_partition_processor_xsave_features { as_uint64 = bits }
            : null;

    internal static hv_partition_synthetic_processor_features? AssignableSynthetic(MshvDevice device)
    {
        const hv_partition_property_code Code = hv_partition_property_code.HV_PARTITION_PROPERTY_ASSIGNABLE_SYNTHETIC_PROC_FEATURES;

        // Hypervisors differ in which of the two hypercalls gives it; older ones give it by neither.
        if (!device.Hypercalls.TryGetProperty(Code, out ulong bits).IsSuccess
            && !device.Hypercalls.TryGetExtendedProperty(Code, out bits).IsSuccess)
        {
            return null;
        }

        hv_partition_synthetic_processor_features features = default;
        features.as_uint64[0] = bits;
        return features;
    }
}
