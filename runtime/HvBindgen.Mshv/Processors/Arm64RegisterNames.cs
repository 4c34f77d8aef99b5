using Name = HvBindgen.Mshv.Abi.Arm64.hv_register_name;

namespace HvBindgen.Mshv.Processors;

/// <summary>Registers of arm64 by group.</summary>
internal static class Arm64RegisterNames
{
    internal static readonly uint[] General =
    [
        .. Sequence(Name.HV_ARM64_REGISTER_X0, Name.HV_ARM64_REGISTER_LR),
        (uint)Name.HV_ARM64_REGISTER_SP,
        (uint)Name.HV_ARM64_REGISTER_PC,
        (uint)Name.HV_ARM64_REGISTER_PSTATE,
        (uint)Name.HV_ARM64_REGISTER_SP_EL1,
        (uint)Name.HV_ARM64_REGISTER_ELR_EL1,
        (uint)Name.HV_ARM64_REGISTER_FPSR,
        (uint)Name.HV_ARM64_REGISTER_FPCR,
    ];

    internal static readonly uint[] Vector = Sequence(Name.HV_ARM64_REGISTER_Q0, Name.HV_ARM64_REGISTER_Q31);

    /// <summary>What a processor cannot go on without. Both stack pointers by their own names: which one SP means depends on
    /// PSTATE.</summary>
    internal static readonly uint[] Required =
    [
        .. Sequence(Name.HV_ARM64_REGISTER_X0, Name.HV_ARM64_REGISTER_LR),
        (uint)Name.HV_ARM64_REGISTER_SP_EL0,
        (uint)Name.HV_ARM64_REGISTER_SP_EL1,
        (uint)Name.HV_ARM64_REGISTER_PC,
        (uint)Name.HV_ARM64_REGISTER_PSTATE,
        (uint)Name.HV_ARM64_REGISTER_ELR_EL1,
        (uint)Name.HV_ARM64_REGISTER_SPSR_EL1,
        (uint)Name.HV_ARM64_REGISTER_FPSR,
        (uint)Name.HV_ARM64_REGISTER_FPCR,
        .. Vector,
        (uint)Name.HV_ARM64_REGISTER_SCTLR_EL1,
        (uint)Name.HV_ARM64_REGISTER_CPACR_EL1,
        (uint)Name.HV_ARM64_REGISTER_TTBR0_EL1,
        (uint)Name.HV_ARM64_REGISTER_TTBR1_EL1,
        (uint)Name.HV_ARM64_REGISTER_TCR_EL1,
        (uint)Name.HV_ARM64_REGISTER_ESR_EL1,
        (uint)Name.HV_ARM64_REGISTER_FAR_EL1,
        (uint)Name.HV_ARM64_REGISTER_MAIR_EL1,
        (uint)Name.HV_ARM64_REGISTER_VBAR_EL1,
        (uint)Name.HV_ARM64_REGISTER_CONTEXTIDR_EL1,
        (uint)Name.HV_ARM64_REGISTER_TPIDR_EL0,
        (uint)Name.HV_ARM64_REGISTER_TPIDRRO_EL0,
        (uint)Name.HV_ARM64_REGISTER_TPIDR_EL1,
    ];

    /// <summary>What depends on the processor's and the hypervisor's features, in the order to restore it.</summary>
    internal static readonly uint[] Optional =
    [
        (uint)Name.HV_ARM64_REGISTER_GICR_BASE_GPA,
        (uint)Name.HV_ARM64_REGISTER_ACTLR_EL1,
        (uint)Name.HV_ARM64_REGISTER_AFSR0_EL1,
        (uint)Name.HV_ARM64_REGISTER_AFSR1_EL1,
        (uint)Name.HV_ARM64_REGISTER_AMAIR_EL1,
        (uint)Name.HV_ARM64_REGISTER_PAR_EL1,
        (uint)Name.HV_ARM64_REGISTER_CSSELR_EL1,
        (uint)Name.HV_ARM64_REGISTER_MDSCR_EL1,
        .. Sequence(Name.HV_ARM64_REGISTER_APD_A_KEY_HI_EL1, Name.HV_ARM64_REGISTER_API_B_KEY_LO_EL1),
        (uint)Name.HV_ARM64_REGISTER_CNTKCTL_EL1,
        (uint)Name.HV_ARM64_REGISTER_CNTVCT_EL0,
        (uint)Name.HV_ARM64_REGISTER_CNTV_CTL_EL0,
        (uint)Name.HV_ARM64_REGISTER_CNTV_CVAL_EL0,
        (uint)Name.HV_REGISTER_PENDING_INTERRUPTION,
        (uint)Name.HV_REGISTER_INTERRUPT_STATE,
        (uint)Name.HV_REGISTER_PENDING_EVENT0,
        (uint)Name.HV_REGISTER_INTERNAL_ACTIVITY_STATE,
    ];

    private static uint[] Sequence(Name first, Name last)
    {
        uint[] names = new uint[last - first + 1];
        for (uint i = 0; i < names.Length; i++)
        {
            names[i] = (uint)first + i;
        }

        return names;
    }
}
