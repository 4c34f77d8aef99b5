using HvBindgen.Mshv.Abi;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Processors;

/// <summary>What belongs to the whole state of a processor.</summary>
/// <param name="Required">Registers that every processor has, in the order to restore them.</param>
/// <param name="Optional">Registers that depend on features, in the order to restore them.</param>
/// <param name="RequiredComponents">Components that the processor must have.</param>
/// <param name="OptionalComponents">Components that depend on features.</param>
internal sealed record StateInventory(
    IReadOnlyList<uint> Required,
    IReadOnlyList<uint> Optional,
    IReadOnlyList<VpStateComponent> RequiredComponents,
    IReadOnlyList<VpStateComponent> OptionalComponents)
{
    internal static StateInventory Of(VirtualProcessor processor) =>
        processor.Architecture == GuestArchitecture.X64 ? X64(processor) : Arm64();

    // x87, MMX and vector registers are in the XSAVE state. XCR0 comes first, because it decides what that state holds.
    private static StateInventory X64(VirtualProcessor processor)
    {
        uint[] required =
        [
            (uint)Name.HV_X64_REGISTER_XFEM,
            .. processor.X64.ControlNames,
            .. X64RegisterNames.Segments,
            .. X64RegisterNames.Tables,
            .. X64RegisterNames.General,
            .. X64RegisterNames.Debug,
        ];
        uint[] optional =
        [
            .. processor.X64.PresentMsrs().Where(msr => msr.IsState).Select(msr => (uint)msr.Name),
            .. X64RegisterNames.Events,
        ];
        bool hasApic = (processor.Partition.Flags & MSHV_PT_FLAGS.LAPIC) != 0;
        return new StateInventory(
            required,
            optional,
            hasApic ? [VpStateComponent.LocalApic, VpStateComponent.Xsave] : [VpStateComponent.Xsave],
            [VpStateComponent.MessagePage, VpStateComponent.EventFlagsPage, VpStateComponent.SyntheticTimers]);
    }

    private static StateInventory Arm64() => new(
        Arm64RegisterNames.Required,
        Arm64RegisterNames.Optional,
        [],
        [VpStateComponent.MessagePage, VpStateComponent.EventFlagsPage, VpStateComponent.SyntheticTimers]);
}
