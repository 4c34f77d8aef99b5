using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Intercepts;

/// <summary><c>CPUID</c>, with the answer that the hypervisor would give.</summary>
public readonly ref struct CpuidIntercept : IInterceptView<CpuidIntercept>
{
    private readonly ref readonly hv_x64_cpuid_intercept_message payload;

    private CpuidIntercept(ref readonly hv_x64_cpuid_intercept_message payload)
    {
        this.payload = ref payload;
    }

    /// <summary>State of the processor.</summary>
    public ref readonly hv_x64_intercept_message_header Header => ref payload.header;

    /// <summary>Leaf: EAX.</summary>
    public uint Leaf => (uint)payload.rax;

    /// <summary>Subleaf: ECX.</summary>
    public uint Subleaf => (uint)payload.rcx;

    /// <summary>The hypervisor's own answer.</summary>
    public CpuidResult DefaultResult => new(
        (uint)payload.default_result_rax, (uint)payload.default_result_rbx, (uint)payload.default_result_rcx,
        (uint)payload.default_result_rdx);

    static bool IInterceptView<CpuidIntercept>.TryShow(Intercept intercept, out CpuidIntercept view)
    {
        bool carries = intercept.Carries<hv_x64_cpuid_intercept_message>();
        view = carries ? new CpuidIntercept(in intercept.PayloadAs<hv_x64_cpuid_intercept_message>()) : default;
        return carries;
    }
}
