using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>What waits for a processor when it is entered again: exceptions, interrupts, and the shadow that holds interrupts back. It goes
/// among the registers that an exit writes back.</summary>
internal sealed class X64EventStaging(IProcessor processor, RegisterWriteBack registers)
{
    private const byte VectorDebug = 1;
    private const byte VectorNonMaskable = 2;
    private const byte VectorPageFault = 14;

    // DR6: the exception is a single step (BS).
    private const ulong DebugStatusSingleStep = 1 << 14;

    private static readonly uint[] InterruptStateName = [(uint)hv_register_name.HV_REGISTER_INTERRUPT_STATE];

    /// <summary>An exception instead of the instruction that the message is about.</summary>
    /// <param name="header">Header of the message.</param>
    /// <param name="vector">Vector.</param>
    /// <param name="errorCode">Error code, which real mode does not push; null: the exception has none.</param>
    /// <param name="parameter">Address of a page fault.</param>
    internal void StageFault(
        ref readonly hv_x64_intercept_message_header header, byte vector, uint? errorCode, ulong parameter)
    {
        if (vector == VectorPageFault)
        {
            registers.Set(hv_register_name.HV_X64_REGISTER_CR2, parameter);
        }

        bool isRealMode = header.execution_state.cr0_pe == 0;
        StageException(vector, isRealMode ? null : errorCode, parameter);
    }

    /// <summary>The exception that a debugger of the guest waits for after each instruction.</summary>
    internal void StageSingleStep() => StageException(VectorDebug, errorCode: null, DebugStatusSingleStep);

    /// <summary>An interrupt.</summary>
    /// <param name="vector">Vector; without meaning for a non-maskable interrupt, which has its own.</param>
    /// <param name="isNonMaskable">Whether it is one.</param>
    internal void StageInterrupt(byte vector, bool isNonMaskable)
    {
        hv_x64_pending_interruption_register pending = new()
        {
            interruption_pending = 1,
            interruption_type = (uint)(isNonMaskable ? Abi.X64.Constants.HV_X64_PENDING_NMI : Abi.X64.Constants.HV_X64_PENDING_INTERRUPT),
            interruption_vector = isNonMaskable ? VectorNonMaskable : vector,
        };
        registers.Set(hv_register_name.HV_REGISTER_PENDING_INTERRUPTION, pending.as_uint64);
    }

    /// <summary>STI and MOV SS hold interrupts back for one instruction. The non-maskable half of the register stays as it is.</summary>
    /// <param name="isSet">Whether interrupts are held back.</param>
    /// <returns>Success, or why the hypervisor does not tell the register.</returns>
    internal HypercallResult StageInterruptShadow(bool isSet)
    {
        hv_u128 value = default;
        if (processor.RegisterPage.IsValid)
        {
            value.low_part = processor.RegisterPage.Content.interrupt_state.as_uint64;
        }
        else
        {
            HypercallResult result = processor.GetRegisters(InterruptStateName, new Span<hv_u128>(ref value));
            if (!result.IsSuccess)
            {
                return result;
            }
        }

        hv_x64_interrupt_state_register interrupts = new() { as_uint64 = value.low_part };
        interrupts.interrupt_shadow = isSet ? 1u : 0u;
        registers.Set(hv_register_name.HV_REGISTER_INTERRUPT_STATE, interrupts.as_uint64);
        return default;
    }

    private void StageException(byte vector, uint? errorCode, ulong parameter)
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
}
