using HvBindgen.Kvm.Abi.X64;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>Which MSR accesses of its guests KVM leaves to the emulator.</summary>
/// <remarks>
/// Beside the client's intercepts it is every MSR of the hypervisor's own: a KVM that knows Hyper-V would else keep registers of its own
/// behind them, write its own hypercall page, and answer the guest's calls.
/// </remarks>
internal sealed unsafe class MsrFilter
{
    private const uint FirstSynthetic = HvX64.HV_X64_MSR_GUEST_OS_ID;
    private const int SyntheticCount = 0x200; // to behind the last that any header names
    private const int BitsPerByte = 8;
    private const int MaxIntercepts = KvmX64.KVM_MSR_FILTER_MAX_RANGES - 1;
    private const uint Both = KvmX64.KVM_MSR_FILTER_READ | KvmX64.KVM_MSR_FILTER_WRITE;

    private volatile MsrIntercept[] intercepts = [];

    /// <summary>Whether an access that KVM has left is one that the client intercepts.</summary>
    internal bool IsIntercepted(uint index, bool isWrite)
    {
        foreach (MsrIntercept intercept in intercepts)
        {
            if (intercept.Index == index && (isWrite ? intercept.Writes : intercept.Reads))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Replaces the client's intercepts; after an error those there were are left.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int Set(Fd machine, ReadOnlySpan<MsrIntercept> wanted)
    {
        if (wanted.Length > MaxIntercepts)
        {
            return Errno.E2BIG;
        }

        // A clear bit denies the access, which then ends the run.
        kvm_msr_filter filter = new() { flags = KvmX64.KVM_MSR_FILTER_DEFAULT_ALLOW };
        byte* denied = stackalloc byte[SyntheticCount / BitsPerByte]; // zeros, read within the request
        filter.ranges[0] = new() { flags = Both, nmsrs = SyntheticCount, @base = FirstSynthetic, bitmap = denied };
        for (int index = 0; index < wanted.Length; index++)
        {
            MsrIntercept intercept = wanted[index];
            filter.ranges[index + 1] = new()
            {
                flags = (intercept.Reads ? (uint)KvmX64.KVM_MSR_FILTER_READ : 0)
                    | (intercept.Writes ? (uint)KvmX64.KVM_MSR_FILTER_WRITE : 0),
                nmsrs = 1,
                @base = intercept.Index,
                bitmap = denied,
            };
        }

        int errno = KvmVmX64.KVM_X86_SET_MSR_FILTER(machine, in filter).Errno;
        if (errno == 0)
        {
            intercepts = wanted.ToArray();
        }

        return errno;
    }
}
