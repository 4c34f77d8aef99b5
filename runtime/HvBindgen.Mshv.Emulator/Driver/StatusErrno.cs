using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>The driver's answer to a status of the hypervisor; lossy, as in Linux 7.3.</summary>
internal static class StatusErrno
{
    internal static int Of(int status) => status switch
    {
        Hv.HV_STATUS_SUCCESS => 0,
        Hv.HV_STATUS_INVALID_HYPERCALL_CODE or Hv.HV_STATUS_INVALID_HYPERCALL_INPUT or Hv.HV_STATUS_INVALID_PARAMETER
            or Hv.HV_STATUS_INVALID_PARTITION_ID or Hv.HV_STATUS_INVALID_VP_INDEX or Hv.HV_STATUS_INVALID_PORT_ID
            or Hv.HV_STATUS_INVALID_CONNECTION_ID or Hv.HV_STATUS_INVALID_LP_INDEX or Hv.HV_STATUS_INVALID_REGISTER_VALUE
            or Hv.HV_STATUS_UNKNOWN_PROPERTY or Hv.HV_STATUS_PROPERTY_VALUE_OUT_OF_RANGE => Errno.EINVAL,
        Hv.HV_STATUS_ACCESS_DENIED or Hv.HV_STATUS_OPERATION_DENIED => Errno.EACCES,
        Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED => Errno.EOPNOTSUPP,
        Hv.HV_STATUS_INSUFFICIENT_MEMORY or Hv.HV_STATUS_INSUFFICIENT_ROOT_MEMORY or Hv.HV_STATUS_INSUFFICIENT_CONTIGUOUS_MEMORY
            or Hv.HV_STATUS_INSUFFICIENT_CONTIGUOUS_ROOT_MEMORY => Errno.ENOMEM,
        _ => Errno.EIO,
    };
}
