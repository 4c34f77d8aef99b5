using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Diagnostics;

/// <summary>Short names of message types, made once: a measurement allocates nothing for them.</summary>
internal static class MessageTypeNames
{
    internal static string Of(hv_message_type type) => type switch
    {
        hv_message_type.HVMSG_NONE => "none",
        hv_message_type.HVMSG_UNMAPPED_GPA => "unmapped_gpa",
        hv_message_type.HVMSG_GPA_INTERCEPT => "gpa_intercept",
        hv_message_type.HVMSG_UNACCEPTED_GPA => "unaccepted_gpa",
        hv_message_type.HVMSG_INVALID_VP_REGISTER_VALUE => "invalid_vp_register_value",
        hv_message_type.HVMSG_UNRECOVERABLE_EXCEPTION => "unrecoverable_exception",
        hv_message_type.HVMSG_UNSUPPORTED_FEATURE => "unsupported_feature",
        hv_message_type.HVMSG_HYPERCALL_INTERCEPT => "hypercall_intercept",
        hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE => "synic_sint_deliverable",
        hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT => "io_port",
        hv_message_type.HVMSG_X64_MSR_INTERCEPT => "msr",
        hv_message_type.HVMSG_X64_CPUID_INTERCEPT => "cpuid",
        hv_message_type.HVMSG_X64_EXCEPTION_INTERCEPT => "exception",
        hv_message_type.HVMSG_X64_APIC_EOI => "apic_eoi",
        hv_message_type.HVMSG_X64_HALT => "halt",
        hv_message_type.HVMSG_X64_INTERRUPTION_DELIVERABLE => "interruption_deliverable",
        hv_message_type.HVMSG_X64_SIPI_INTERCEPT => "sipi",
        hv_message_type.HVMSG_REGISTER_INTERCEPT => "register",
        hv_message_type.HVMSG_ARM64_RESET_INTERCEPT => "arm64_reset",
        _ => "other",
    };
}
