using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>What a partition was created with.</summary>
/// <param name="Flags">Flags.</param>
/// <param name="DisabledFeatures0">Processor features that the guest has not, first bank.</param>
/// <param name="DisabledFeatures1">The same, second bank.</param>
/// <param name="DisabledXsaveFeatures">Extended-state features that the guest has not.</param>
internal sealed record PartitionOptions(
    MSHV_PT_FLAGS Flags, ulong DisabledFeatures0, ulong DisabledFeatures1, ulong DisabledXsaveFeatures)
{
    internal bool HasApic => Flags.HasFlag(MSHV_PT_FLAGS.LAPIC);

    internal bool HasX2Apic => Flags.HasFlag(MSHV_PT_FLAGS.X2APIC);
}
