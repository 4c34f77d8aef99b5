using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Register names that are model-specific registers: SDM volume 4 numbers.</summary>
internal sealed class MsrRegisters(IStoredState stored, ReferencePage page) : IRegisterBank
{
    private const uint TimeStampCounter = 0x10;
    private const uint MtrrPhysicalBase0 = 0x200;

    private static readonly Dictionary<hv_register_name, uint> Known = new()
    {
        [hv_register_name.HV_X64_REGISTER_TSC] = TimeStampCounter,
        [hv_register_name.HV_X64_REGISTER_KERNEL_GS_BASE] = 0xc0000102,
        [hv_register_name.HV_X64_REGISTER_PAT] = 0x277,
        [hv_register_name.HV_X64_REGISTER_SYSENTER_CS] = 0x174,
        [hv_register_name.HV_X64_REGISTER_SYSENTER_EIP] = 0x176,
        [hv_register_name.HV_X64_REGISTER_SYSENTER_ESP] = 0x175,
        [hv_register_name.HV_X64_REGISTER_STAR] = 0xc0000081,
        [hv_register_name.HV_X64_REGISTER_LSTAR] = 0xc0000082,
        [hv_register_name.HV_X64_REGISTER_CSTAR] = 0xc0000083,
        [hv_register_name.HV_X64_REGISTER_SFMASK] = 0xc0000084,
        [hv_register_name.HV_X64_REGISTER_MSR_MTRR_CAP] = 0xfe,
        [hv_register_name.HV_X64_REGISTER_MSR_MTRR_DEF_TYPE] = 0x2ff,
        [hv_register_name.HV_X64_REGISTER_MSR_MTRR_FIX64K00000] = 0x250,
        [hv_register_name.HV_X64_REGISTER_MSR_MTRR_FIX16K80000] = 0x258,
        [hv_register_name.HV_X64_REGISTER_MSR_MTRR_FIX16KA0000] = 0x259,
        [hv_register_name.HV_X64_REGISTER_MSR_MTRR_FIX4KC0000] = 0x268,
        [hv_register_name.HV_X64_REGISTER_MSR_MTRR_FIX4KC8000] = 0x269,
        [hv_register_name.HV_X64_REGISTER_MSR_MTRR_FIX4KD0000] = 0x26a,
        [hv_register_name.HV_X64_REGISTER_MSR_MTRR_FIX4KD8000] = 0x26b,
        [hv_register_name.HV_X64_REGISTER_MSR_MTRR_FIX4KE0000] = 0x26c,
        [hv_register_name.HV_X64_REGISTER_MSR_MTRR_FIX4KE8000] = 0x26d,
        [hv_register_name.HV_X64_REGISTER_MSR_MTRR_FIX4KF0000] = 0x26e,
        [hv_register_name.HV_X64_REGISTER_MSR_MTRR_FIX4KF8000] = 0x26f,
        [hv_register_name.HV_X64_REGISTER_TSC_AUX] = 0xc0000103,
        [hv_register_name.HV_X64_REGISTER_BNDCFGS] = 0xd90,
        [hv_register_name.HV_X64_REGISTER_DEBUG_CTL] = 0x1d9,
        [hv_register_name.HV_X64_REGISTER_SPEC_CTRL] = 0x48,
        [hv_register_name.HV_X64_REGISTER_PRED_CMD] = 0x49,
        [hv_register_name.HV_X64_REGISTER_U_XSS] = 0xda0,
        [hv_register_name.HV_X64_REGISTER_U_CET] = 0x6a0,
        [hv_register_name.HV_X64_REGISTER_S_CET] = 0x6a2,
        [hv_register_name.HV_X64_REGISTER_PL0_SSP] = 0x6a4,
        [hv_register_name.HV_X64_REGISTER_PL1_SSP] = 0x6a5,
        [hv_register_name.HV_X64_REGISTER_PL2_SSP] = 0x6a6,
        [hv_register_name.HV_X64_REGISTER_PL3_SSP] = 0x6a7,
        [hv_register_name.HV_X64_REGISTER_INTERRUPT_SSP_TABLE_ADDR] = 0x6a8,
        [hv_register_name.HV_X64_REGISTER_TSC_ADJUST] = 0x3b,
        [hv_register_name.HV_X64_REGISTER_MSR_IA32_MISC_ENABLE] = 0x1a0,
        [hv_register_name.HV_X64_REGISTER_IA32_FEATURE_CONTROL] = 0x3a,
    };

    public int? Get(hv_register_name name, ref hv_register_value value) =>
        IndexOf(name) is not { } index ? null
        : stored.TryReadMsr(index, out value.reg64) ? Hv.HV_STATUS_SUCCESS
        : Hv.HV_STATUS_INVALID_PARAMETER;

    public int? Set(hv_register_name name, in hv_register_value value)
    {
        if (IndexOf(name) is null)
        {
            return null;
        }

        _ = SetSeries([new() { name = (uint)name, value = value }], out int status);
        return status;
    }

    /// <summary>How many elements from the first on are registers of this bank.</summary>
    internal static int CountFirst(ReadOnlySpan<hv_register_assoc> elements)
    {
        int count = 0;
        while (count < elements.Length && IndexOf((hv_register_name)elements[count].name) is not null)
        {
            count++;
        }

        return count;
    }

    /// <summary>Writes registers of this bank in their order, by one request of the engine's, up to one that is refused.</summary>
    /// <param name="elements">The registers.</param>
    /// <param name="status">Why the next one is refused.</param>
    /// <returns>How many were written.</returns>
    internal int SetSeries(ReadOnlySpan<hv_register_assoc> elements, out int status)
    {
        (uint Index, ulong Value)[] values = new (uint, ulong)[elements.Length];
        bool isTimeSet = false;
        for (int index = 0; index < values.Length; index++)
        {
            values[index] = (IndexOf((hv_register_name)elements[index].name) ?? 0, elements[index].value.reg64);
        }

        int written = stored.WriteMsrs(values);
        foreach ((uint index, ulong _) in values.AsSpan(0, written))
        {
            isTimeSet |= index == TimeStampCounter;
        }

        if (isTimeSet)
        {
            page.Write(stored);
        }

        status = written == values.Length ? Hv.HV_STATUS_SUCCESS
            : stored.TryReadMsr(values[written].Index, out _) ? Hv.HV_STATUS_INVALID_REGISTER_VALUE
            : Hv.HV_STATUS_INVALID_PARAMETER;
        return written;
    }

    private static uint? IndexOf(hv_register_name name)
    {
        if (Known.TryGetValue(name, out uint index))
        {
            return index;
        }

        // Variable-range MTRRs: pairs of base and mask.
        return name switch
        {
            >= hv_register_name.HV_X64_REGISTER_MSR_MTRR_PHYS_BASE0 and <= hv_register_name.HV_X64_REGISTER_MSR_MTRR_PHYS_BASEF =>
                MtrrPhysicalBase0 + (2 * (uint)(name - hv_register_name.HV_X64_REGISTER_MSR_MTRR_PHYS_BASE0)),
            >= hv_register_name.HV_X64_REGISTER_MSR_MTRR_PHYS_MASK0 and <= hv_register_name.HV_X64_REGISTER_MSR_MTRR_PHYS_MASKF =>
                MtrrPhysicalBase0 + 1 + (2 * (uint)(name - hv_register_name.HV_X64_REGISTER_MSR_MTRR_PHYS_MASK0)),
            _ => null,
        };
    }
}
