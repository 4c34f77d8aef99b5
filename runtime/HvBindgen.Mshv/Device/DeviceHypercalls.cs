using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv;

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

    /// <summary>What the hypervisor lets a virtual machine monitor do.</summary>
    /// <param name="bits">Bits of <c>hv_partition_property_vmm_capabilities</c>; 0 where the hypervisor tells nothing.</param>
    /// <returns>What the hypercall gave. A refusal means the same as no capabilities.</returns>
    public HypercallResult TryGetVmmCapabilities(out ulong bits) => PropertyHypercalls.GetVmmCapabilities(handle, out bits);
}
