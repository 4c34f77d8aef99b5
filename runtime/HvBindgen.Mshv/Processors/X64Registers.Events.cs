using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Calls;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Processors;

/// <content>What waits to be delivered, and whether the processor is active.</content>
public sealed unsafe partial class X64Registers
{
    /// <summary>Event whose delivery an exit cut short; the hypervisor takes it up again by itself.</summary>
    public hv_x64_pending_interruption_register PendingInterruption
    {
        get => registers.Get(Name.HV_REGISTER_PENDING_INTERRUPTION).pending_interruption;
        set => registers.Set(Name.HV_REGISTER_PENDING_INTERRUPTION, new hv_register_value { pending_interruption = value });
    }

    /// <summary>Whether interrupts are held back for an instruction, and non-maskable ones until their handler returns.</summary>
    public hv_x64_interrupt_state_register InterruptState
    {
        get => registers.Get(Name.HV_REGISTER_INTERRUPT_STATE).interrupt_state;
        set => registers.Set(Name.HV_REGISTER_INTERRUPT_STATE, new hv_register_value { interrupt_state = value });
    }

    /// <summary>Exception that the processor takes when it runs next.</summary>
    public hv_x64_pending_exception_event PendingException
    {
        get
        {
            hv_register_value value = registers.Get(Name.HV_REGISTER_PENDING_EVENT0);
            return *(hv_x64_pending_exception_event*)&value;
        }

        set
        {
            hv_register_value cell = default;
            *(hv_x64_pending_exception_event*)&cell = value;
            registers.Set(Name.HV_REGISTER_PENDING_EVENT0, cell);
        }
    }

    /// <summary>Whether the processor waits: to be started, halted or idle.</summary>
    public hv_internal_activity_register Activity
    {
        get => new() { as_uint64 = registers.Get(Name.HV_REGISTER_INTERNAL_ACTIVITY_STATE).reg64 };
        set => registers.Set(Name.HV_REGISTER_INTERNAL_ACTIVITY_STATE, value.as_uint64);
    }

    /// <summary>Forgets what waits to be delivered and what holds interrupts back, and ends a halt: nothing of what the processor did
    /// before reaches what it does next. One that waits to be started goes on waiting.</summary>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    /// <exception cref="InvalidOperationException">The processor is running.</exception>
    public void ForgetEvents()
    {
        hv_internal_activity_register activity = new() { startup_suspend = Activity.startup_suspend };
        ReadOnlySpan<Name> names =
        [
            Name.HV_REGISTER_PENDING_INTERRUPTION, Name.HV_REGISTER_INTERRUPT_STATE, Name.HV_REGISTER_PENDING_EVENT0,
            Name.HV_REGISTER_INTERNAL_ACTIVITY_STATE,
        ];
        registers.Set(names, [default, default, default, new hv_register_value { reg64 = activity.as_uint64 }]);
    }

    /// <summary>Makes the processor take an exception when it runs next.</summary>
    /// <param name="vector">Vector, below 32.</param>
    /// <param name="errorCode">Error code; null for exceptions that have none.</param>
    /// <param name="parameter">Address of a page fault, which becomes CR2; 0 otherwise.</param>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    public void InjectException(byte vector, uint? errorCode = null, ulong parameter = 0)
    {
        const byte ExceptionCount = 32;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(vector, ExceptionCount);

        // Event type 0 is an exception: hv_x64_pending_exception_event.
        PendingException = new hv_x64_pending_exception_event
        {
            event_pending = 1,
            deliver_error_code = errorCode is null ? 0u : 1u,
            vector = vector,
            error_code = errorCode ?? 0,
            exception_parameter = parameter,
        };
    }
}
