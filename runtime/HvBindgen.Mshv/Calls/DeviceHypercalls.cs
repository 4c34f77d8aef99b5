using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Calls;

/// <summary>Hypercalls on the device's descriptor: they ask about the host partition itself. Linux 6.19 and later pass them on.</summary>
public sealed class DeviceHypercalls
{
    private readonly DeviceHandle handle;

    internal DeviceHypercalls(DeviceHandle handle) => this.handle = handle;

    /// <summary>Reads a property of the host.</summary>
    /// <param name="property">Property.</param>
    /// <param name="value">Its value; 0 after a failure.</param>
    /// <returns>What the hypercall gave.</returns>
    public HypercallResult TryGetProperty(hv_partition_property_code property, out ulong value) =>
        PropertyHypercalls.Get(handle, property, out value);

    /// <summary>Reads a property that only the extended hypercall gives.</summary>
    /// <param name="property">Property.</param>
    /// <param name="value">First 8 bytes of its value; 0 after a failure.</param>
    /// <returns>What the hypercall gave.</returns>
    public HypercallResult TryGetExtendedProperty(hv_partition_property_code property, out ulong value) =>
        PropertyHypercalls.GetExtended(handle, property, out value);

    /// <summary>Processor features of the host; null where the hypervisor does not tell them.</summary>
    internal hv_partition_processor_features? ProcessorFeatures
    {
        get
        {
            bool known = TryGetProperty(hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0, out ulong bank0).IsSuccess;
            known &= TryGetProperty(hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES1, out ulong bank1).IsSuccess;
            if (!known)
            {
                return null;
            }

            hv_partition_processor_features features = default;
            features.as_uint64[0] = bank0;
            features.as_uint64[1] = bank1;
            return features;
        }
    }

    /// <summary>XSAVE features of the host; null where the hypervisor does not tell them.</summary>
    internal hv_partition_processor_xsave_features? XsaveFeatures =>
        TryGetProperty(hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_XSAVE_FEATURES, out ulong bits).IsSuccess
            ? new hv_partition_processor_xsave_features { as_uint64 = bits }
            : null;

    /// <summary>Synthetic features that a partition may have; null where the hypervisor does not tell them.</summary>
    internal hv_partition_synthetic_processor_features? AssignableSyntheticFeatures
    {
        get
        {
            const hv_partition_property_code Code = hv_partition_property_code.HV_PARTITION_PROPERTY_ASSIGNABLE_SYNTHETIC_PROC_FEATURES;

            // Hypervisors differ in which of the two hypercalls gives it; older ones give it by neither.
            if (!TryGetProperty(Code, out ulong bits).IsSuccess && !TryGetExtendedProperty(Code, out bits).IsSuccess)
            {
                return null;
            }

            hv_partition_synthetic_processor_features features = default;
            features.as_uint64[0] = bits;
            return features;
        }
    }

    /// <summary>What the hypervisor lets a virtual machine monitor do.</summary>
    /// <param name="bits">Bits of <c>hv_partition_property_vmm_capabilities</c>; 0 where the hypervisor tells nothing.</param>
    /// <returns>What the hypercall gave. A refusal means the same as no capabilities.</returns>
    public HypercallResult TryGetVmmCapabilities(out ulong bits) => PropertyHypercalls.GetVmmCapabilities(handle, out bits);
}
