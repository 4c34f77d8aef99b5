using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Processors;

/// <content>Model-specific registers by their number.</content>
public sealed partial class X64Registers
{
    /// <summary>Numbers of the model-specific registers that the partition's features bring with them.</summary>
    /// <returns>Numbers, in the order to restore them.</returns>
    /// <exception cref="HypervisorException">The hypervisor does not tell the partition's features.</exception>
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
    /// <exception cref="HypervisorException">The hypervisor refused; the message names the register. Those before it have been written.</exception>
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

    internal IEnumerable<X64Msr> PresentMsrs()
    {
        hv_partition_processor_features features = processor.Partition.Properties.ProcessorFeatures;
        hv_partition_synthetic_processor_features synthetic = processor.Partition.Properties.SyntheticFeatures;
        return X64Msrs.All.Where(msr => X64Msrs.IsPresent(msr, features, synthetic));
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
