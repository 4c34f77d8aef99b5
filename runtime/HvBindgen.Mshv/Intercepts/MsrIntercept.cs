using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Intercepts;

/// <summary>An access to a model-specific register: <c>RDMSR</c> or <c>WRMSR</c>.</summary>
public readonly ref struct MsrIntercept : IInterceptView<MsrIntercept>
{
    private readonly ref readonly hv_x64_msr_intercept_message payload;

    private MsrIntercept(ref readonly hv_x64_msr_intercept_message payload)
    {
        this.payload = ref payload;
    }

    /// <summary>State of the processor.</summary>
    public ref readonly hv_x64_intercept_message_header Header => ref payload.header;

    /// <summary>Number of the register.</summary>
    public uint Msr => payload.msr_number;

    /// <summary>Whether the guest writes.</summary>
    public bool IsWrite => payload.header.intercept_access_type == (byte)InterceptAccess.Write;

    /// <summary>Value to write: EDX:EAX.</summary>
    public ulong Value => (payload.rdx << 32) | (uint)payload.rax;

    static bool IInterceptView<MsrIntercept>.TryShow(Intercept intercept, out MsrIntercept view)
    {
        bool carries = intercept.Carries<hv_x64_msr_intercept_message>();
        view = carries ? new MsrIntercept(in intercept.PayloadAs<hv_x64_msr_intercept_message>()) : default;
        return carries;
    }
}
