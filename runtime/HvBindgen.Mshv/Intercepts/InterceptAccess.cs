using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Intercepts;

/// <summary>What the guest was about to do when it was intercepted.</summary>
public enum InterceptAccess : byte
{
    /// <summary>It was about to read.</summary>
    Read = (byte)hv_intercept_access_type.HV_INTERCEPT_ACCESS_READ,

    /// <summary>It was about to write.</summary>
    Write = (byte)hv_intercept_access_type.HV_INTERCEPT_ACCESS_WRITE,

    /// <summary>It was about to fetch an instruction.</summary>
    Execute = (byte)hv_intercept_access_type.HV_INTERCEPT_ACCESS_EXECUTE,
}
