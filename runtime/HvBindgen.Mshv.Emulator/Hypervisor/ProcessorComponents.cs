using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>State of a processor that is no registers: APIC, extended state, synthetic pages and timers.</summary>
/// <param name="partition">Its partition.</param>
/// <param name="gate">Stops it.</param>
/// <param name="stored">State in the engine.</param>
/// <param name="synthetic">Its synthetic registers.</param>
/// <param name="syntheticTimers">Its synthetic timers.</param>
/// <param name="cpuid">Its CPUID table, which has to be in force before the APIC is looked at.</param>
internal sealed class ProcessorComponents(
    VirtualPartition partition,
    EngineGate gate,
    IStoredState stored,
    SyntheticState synthetic,
    SyntheticTimers syntheticTimers,
    ProcessorCpuid cpuid)
{
    /// <summary>Bytes of the APIC's registers, from the start of its page.</summary>
    internal const int ApicPageBytes = 1024;

    private readonly byte[] messagePage = new byte[SharedPages.PageBytes];
    private readonly byte[] eventFlagsPage = new byte[SharedPages.PageBytes];

    // Where each field of the hypervisor's record is in the APIC's page: SDM volume 3, table 10-1.
    private static ReadOnlySpan<ushort> ApicOffsets =>
    [
        0x20, 0x30, 0xd0, 0xe0, 0xf0,
        0x100, 0x110, 0x120, 0x130, 0x140, 0x150, 0x160, 0x170,
        0x180, 0x190, 0x1a0, 0x1b0, 0x1c0, 0x1d0, 0x1e0, 0x1f0,
        0x200, 0x210, 0x220, 0x230, 0x240, 0x250, 0x260, 0x270,
        0x280, 0x310, 0x300, 0x320, 0x330, 0x340, 0x350, 0x360, 0x370, 0x2f0,
        0x280, 0x380, 0x390, 0x3e0, 0xc0,
    ];

    /// <summary>Bytes of a component.</summary>
    /// <param name="type"><c>MSHV_VP_STATE_*</c>.</param>
    internal int SizeBytes(byte type) => (uint)type switch
    {
        Hv.MSHV_VP_STATE_XSAVE => stored.XsaveSizeBytes,
        Hv.MSHV_VP_STATE_SYNTHETIC_TIMERS => Marshal.SizeOf<hv_synthetic_timers_state>(),
        _ => SharedPages.PageBytes,
    };

    /// <summary>Reads a component.</summary>
    /// <returns>A status.</returns>
    internal int Get(byte type, Span<byte> data)
    {
        using EngineGate.Stop stop = gate.StopForAccess();
        switch ((uint)type)
        {
            case Hv.MSHV_VP_STATE_LAPIC:
                return GetApic(data);
            case Hv.MSHV_VP_STATE_XSAVE:
                stored.ReadXsave(data);
                return ExtendedState.Compact(data, partition.Host.SupportedCpuid) ? Hv.HV_STATUS_SUCCESS : Hv.HV_STATUS_OPERATION_FAILED;
            case Hv.MSHV_VP_STATE_SIMP:
                CopySyntheticPage(hv_register_name.HV_REGISTER_SIMP, messagePage, data);
                return Hv.HV_STATUS_SUCCESS;
            case Hv.MSHV_VP_STATE_SIEFP:
                CopySyntheticPage(hv_register_name.HV_REGISTER_SIEFP, eventFlagsPage, data);
                return Hv.HV_STATUS_SUCCESS;
            default:
                hv_synthetic_timers_state timers = default;
                for (uint index = 0; index < 4; index++)
                {
                    timers.timers[(int)index].config = synthetic[hv_register_name.HV_REGISTER_STIMER0_CONFIG + (2 * index)];
                    timers.timers[(int)index].count = synthetic[hv_register_name.HV_REGISTER_STIMER0_COUNT + (2 * index)];
                }

                MemoryMarshal.Write(data, in timers);
                return Hv.HV_STATUS_SUCCESS;
        }
    }

    /// <summary>Writes a component.</summary>
    /// <returns>A status.</returns>
    internal int Set(byte type, Span<byte> data)
    {
        using EngineGate.Stop stop = gate.StopForAccess();
        switch ((uint)type)
        {
            case Hv.MSHV_VP_STATE_LAPIC:
                return SetApic(data);
            case Hv.MSHV_VP_STATE_XSAVE:
                return ExtendedState.Expand(data, partition.Host.SupportedCpuid) && stored.TryWriteXsave(data)
                    ? Hv.HV_STATUS_SUCCESS
                    : Hv.HV_STATUS_INVALID_PARAMETER;
            case Hv.MSHV_VP_STATE_SIMP:
                StoreSyntheticPage(hv_register_name.HV_REGISTER_SIMP, messagePage, data);
                return Hv.HV_STATUS_SUCCESS;
            case Hv.MSHV_VP_STATE_SIEFP:
                StoreSyntheticPage(hv_register_name.HV_REGISTER_SIEFP, eventFlagsPage, data);
                return Hv.HV_STATUS_SUCCESS;
            default:
                hv_synthetic_timers_state timers = MemoryMarshal.Read<hv_synthetic_timers_state>(data);
                for (uint index = 0; index < 4; index++)
                {
                    synthetic[hv_register_name.HV_REGISTER_STIMER0_CONFIG + (2 * index)] = timers.timers[(int)index].config;
                    synthetic[hv_register_name.HV_REGISTER_STIMER0_COUNT + (2 * index)] = timers.timers[(int)index].count;
                }

                syntheticTimers.OnRestored();
                return Hv.HV_STATUS_SUCCESS;
        }
    }

    // KVM takes x2APIC mode only from a processor whose CPUID has it, and the mode decides what the page looks like.
    private int GetApic(Span<byte> data)
    {
        cpuid.Apply();
        Span<byte> page = stackalloc byte[ApicPageBytes];
        if (!partition.Options.HasApic || !stored.TryReadApic(page))
        {
            return Hv.HV_STATUS_INVALID_VP_STATE;
        }

        for (int field = 0; field < ApicOffsets.Length; field++)
        {
            page.Slice(ApicOffsets[field], sizeof(uint)).CopyTo(data[(field * sizeof(uint))..]);
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    // What the record does not carry (task priority, above all) stays.
    private int SetApic(ReadOnlySpan<byte> data)
    {
        cpuid.Apply();
        Span<byte> page = stackalloc byte[ApicPageBytes];
        if (!partition.Options.HasApic || !stored.TryReadApic(page))
        {
            return Hv.HV_STATUS_INVALID_VP_STATE;
        }

        for (int field = 0; field < ApicOffsets.Length; field++)
        {
            data.Slice(field * sizeof(uint), sizeof(uint)).CopyTo(page[ApicOffsets[field]..]);
        }

        return stored.TryWriteApic(page) ? Hv.HV_STATUS_SUCCESS : Hv.HV_STATUS_INVALID_PARAMETER;
    }

    private void CopySyntheticPage(hv_register_name register, byte[] kept, Span<byte> data)
    {
        kept.CopyTo(data);
        if ((synthetic[register] & 1) != 0)
        {
            _ = partition.Memory.Map.Read(synthetic[register] & SyntheticInterrupts.PageMask, data[..SharedPages.PageBytes]);
        }
    }

    private void StoreSyntheticPage(hv_register_name register, byte[] kept, ReadOnlySpan<byte> data)
    {
        data[..SharedPages.PageBytes].CopyTo(kept);
        if ((synthetic[register] & 1) != 0)
        {
            _ = partition.Memory.Map.Write(synthetic[register] & SyntheticInterrupts.PageMask, data[..SharedPages.PageBytes]);
        }
    }
}
