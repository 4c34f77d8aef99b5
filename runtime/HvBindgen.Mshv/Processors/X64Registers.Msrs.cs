using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;

namespace HvBindgen.Mshv.Processors;

/// <content>Model-specific registers by their number.</content>
public sealed partial class X64Registers
{
    /// <summary>Numbers of the model-specific registers that the partition's features bring with them.</summary>
    /// <returns>Numbers, in the order to restore them; all, where the hypervisor does not tell the features.</returns>
    public IReadOnlyList<uint> ListMsrs() => [.. PresentMsrs().Select(msr => msr.Msr)];

    /// <summary>Reads a model-specific register.</summary>
    /// <param name="msr">Number.</param>
    /// <returns>Its value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The hypervisor has no name for the register.</exception>
    /// <exception cref="HypervisorException">The hypervisor refused; the partition may lack the feature.</exception>
    public ulong GetMsr(uint msr) => registers.Get(NameOf(msr)).reg64;

    /// <summary>Writes a model-specific register.</summary>
    /// <param name="msr">Number.</param>
    /// <param name="value">Value.</param>
    /// <exception cref="ArgumentOutOfRangeException">The hypervisor has no name for the register.</exception>
    /// <exception cref="HypervisorException">The hypervisor refused; the partition may lack the feature.</exception>
    public void SetMsr(uint msr, ulong value) => registers.Set(NameOf(msr), value);

    /// <summary>Reads model-specific registers, in as few hypercalls as they fit in.</summary>
    /// <param name="msrs">Numbers.</param>
    /// <param name="values">Receives their values; as long as the numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">The hypervisor has no name for a register.</exception>
    /// <exception cref="HypervisorException">The hypervisor refused; the message names the register.</exception>
    public void GetMsrs(ReadOnlySpan<uint> msrs, Span<ulong> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, msrs.Length, nameof(values));
        hv_u128[] cells = new hv_u128[msrs.Length];
        Checked().Get(NamesOf(msrs), cells);
        for (int i = 0; i < cells.Length; i++)
        {
            values[i] = cells[i].low_part;
        }
    }

    /// <summary>Writes model-specific registers, in as few hypercalls as they fit in.</summary>
    /// <param name="msrs">Numbers.</param>
    /// <param name="values">Their values; as long as the numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">The hypervisor has no name for a register.</exception>
    /// <exception cref="HypervisorException">The hypervisor refused; the message names the register. Some of the others may have
    /// been written.</exception>
    public void SetMsrs(ReadOnlySpan<uint> msrs, ReadOnlySpan<ulong> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, msrs.Length, nameof(values));
        hv_u128[] cells = new hv_u128[msrs.Length];
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i].low_part = values[i];
        }

        Checked().Set(NamesOf(msrs), cells);
    }

    // Where the hypervisor does not tell a bank of features, its registers count as present; asking for one that is not is refused.
    internal IEnumerable<X64Msr> PresentMsrs()
    {
        hv_partition_processor_features processorFeatures = default;
        hv_partition_synthetic_processor_features synthetic = default;
        processorFeatures.as_uint64[0] = Bank(hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0);
        processorFeatures.as_uint64[1] = Bank(hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES1);
        synthetic.as_uint64[0] = Bank(hv_partition_property_code.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES);
        return X64Msrs.All.Where(msr => X64Msrs.IsPresent(msr, processorFeatures, synthetic));

        ulong Bank(hv_partition_property_code code) =>
            PropertyHypercalls.Get(processor.Partition.Handle, code, out ulong bits).IsSuccess ? bits : ulong.MaxValue;
    }

    private static Abi.X64.hv_register_name NameOf(uint msr) => X64Msrs.ByNumber.TryGetValue(msr, out X64Msr found)
        ? found.Name
        : throw new ArgumentOutOfRangeException(nameof(msr), $"The hypervisor has no name for the model-specific register 0x{msr:x}.");

    private static uint[] NamesOf(ReadOnlySpan<uint> msrs)
    {
        uint[] names = new uint[msrs.Length];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = (uint)NameOf(msrs[i]);
        }

        return names;
    }
}
