using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>General, segment and control registers: what every engine keeps at hand.</summary>
internal sealed class GeneralRegisters(ProcessorState state) : IRegisterBank
{
    private const ulong MaxCr0 = uint.MaxValue; // upper half must be zero
    private const ulong MaxCr8 = 15;
    private const int RflagsAlwaysSet = 2;

    public int? Get(hv_register_name name, ref hv_register_value value)
    {
        switch (name)
        {
            case >= hv_register_name.HV_X64_REGISTER_RAX and <= hv_register_name.HV_X64_REGISTER_R15:
                value.reg64 = state.General[(int)(name - hv_register_name.HV_X64_REGISTER_RAX)];
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_RIP:
                value.reg64 = state.Rip;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_RFLAGS:
                value.reg64 = state.Rflags;
                return Hv.HV_STATUS_SUCCESS;
            case >= hv_register_name.HV_X64_REGISTER_ES and <= hv_register_name.HV_X64_REGISTER_TR:
                value.segment = state.Segments[(int)(name - hv_register_name.HV_X64_REGISTER_ES)];
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_IDTR:
                value.table = state.Idtr;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_GDTR:
                value.table = state.Gdtr;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_CR0 or hv_register_name.HV_X64_REGISTER_INTERMEDIATE_CR0:
                value.reg64 = state.Cr0;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_CR2:
                value.reg64 = state.Cr2;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_CR3 or hv_register_name.HV_X64_REGISTER_INTERMEDIATE_CR3:
                value.reg64 = state.Cr3;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_CR4 or hv_register_name.HV_X64_REGISTER_INTERMEDIATE_CR4:
                value.reg64 = state.Cr4;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_CR8 or hv_register_name.HV_X64_REGISTER_INTERMEDIATE_CR8:
                value.reg64 = state.Cr8;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_EFER:
                value.reg64 = state.Efer;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_APIC_BASE:
                value.reg64 = state.ApicBase;
                return Hv.HV_STATUS_SUCCESS;
            default:
                return null;
        }
    }

    public int? Set(hv_register_name name, in hv_register_value value)
    {
        switch (name)
        {
            case >= hv_register_name.HV_X64_REGISTER_RAX and <= hv_register_name.HV_X64_REGISTER_R15:
                state.General[(int)(name - hv_register_name.HV_X64_REGISTER_RAX)] = value.reg64;
                state.GeneralChanged = true;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_RIP:
                state.Rip = value.reg64;
                state.GeneralChanged = true;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_RFLAGS:
                state.Rflags = value.reg64 | RflagsAlwaysSet;
                state.GeneralChanged = true;
                return Hv.HV_STATUS_SUCCESS;
            case >= hv_register_name.HV_X64_REGISTER_ES and <= hv_register_name.HV_X64_REGISTER_TR:
                state.Segments[(int)(name - hv_register_name.HV_X64_REGISTER_ES)] = value.segment;
                return Changed();
            case hv_register_name.HV_X64_REGISTER_IDTR:
                state.Idtr = value.table;
                return Changed();
            case hv_register_name.HV_X64_REGISTER_GDTR:
                state.Gdtr = value.table;
                return Changed();
            case hv_register_name.HV_X64_REGISTER_CR0 or hv_register_name.HV_X64_REGISTER_INTERMEDIATE_CR0:
                if (value.reg64 > MaxCr0)
                {
                    return Hv.HV_STATUS_INVALID_REGISTER_VALUE;
                }

                state.Cr0 = value.reg64;
                return Changed();
            case hv_register_name.HV_X64_REGISTER_CR2:
                state.Cr2 = value.reg64;
                return Changed();
            case hv_register_name.HV_X64_REGISTER_CR3 or hv_register_name.HV_X64_REGISTER_INTERMEDIATE_CR3:
                state.Cr3 = value.reg64;
                return Changed();
            case hv_register_name.HV_X64_REGISTER_CR4 or hv_register_name.HV_X64_REGISTER_INTERMEDIATE_CR4:
                state.Cr4 = value.reg64;
                return Changed();
            case hv_register_name.HV_X64_REGISTER_CR8 or hv_register_name.HV_X64_REGISTER_INTERMEDIATE_CR8:
                if (value.reg64 > MaxCr8)
                {
                    return Hv.HV_STATUS_INVALID_REGISTER_VALUE;
                }

                state.Cr8 = value.reg64;
                return Changed();
            case hv_register_name.HV_X64_REGISTER_EFER:
                state.Efer = value.reg64;
                return Changed();
            case hv_register_name.HV_X64_REGISTER_APIC_BASE:
                state.ApicBase = value.reg64;
                return Changed();
            default:
                return null;
        }
    }

    private int Changed()
    {
        state.SystemChanged = true;
        return Hv.HV_STATUS_SUCCESS;
    }
}
