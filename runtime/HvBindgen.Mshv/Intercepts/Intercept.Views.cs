using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.Arm64;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Intercepts;

// One line for each payload. The x86-64 and arm64 hypervisors give some types different payloads under one number,
// so the caller says which processor it runs.
public readonly ref partial struct Intercept
{
    /// <summary>Looks at the message as an access to guest memory of x86-64.</summary>
    /// <param name="view">The view.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsMemory(out MemoryIntercept view)
    {
        bool fits = Type is hv_message_type.HVMSG_UNMAPPED_GPA or hv_message_type.HVMSG_GPA_INTERCEPT
            or hv_message_type.HVMSG_UNACCEPTED_GPA
            && Holds<hv_x64_memory_intercept_message>();
        view = fits ? new MemoryIntercept(in PayloadAs<hv_x64_memory_intercept_message>()) : default;
        return fits;
    }

    /// <summary>Looks at the message as an access to guest memory of arm64.</summary>
    /// <param name="view">The view.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsArmMemory(out ArmMemoryIntercept view)
    {
        bool fits = Type is hv_message_type.HVMSG_UNMAPPED_GPA or hv_message_type.HVMSG_GPA_INTERCEPT
            or hv_message_type.HVMSG_UNACCEPTED_GPA
            && Holds<hv_arm64_memory_intercept_message>();
        view = fits ? new ArmMemoryIntercept(in PayloadAs<hv_arm64_memory_intercept_message>()) : default;
        return fits;
    }

    /// <summary>Looks at the message as port I/O.</summary>
    /// <param name="view">The view.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsIoPort(out IoPortIntercept view)
    {
        bool fits = Type == hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT && Holds<hv_x64_io_port_intercept_message>();
        view = fits ? new IoPortIntercept(in PayloadAs<hv_x64_io_port_intercept_message>()) : default;
        return fits;
    }

    /// <summary>Looks at the message as <c>RDMSR</c> or <c>WRMSR</c>.</summary>
    /// <param name="view">The view.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsMsr(out MsrIntercept view)
    {
        bool fits = Type == hv_message_type.HVMSG_X64_MSR_INTERCEPT && Holds<hv_x64_msr_intercept_message>();
        view = fits ? new MsrIntercept(in PayloadAs<hv_x64_msr_intercept_message>()) : default;
        return fits;
    }

    /// <summary>Looks at the message as <c>CPUID</c>.</summary>
    /// <param name="view">The view.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsCpuid(out CpuidIntercept view)
    {
        bool fits = Type == hv_message_type.HVMSG_X64_CPUID_INTERCEPT && Holds<hv_x64_cpuid_intercept_message>();
        view = fits ? new CpuidIntercept(in PayloadAs<hv_x64_cpuid_intercept_message>()) : default;
        return fits;
    }

    /// <summary>Looks at the message as an exception of the guest.</summary>
    /// <param name="view">The view.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsException(out ExceptionIntercept view)
    {
        bool fits = Type == hv_message_type.HVMSG_X64_EXCEPTION_INTERCEPT && Holds<hv_x64_exception_intercept_message>();
        view = fits ? new ExceptionIntercept(in PayloadAs<hv_x64_exception_intercept_message>()) : default;
        return fits;
    }

    /// <summary>Looks at the message as a hypercall of an x86-64 guest.</summary>
    /// <param name="view">The view.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsHypercall(out HypercallIntercept view)
    {
        bool fits = Type == hv_message_type.HVMSG_HYPERCALL_INTERCEPT && Holds<hv_x64_hypercall_intercept_message>();
        view = fits ? new HypercallIntercept(in PayloadAs<hv_x64_hypercall_intercept_message>()) : default;
        return fits;
    }

    /// <summary>Looks at the message as a hypercall of an arm64 guest.</summary>
    /// <param name="view">The view.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsArmHypercall(out ArmHypercallIntercept view)
    {
        bool fits = Type == hv_message_type.HVMSG_HYPERCALL_INTERCEPT && Holds<hv_arm64_hypercall_intercept_message>();
        view = fits ? new ArmHypercallIntercept(in PayloadAs<hv_arm64_hypercall_intercept_message>()) : default;
        return fits;
    }

    /// <summary>Looks at the message as an end of interrupt.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsApicEoi(out hv_x64_apic_eoi_message view) => TryCopy(hv_message_type.HVMSG_X64_APIC_EOI, out view);

    /// <summary>Looks at the message as a <c>HLT</c>.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsHalt(out hv_x64_halt_message view) => TryCopy(hv_message_type.HVMSG_X64_HALT, out view);

    /// <summary>Looks at the message as a notice that an interrupt can be delivered.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsInterruptionDeliverable(out hv_x64_interruption_deliverable_message view) =>
        TryCopy(hv_message_type.HVMSG_X64_INTERRUPTION_DELIVERABLE, out view);

    /// <summary>Looks at the message as a notice that synthetic interrupt sources of arm64 take messages again.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsArmSintDeliverable(out hv_arm64_sint_deliverable_message view) =>
        TryCopy(hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE, out view);

    /// <summary>Looks at the message as an access to an intercepted register of x86-64.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsRegister(out hv_x64_register_intercept_message view) => TryCopy(hv_message_type.HVMSG_REGISTER_INTERCEPT, out view);

    /// <summary>Looks at the message as an access to an intercepted register of arm64.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsArmRegister(out hv_arm64_register_intercept_message view) =>
        TryCopy(hv_message_type.HVMSG_REGISTER_INTERCEPT, out view);

    /// <summary>Looks at the message as a notice that synthetic interrupt sources of x86-64 take messages again.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsSintDeliverable(out hv_x64_sint_deliverable_message view) =>
        TryCopy(hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE, out view);

    /// <summary>Looks at the message as a start-up interrupt for another processor.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsSipi(out hv_x64_sipi_intercept_message view) => TryCopy(hv_message_type.HVMSG_X64_SIPI_INTERCEPT, out view);

    /// <summary>Looks at the message as a complaint about a register's value.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsInvalidRegister(out hv_x64_invalid_vp_register_message view) =>
        TryCopy(hv_message_type.HVMSG_INVALID_VP_REGISTER_VALUE, out view);

    /// <summary>Looks at the message as a triple fault of an x86-64 guest.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsUnrecoverableException(out hv_x64_unrecoverable_exception_message view) =>
        TryCopy(hv_message_type.HVMSG_UNRECOVERABLE_EXCEPTION, out view);

    /// <summary>Looks at the message as a feature that the hypervisor does not support.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsUnsupportedFeature(out hv_x64_unsupported_feature_message view) =>
        TryCopy(hv_message_type.HVMSG_UNSUPPORTED_FEATURE, out view);

    /// <summary>Looks at the message as a wish to change the visibility of guest memory.</summary>
    /// <param name="view">The payload, as the header declares it. <c>range_count</c> may exceed the ranges there is room for.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsGpaAttribute(out hv_x64_gpa_attribute_intercept_message view) =>
        TryCopy(hv_message_type.HVMSG_GPA_ATTRIBUTE_INTERCEPT, out view);

    /// <summary>Looks at the message as an exit of an encrypted guest.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsVmgexit(out hv_x64_vmgexit_intercept_message view) =>
        TryCopy(hv_message_type.HVMSG_X64_SEV_VMGEXIT_INTERCEPT, out view);

    /// <summary>Looks at the message as one that only wakes the processor's thread.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsOpaque(out hv_opaque_intercept_message view) => TryCopy(hv_message_type.HVMSG_OPAQUE_INTERCEPT, out view);

    /// <summary>Looks at the message as the expiry of a synthetic timer.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsTimerExpired(out hv_timer_message_payload view) => TryCopy(hv_message_type.HVMSG_TIMER_EXPIRED, out view);

    /// <summary>Looks at the message as the end of a hypercall that ran on its own.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsAsyncCompletion(out hv_async_completion_message_payload view) =>
        TryCopy(hv_message_type.HVMSG_ASYNC_CALL_COMPLETION, out view);

    /// <summary>Looks at the message as the scheduler's set of processors to run.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsSchedulerBitset(out hv_vp_signal_bitset_scheduler_message view) =>
        TryCopy(hv_message_type.HVMSG_SCHEDULER_VP_SIGNAL_BITSET, out view);

    /// <summary>Looks at the message as the scheduler's list of processors to run.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsSchedulerPair(out hv_vp_signal_pair_scheduler_message view) =>
        TryCopy(hv_message_type.HVMSG_SCHEDULER_VP_SIGNAL_PAIR, out view);

    /// <summary>Looks at the message as an arm64 guest's wish to end or restart.</summary>
    /// <param name="view">The payload, as the header declares it.</param>
    /// <returns>False when it is of another type, or too short.</returns>
    public bool TryAsArmReset(out hv_arm64_reset_intercept_message view) =>
        TryCopy(hv_message_type.HVMSG_ARM64_RESET_INTERCEPT, out view);

    /// <summary>The header that most payloads of x86-64 begin with.</summary>
    /// <param name="header">The header.</param>
    /// <returns>False for a type without it, an unknown type, or a message that is too short.</returns>
    public bool TryGetHeader(out hv_x64_intercept_message_header header)
    {
        bool has = Type is hv_message_type.HVMSG_UNMAPPED_GPA or hv_message_type.HVMSG_GPA_INTERCEPT or hv_message_type.HVMSG_UNACCEPTED_GPA
            or hv_message_type.HVMSG_UNRECOVERABLE_EXCEPTION or hv_message_type.HVMSG_HYPERCALL_INTERCEPT
            or hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE or hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT
            or hv_message_type.HVMSG_X64_MSR_INTERCEPT or hv_message_type.HVMSG_X64_CPUID_INTERCEPT
            or hv_message_type.HVMSG_X64_EXCEPTION_INTERCEPT or hv_message_type.HVMSG_X64_HALT
            or hv_message_type.HVMSG_X64_INTERRUPTION_DELIVERABLE or hv_message_type.HVMSG_X64_SIPI_INTERCEPT
            or hv_message_type.HVMSG_X64_SEV_VMGEXIT_INTERCEPT or hv_message_type.HVMSG_REGISTER_INTERCEPT
            && Holds<hv_x64_intercept_message_header>();
        header = has ? PayloadAs<hv_x64_intercept_message_header>() : default;
        return has;
    }

    /// <summary>The header that most payloads of arm64 begin with.</summary>
    /// <param name="header">The header.</param>
    /// <returns>False for a type without it, an unknown type, or a message that is too short.</returns>
    public bool TryGetArmHeader(out hv_arm64_intercept_message_header header)
    {
        bool has = Type is hv_message_type.HVMSG_UNMAPPED_GPA or hv_message_type.HVMSG_GPA_INTERCEPT or hv_message_type.HVMSG_UNACCEPTED_GPA
            or hv_message_type.HVMSG_UNRECOVERABLE_EXCEPTION or hv_message_type.HVMSG_HYPERCALL_INTERCEPT
            or hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE or hv_message_type.HVMSG_ARM64_RESET_INTERCEPT
            or hv_message_type.HVMSG_REGISTER_INTERCEPT
            && Holds<hv_arm64_intercept_message_header>();
        header = has ? PayloadAs<hv_arm64_intercept_message_header>() : default;
        return has;
    }

    private bool TryCopy<T>(hv_message_type type, out T payload)
        where T : unmanaged
    {
        bool fits = Type == type && Holds<T>();
        payload = fits ? PayloadAs<T>() : default;
        return fits;
    }
}
