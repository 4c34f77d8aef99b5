using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Processors;

/// <summary>Registers of x86-64 by group, each in the order of its record.</summary>
internal static class X64RegisterNames
{
    // The numbers of each group are consecutive: hvgdk_mini.h, enum hv_register_name.
    internal static readonly uint[] General = Sequence(Name.HV_X64_REGISTER_RAX, Name.HV_X64_REGISTER_RFLAGS);

    internal static readonly uint[] Segments = Sequence(Name.HV_X64_REGISTER_ES, Name.HV_X64_REGISTER_TR);

    internal static readonly uint[] Tables = Sequence(Name.HV_X64_REGISTER_IDTR, Name.HV_X64_REGISTER_GDTR);

    internal static readonly uint[] Debug = Sequence(Name.HV_X64_REGISTER_DR0, Name.HV_X64_REGISTER_DR7);

    internal static readonly uint[] FloatingPoint = Sequence(Name.HV_X64_REGISTER_XMM0, Name.HV_X64_REGISTER_XMM_CONTROL_STATUS);

    internal static readonly uint[] Control =
    [
        (uint)Name.HV_X64_REGISTER_CR0,
        (uint)Name.HV_X64_REGISTER_CR2,
        (uint)Name.HV_X64_REGISTER_CR3,
        (uint)Name.HV_X64_REGISTER_CR4,
        (uint)Name.HV_X64_REGISTER_CR8,
        (uint)Name.HV_X64_REGISTER_EFER,
        (uint)Name.HV_X64_REGISTER_APIC_BASE,
    ];

    // For a guest that is a hypervisor itself: the registers of the guest proper, whatever its own guest runs with.
    internal static readonly uint[] IntermediateControl =
    [
        (uint)Name.HV_X64_REGISTER_INTERMEDIATE_CR0,
        (uint)Name.HV_X64_REGISTER_CR2,
        (uint)Name.HV_X64_REGISTER_INTERMEDIATE_CR3,
        (uint)Name.HV_X64_REGISTER_INTERMEDIATE_CR4,
        (uint)Name.HV_X64_REGISTER_INTERMEDIATE_CR8,
        (uint)Name.HV_X64_REGISTER_EFER,
        (uint)Name.HV_X64_REGISTER_APIC_BASE,
    ];

    internal static readonly uint[] Events =
    [
        (uint)Name.HV_REGISTER_PENDING_INTERRUPTION,
        (uint)Name.HV_REGISTER_INTERRUPT_STATE,
        (uint)Name.HV_REGISTER_INTERNAL_ACTIVITY_STATE,
        (uint)Name.HV_REGISTER_PENDING_EVENT0,
        (uint)Name.HV_REGISTER_PENDING_EVENT1,
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
