using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>A stopped processor's registers by their names.</summary>
internal static class RegisterFile
{
    private const ulong MaxCr0 = uint.MaxValue; // upper half must be zero
    private const ulong MaxCr8 = 15;
    private const int RflagsAlwaysSet = 2;

    /// <summary>Reads a register.</summary>
    /// <returns>A status; INVALID_PARAMETER for a name that there is not.</returns>
    internal static int Get(VirtualCpu processor, uint name, out hv_register_value value)
    {
        value = default;
        ProcessorState state = processor.State;
        switch ((hv_register_name)name)
        {
            case >= hv_register_name.HV_X64_REGISTER_RAX and <= hv_register_name.HV_X64_REGISTER_R15:
                value.reg64 = state.General[(int)(name - (uint)hv_register_name.HV_X64_REGISTER_RAX)];
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_RIP:
                value.reg64 = state.Rip;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_RFLAGS:
                value.reg64 = state.Rflags;
                return Hv.HV_STATUS_SUCCESS;
            case >= hv_register_name.HV_X64_REGISTER_ES and <= hv_register_name.HV_X64_REGISTER_TR:
                value.segment = state.Segments[(int)(name - (uint)hv_register_name.HV_X64_REGISTER_ES)];
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
                return EventRegisters.Get(processor, name, ref value)
                    ?? FloatingPointRegisters.Get(processor, name, ref value)
                    ?? SyntheticRegisters.Get(processor, name, ref value)
                    ?? MsrRegisters.Get(processor, name, ref value)
                    ?? Hv.HV_STATUS_INVALID_PARAMETER;
        }
    }

    /// <summary>Writes a register.</summary>
    /// <returns>A status.</returns>
    internal static int Set(VirtualCpu processor, uint name, in hv_register_value value)
    {
        ProcessorState state = processor.State;
        switch ((hv_register_name)name)
        {
            case >= hv_register_name.HV_X64_REGISTER_RAX and <= hv_register_name.HV_X64_REGISTER_R15:
                state.General[(int)(name - (uint)hv_register_name.HV_X64_REGISTER_RAX)] = value.reg64;
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
                state.Segments[(int)(name - (uint)hv_register_name.HV_X64_REGISTER_ES)] = value.segment;
                return Changed(state);
            case hv_register_name.HV_X64_REGISTER_IDTR:
                state.Idtr = value.table;
                return Changed(state);
            case hv_register_name.HV_X64_REGISTER_GDTR:
                state.Gdtr = value.table;
                return Changed(state);
            case hv_register_name.HV_X64_REGISTER_CR0 or hv_register_name.HV_X64_REGISTER_INTERMEDIATE_CR0:
                if (value.reg64 > MaxCr0)
                {
                    return Hv.HV_STATUS_INVALID_REGISTER_VALUE;
                }

                state.Cr0 = value.reg64;
                return Changed(state);
            case hv_register_name.HV_X64_REGISTER_CR2:
                state.Cr2 = value.reg64;
                return Changed(state);
            case hv_register_name.HV_X64_REGISTER_CR3 or hv_register_name.HV_X64_REGISTER_INTERMEDIATE_CR3:
                state.Cr3 = value.reg64;
                return Changed(state);
            case hv_register_name.HV_X64_REGISTER_CR4 or hv_register_name.HV_X64_REGISTER_INTERMEDIATE_CR4:
                state.Cr4 = value.reg64;
                return Changed(state);
            case hv_register_name.HV_X64_REGISTER_CR8 or hv_register_name.HV_X64_REGISTER_INTERMEDIATE_CR8:
                if (value.reg64 > MaxCr8)
                {
                    return Hv.HV_STATUS_INVALID_REGISTER_VALUE;
                }

                state.Cr8 = value.reg64;
                return Changed(state);
            case hv_register_name.HV_X64_REGISTER_EFER:
                state.Efer = value.reg64;
                return Changed(state);
            case hv_register_name.HV_X64_REGISTER_APIC_BASE:
                state.ApicBase = value.reg64;
                return Changed(state);
            default:
                return EventRegisters.Set(processor, name, in value)
                    ?? FloatingPointRegisters.Set(processor, name, in value)
                    ?? SyntheticRegisters.Set(processor, name, in value)
                    ?? MsrRegisters.Set(processor, name, in value)
                    ?? Hv.HV_STATUS_INVALID_PARAMETER;
        }
    }

    private static int Changed(ProcessorState state)
    {
        state.SystemChanged = true;
        return Hv.HV_STATUS_SUCCESS;
    }
}
