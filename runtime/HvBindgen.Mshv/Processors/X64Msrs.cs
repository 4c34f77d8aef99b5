using System.Collections.Frozen;
using HvBindgen.Mshv.Abi;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Processors;

/// <summary>Feature that a model-specific register comes with.</summary>
internal enum MsrFeature
{
    Always,
    Mtrr,
    TscAdjust,
    SpeculationControl,
    TscAux,
    ShadowStack,
    SupervisorXsave,
    Hypercall,
    VpIndex,
    SynIc,
    ReferenceTsc,
    ReferenceCounter,
    GuestIdle,
}

/// <summary>A model-specific register and the hypervisor's name for it.</summary>
/// <param name="Msr">Number that the guest uses.</param>
/// <param name="Name">The hypervisor's name.</param>
/// <param name="Feature">Feature that it comes with.</param>
/// <param name="IsState">Whether it is to be saved and restored; others follow from something else or count by themselves.</param>
internal readonly record struct X64Msr(uint Msr, Name Name, MsrFeature Feature = MsrFeature.Always, bool IsState = true);

/// <summary>Model-specific registers that the hypervisor has a name for, in the order to restore them.</summary>
internal static class X64Msrs
{
    private const int VariableMtrrs = 8;

    internal static readonly X64Msr[] All = [.. Architectural(), .. Mtrrs(), .. Synthetic()];

    internal static readonly FrozenDictionary<uint, X64Msr> ByNumber = All.ToFrozenDictionary(msr => msr.Msr);

    /// <summary>Whether a partition with these features has the register.</summary>
    internal static bool IsPresent(
        X64Msr msr,
        in hv_partition_processor_features processor,
        in hv_partition_synthetic_processor_features synthetic) => msr.Feature switch
        {
            MsrFeature.TscAdjust => processor.tsc_adjust_support != 0,
            MsrFeature.SpeculationControl => (processor.ibrs_support | processor.stibp_support | processor.mdd_support) != 0,
            MsrFeature.TscAux => (processor.rdtscp_support | processor.rd_pid_support) != 0,
            MsrFeature.ShadowStack => (processor.cet_ss_support | processor.cet_ibt_support) != 0,
            MsrFeature.SupervisorXsave => (processor.cet_ss_support | processor.cet_ibt_support) != 0,
            MsrFeature.Hypercall => synthetic.access_hypercall_regs != 0,
            MsrFeature.VpIndex => synthetic.access_vp_index != 0,
            MsrFeature.SynIc => synthetic.access_synic_regs != 0,
            MsrFeature.ReferenceTsc => synthetic.access_partition_reference_tsc != 0,
            MsrFeature.ReferenceCounter => synthetic.access_partition_reference_counter != 0,
            MsrFeature.GuestIdle => synthetic.access_guest_idle_reg != 0,
            _ => true,
        };

    // Numbers of the processor manuals; the uapi headers do not have them.
    private static IEnumerable<X64Msr> Architectural() =>
    [
        new(0x10, Name.HV_X64_REGISTER_TSC),
        new(0x3b, Name.HV_X64_REGISTER_TSC_ADJUST, MsrFeature.TscAdjust),
        new(0x48, Name.HV_X64_REGISTER_SPEC_CTRL, MsrFeature.SpeculationControl),
        new(0x174, Name.HV_X64_REGISTER_SYSENTER_CS),
        new(0x175, Name.HV_X64_REGISTER_SYSENTER_ESP),
        new(0x176, Name.HV_X64_REGISTER_SYSENTER_EIP),
        new(0x1a0, Name.HV_X64_REGISTER_MSR_IA32_MISC_ENABLE),
        new(0x277, Name.HV_X64_REGISTER_PAT),
        new(0x6a0, Name.HV_X64_REGISTER_U_CET, MsrFeature.ShadowStack),
        new(0x6a2, Name.HV_X64_REGISTER_S_CET, MsrFeature.ShadowStack),
        new(0x6a4, Name.HV_X64_REGISTER_PL0_SSP, MsrFeature.ShadowStack),
        new(0x6a5, Name.HV_X64_REGISTER_PL1_SSP, MsrFeature.ShadowStack),
        new(0x6a6, Name.HV_X64_REGISTER_PL2_SSP, MsrFeature.ShadowStack),
        new(0x6a7, Name.HV_X64_REGISTER_PL3_SSP, MsrFeature.ShadowStack),
        new(0x6a8, Name.HV_X64_REGISTER_INTERRUPT_SSP_TABLE_ADDR, MsrFeature.ShadowStack),
        new(0xda0, Name.HV_X64_REGISTER_U_XSS, MsrFeature.SupervisorXsave),
        new(0xc0000081, Name.HV_X64_REGISTER_STAR),
        new(0xc0000082, Name.HV_X64_REGISTER_LSTAR),
        new(0xc0000083, Name.HV_X64_REGISTER_CSTAR),
        new(0xc0000084, Name.HV_X64_REGISTER_SFMASK),
        new(0xc0000102, Name.HV_X64_REGISTER_KERNEL_GS_BASE),
        new(0xc0000103, Name.HV_X64_REGISTER_TSC_AUX, MsrFeature.TscAux),

        // Saved with the control registers.
        new(0x1b, Name.HV_X64_REGISTER_APIC_BASE, IsState: false),
        new(0xc0000080, Name.HV_X64_REGISTER_EFER, IsState: false),
    ];

