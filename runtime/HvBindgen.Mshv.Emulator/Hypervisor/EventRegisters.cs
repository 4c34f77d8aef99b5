using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Pending events and interrupt state.</summary>
internal sealed class EventRegisters(ProcessorState state, Refusals refusals) : IRegisterBank
{
    // Interruption types of the pending interruption register.
    private const uint SoftInterrupt = 4;

    public int? Get(hv_register_name name, ref hv_register_value value)
    {
        ref ProcessorEvents events = ref state.Events;
        switch (name)
        {
            case hv_register_name.HV_REGISTER_PENDING_INTERRUPTION:
                value.pending_interruption = Interruption(in events);
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_REGISTER_INTERRUPT_STATE:
                value.interrupt_state.interrupt_shadow = events.InterruptShadow ? 1UL : 0;
                value.interrupt_state.nmi_masked = events.NmiMasked ? 1UL : 0;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_REGISTER_PENDING_EVENT0:
                value.reg128 = PendingException();
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_REGISTER_PENDING_EVENT1:
                return Hv.HV_STATUS_SUCCESS;
            default:
                return null;
        }
    }

    public int? Set(hv_register_name name, in hv_register_value value)
    {
        switch (name)
        {
            case hv_register_name.HV_REGISTER_PENDING_INTERRUPTION:
                return SetInterruption(value.pending_interruption);
            case hv_register_name.HV_REGISTER_INTERRUPT_STATE:
                state.Events.InterruptShadow = value.interrupt_state.interrupt_shadow != 0;
                state.Events.NmiMasked = value.interrupt_state.nmi_masked != 0;
                state.EventsChanged = true;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_REGISTER_PENDING_EVENT0:
                return SetPendingException(in value);
            case hv_register_name.HV_REGISTER_PENDING_EVENT1:
                return value.reg128.low_part == 0 ? Hv.HV_STATUS_SUCCESS : Hv.HV_STATUS_INVALID_REGISTER_VALUE;
            default:
                return null;
        }
    }

    internal static hv_x64_pending_interruption_register Interruption(in ProcessorEvents events)
    {
        hv_x64_pending_interruption_register register = default;
        if (events.ExceptionInjected)
        {
            register.interruption_pending = 1;
            register.interruption_type = HvX64.HV_X64_PENDING_EXCEPTION;
            register.interruption_vector = events.ExceptionVector;
            register.deliver_error_code = events.ExceptionHasErrorCode ? 1u : 0;
            register.error_code = events.ExceptionErrorCode;
        }
        else if (events.NmiInjected)
        {
            register.interruption_pending = 1;
            register.interruption_type = HvX64.HV_X64_PENDING_NMI;
            register.interruption_vector = 2;
        }
        else if (events.InterruptInjected)
        {
            register.interruption_pending = 1;
            register.interruption_type = events.InterruptIsSoft ? SoftInterrupt : HvX64.HV_X64_PENDING_INTERRUPT;
            register.interruption_vector = events.InterruptVector;
        }

        return register;
    }

    private int SetInterruption(in hv_x64_pending_interruption_register register)
    {
        ref ProcessorEvents events = ref state.Events;
        ProcessorEvents kept = new()
        {
            NmiPending = events.NmiPending,
            NmiMasked = events.NmiMasked,
            InterruptShadow = events.InterruptShadow,
        };
        if (register.interruption_pending != 0)
        {
            if (register.interruption_vector > byte.MaxValue)
            {
                return Hv.HV_STATUS_INVALID_REGISTER_VALUE;
            }

            byte vector = (byte)register.interruption_vector;
            switch (register.interruption_type)
            {
                case HvX64.HV_X64_PENDING_INTERRUPT or SoftInterrupt:
                    kept.InterruptInjected = true;
                    kept.InterruptVector = vector;
                    kept.InterruptIsSoft = register.interruption_type == SoftInterrupt;
                    break;
                case HvX64.HV_X64_PENDING_NMI:
                    kept.NmiInjected = true;
                    break;
                case HvX64.HV_X64_PENDING_EXCEPTION or 5 or 6 when vector < 32: // 5, 6: INT1 and INT3, INTO
                    kept.ExceptionInjected = true;
                    kept.ExceptionVector = vector;
                    kept.ExceptionHasErrorCode = register.deliver_error_code != 0;
                    kept.ExceptionErrorCode = register.error_code;
                    break;
                default:
                    return Hv.HV_STATUS_INVALID_REGISTER_VALUE;
            }
        }

        events = kept;
        state.EventsChanged = true;
        return Hv.HV_STATUS_SUCCESS;
    }

    private hv_u128 PendingException()
    {
        hv_x64_pending_exception_event pending = default;
        ref ProcessorEvents events = ref state.Events;
        if (state.EventsChanged && events.ExceptionInjected)
        {
            pending.event_pending = 1;
            pending.vector = events.ExceptionVector;
            pending.deliver_error_code = events.ExceptionHasErrorCode ? 1u : 0;
            pending.error_code = events.ExceptionErrorCode;
            pending.exception_parameter = events.ExceptionVector == X64Bits.VectorPf ? state.Cr2 : 0;
        }

        return new hv_u128 { low_part = pending.as_uint64[0], high_part = pending.as_uint64[1] };
    }

    private int SetPendingException(in hv_register_value value)
    {
        hv_x64_pending_exception_event pending = default;
        pending.as_uint64[0] = value.reg128.low_part;
        pending.as_uint64[1] = value.reg128.high_part;
        if (pending.event_pending != 0 && (pending.event_type != 0 || pending.vector >= 32))
        {
            refusals.Report($"pending event type {pending.event_type} is not modelled, only exceptions are");
            return Hv.HV_STATUS_INVALID_REGISTER_VALUE;
        }

        state.Events.ExceptionInjected = pending.event_pending != 0;
        state.Events.ExceptionVector = (byte)pending.vector;
        state.Events.ExceptionHasErrorCode = pending.deliver_error_code != 0;
        state.Events.ExceptionErrorCode = pending.error_code;
        state.EventsChanged = true;
        if (pending.event_pending != 0 && pending.vector == X64Bits.VectorPf)
        {
            state.Cr2 = pending.exception_parameter;
            state.SystemChanged = true;
        }

        return Hv.HV_STATUS_SUCCESS;
    }
}
