using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Calls;

namespace HvBindgen.Mshv.Running;

/// <content>Injecting faults, and the interrupt shadow that the end of an instruction changes.</content>
internal sealed partial class X64Dispatcher
{
    private const byte VectorPageFault = 14;

    private static readonly uint[] InterruptStateName = [(uint)hv_register_name.HV_REGISTER_INTERRUPT_STATE];

    private Treatment InjectFault(
        ref readonly hv_x64_intercept_message_header header, byte vector, uint? errorCode, ulong parameter)
    {
        if (header.execution_state.interruption_pending != 0)
        {
            return EndAsInterrupted();
        }

        if (vector == VectorPageFault)
        {
            registers.Set(hv_register_name.HV_X64_REGISTER_CR2, parameter);
        }

        StageEvent(vector, IsRealMode(in header) ? null : errorCode, parameter);
        return Commit();
    }

    private void StageEvent(byte vector, uint? errorCode, ulong parameter)
    {
        // Event type 0 is an exception.
        hv_x64_pending_exception_event pending = new()
        {
            event_pending = 1,
            deliver_error_code = errorCode is null ? 0u : 1u,
            vector = vector,
            error_code = errorCode ?? 0,
            exception_parameter = parameter,
        };
        registers.Set(hv_register_name.HV_REGISTER_PENDING_EVENT0, pending.as_uint64[0], pending.as_uint64[1]);
    }

    // Another event is on its way; the hypervisor delivers it again if the processor is left alone, and there is room for one.
    private Treatment EndAsInterrupted()
    {
        registers.Clear();
        return End(RunEnd.Unhandled, "the access was made by the delivery of an interrupt or exception, not by an instruction");
    }

    // Real mode pushes no error codes.
    private static bool IsRealMode(ref readonly hv_x64_intercept_message_header header) => header.execution_state.cr0_pe == 0;

    // STI and MOV SS hold interrupts back for one instruction. The non-maskable half of the register stays as it is.
    private bool TryStageInterruptShadow(bool isSet, out HypercallResult refusal)
    {
        hv_u128 value = default;
        refusal = default;
        if (Processor.RegisterPage.IsValid)
        {
            value.low_part = Processor.RegisterPage.Content.interrupt_state.as_uint64;
        }
        else
        {
            refusal = Processor.GetRegisters(InterruptStateName, new Span<hv_u128>(ref value));
            if (!refusal.IsSuccess)
            {
                return false;
            }
        }

        hv_x64_interrupt_state_register interrupts = new() { as_uint64 = value.low_part };
        interrupts.interrupt_shadow = isSet ? 1u : 0u;
        registers.Set(hv_register_name.HV_REGISTER_INTERRUPT_STATE, interrupts.as_uint64);
        return true;
    }
}
