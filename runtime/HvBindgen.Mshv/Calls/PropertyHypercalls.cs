using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Calls;

/// <summary>Reads and writes partition properties, of the host through the device or of a partition through its own descriptor.</summary>
internal static unsafe class PropertyHypercalls
{
    internal static HypercallResult Get(DescriptorHandle handle, hv_partition_property_code property, out ulong value)
    {
        hv_input_get_partition_property input = new() { property_code = (uint)property };
        HypercallResult result = HypercallClient.Call(
            handle, Abi.Hypercalls.HVCALL_GET_PARTITION_PROPERTY, input, out hv_output_get_partition_property output);
        value = result.IsSuccess ? output.property_value : 0;
        return result;
    }

    internal static HypercallResult Set(PartitionHandle handle, hv_partition_property_code property, ulong value)
    {
        hv_input_set_partition_property input = new() { property_code = (uint)property, property_value = value };
        return HypercallClient.Call(handle, Abi.Hypercalls.HVCALL_SET_PARTITION_PROPERTY, input);
    }

    internal static HypercallResult GetExtended(DescriptorHandle handle, hv_partition_property_code property, out ulong value)
    {
        HypercallResult result = GetExtended(handle, property, out Abi.X64.hv_output_get_partition_property_ex output);
        value = result.IsSuccess ? *(ulong*)&output : 0;
        return result;
    }

    internal static HypercallResult GetVmmCapabilities(DescriptorHandle handle, out ulong bits)
    {
        HypercallResult result = GetExtended(
            handle, hv_partition_property_code.HV_PARTITION_PROPERTY_VMM_CAPABILITIES,
            out Abi.X64.hv_output_get_partition_property_ex output);
        Abi.X64.hv_partition_property_vmm_capabilities capabilities = output.property_value.vmm_capabilities;
        bits = result.IsSuccess && capabilities.bank_count >= 1 ? capabilities.as_uint64[0] : 0;
        return result;
    }

    private static HypercallResult GetExtended(
        DescriptorHandle handle, hv_partition_property_code property, out Abi.X64.hv_output_get_partition_property_ex output)
    {
        hv_input_get_partition_property_ex input = new() { property_code = (uint)property };
        return HypercallClient.Call(handle, Abi.X64.Hypercalls.HVCALL_GET_PARTITION_PROPERTY_EX, input, out output);
    }
}