    private static IEnumerable<X64Msr> Mtrrs()
    {
        yield return new X64Msr(0xfe, Name.HV_X64_REGISTER_MSR_MTRR_CAP, MsrFeature.Mtrr, IsState: false);
        for (uint i = 0; i < VariableMtrrs; i++)
        {
            yield return new X64Msr(0x200 + (2 * i), Name.HV_X64_REGISTER_MSR_MTRR_PHYS_BASE0 + i, MsrFeature.Mtrr);
            yield return new X64Msr(0x201 + (2 * i), Name.HV_X64_REGISTER_MSR_MTRR_PHYS_MASK0 + i, MsrFeature.Mtrr);
        }

        yield return new X64Msr(0x250, Name.HV_X64_REGISTER_MSR_MTRR_FIX64K00000, MsrFeature.Mtrr);
        yield return new X64Msr(0x258, Name.HV_X64_REGISTER_MSR_MTRR_FIX16K80000, MsrFeature.Mtrr);
        yield return new X64Msr(0x259, Name.HV_X64_REGISTER_MSR_MTRR_FIX16KA0000, MsrFeature.Mtrr);
        for (uint i = 0; i < 8; i++)
        {
            yield return new X64Msr(0x268 + i, Name.HV_X64_REGISTER_MSR_MTRR_FIX4KC0000 + i, MsrFeature.Mtrr);
        }

        // Enables the others, so it comes after them.
        yield return new X64Msr(0x2ff, Name.HV_X64_REGISTER_MSR_MTRR_DEF_TYPE, MsrFeature.Mtrr);
    }

    // Numbers of the hypervisor's functional specification. The guest's identity comes first: without it the rest does not stick.
    private static IEnumerable<X64Msr> Synthetic()
    {
        yield return new X64Msr(0x40000000, Name.HV_REGISTER_GUEST_OS_ID, MsrFeature.Hypercall);
        yield return new X64Msr(0x40000001, Name.HV_X64_REGISTER_HYPERCALL, MsrFeature.Hypercall);
        yield return new X64Msr(0x40000002, Name.HV_REGISTER_VP_INDEX, MsrFeature.VpIndex, IsState: false);
        yield return new X64Msr(0x40000020, Name.HV_REGISTER_TIME_REF_COUNT, MsrFeature.ReferenceCounter, IsState: false);
        yield return new X64Msr(0x40000021, Name.HV_REGISTER_REFERENCE_TSC, MsrFeature.ReferenceTsc);
        yield return new X64Msr(0x40000073, Name.HV_REGISTER_VP_ASSIST_PAGE, MsrFeature.Hypercall);
        yield return new X64Msr(0x40000082, Name.HV_REGISTER_SIEFP, MsrFeature.SynIc);
        yield return new X64Msr(0x40000083, Name.HV_REGISTER_SIMP, MsrFeature.SynIc);
        for (uint i = 0; i < Abi.Constants.HV_SYNIC_SINT_COUNT; i++)
        {
            yield return new X64Msr(0x40000090 + i, Name.HV_REGISTER_SINT0 + i, MsrFeature.SynIc);
        }

        yield return new X64Msr(0x40000080, Name.HV_REGISTER_SCONTROL, MsrFeature.SynIc);
        yield return new X64Msr(0x400000f0, Name.HV_REGISTER_GUEST_IDLE, MsrFeature.GuestIdle, IsState: false);
    }
}
