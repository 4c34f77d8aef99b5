using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Calls;

/// <summary>What a person can do about a refusal, by hypervisor status first and by error number where there is no status.</summary>
internal static class FailureAdvice
{
    internal static string? For(int errno, ushort? hypercallCode, ushort? status) =>
        status is { } value and not Constants.HV_STATUS_SUCCESS ? ForStatus(value) : ForErrno(errno, hypercallCode is not null);

    private static string? ForStatus(ushort status) => status switch
    {
        Constants.HV_STATUS_INVALID_HYPERCALL_CODE => "This hypervisor does not know the hypercall.",
        Constants.HV_STATUS_ACCESS_DENIED or Constants.HV_STATUS_OPERATION_DENIED =>
            "The hypervisor does not grant this to the partition of this Linux.",
        Constants.HV_STATUS_INVALID_PARTITION_STATE =>
            "Early properties are set before the partition is initialized; processors and everything else come after it.",
        Constants.HV_STATUS_INVALID_VP_STATE => "The virtual processor must be stopped for this.",
        Constants.HV_STATUS_INVALID_VP_INDEX => "The partition has no virtual processor with this index.",
        Constants.HV_STATUS_UNKNOWN_PROPERTY => "This hypervisor does not know the property.",
        Constants.HV_STATUS_PROPERTY_VALUE_OUT_OF_RANGE => "The property does not take this value.",
        Constants.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED => "The host's processor or the hypervisor lacks a feature that was asked for.",
        Constants.HV_STATUS_INVALID_REGISTER_VALUE => "The register does not take this value in the processor's present state.",
        Constants.HV_STATUS_INVALID_PARAMETER => "A register, property or value is not valid for this partition's features.",
        Constants.HV_STATUS_INSUFFICIENT_MEMORY or Constants.HV_STATUS_INSUFFICIENT_ROOT_MEMORY
            or Constants.HV_STATUS_INSUFFICIENT_CONTIGUOUS_MEMORY or Constants.HV_STATUS_INSUFFICIENT_CONTIGUOUS_ROOT_MEMORY =>
            "The hypervisor is out of memory; close partitions or give the host more memory.",
        Constants.HV_STATUS_NO_RESOURCES or Constants.HV_STATUS_INSUFFICIENT_BUFFERS =>
            "The hypervisor is out of a resource; try again when the guest or other partitions have released some.",
        _ => null,
    };

    private static string? ForErrno(int errno, bool isHypercall) => errno switch
    {
        Errno.EINVAL when isHypercall
            => "The kernel does not pass this hypercall on for this kind of descriptor, or is older than the hypercall.",
        Errno.EACCES or Errno.EPERM => "Run as root, or give this user access to the device node.",
        Errno.ENOMEM => "The host is out of memory, or out of memory to lend to the hypervisor.",
        Errno.EMFILE => "The process has too many open descriptors; raise the limit (ulimit -n) or close some.",
        Errno.ENFILE => "The machine has too many open descriptors.",
        Errno.ENOTTY => "This kernel does not know the request: the driver is older, newer or another one than this library's headers.",
        Errno.EOPNOTSUPP => "The driver does not support this.",
        _ => null,
    };
}
