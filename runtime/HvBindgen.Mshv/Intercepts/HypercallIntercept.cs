using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Intercepts;

/// <summary>A hypercall of an x86-64 guest.</summary>
public readonly ref struct HypercallIntercept : IInterceptView<HypercallIntercept>
{
    private readonly ref readonly hv_x64_hypercall_intercept_message payload;

    private HypercallIntercept(ref readonly hv_x64_hypercall_intercept_message payload)
    {
        this.payload = ref payload;
    }

    /// <summary>State of the processor.</summary>
    public ref readonly hv_x64_intercept_message_header Header => ref payload.header;

    /// <summary>The payload as the header declares it, with the registers of a fast call.</summary>
    public ref readonly hv_x64_hypercall_intercept_message Payload => ref payload;

    /// <summary>Whether the caller runs 64-bit code and so passes parameters in whole registers.</summary>
    public bool Is64Bit => payload.header.execution_state.efer_lma != 0 && payload.header.cs_segment._long != 0;

    /// <summary>Call code, flags and counts: RCX, or EDX:EAX.</summary>
    public ulong Control => Is64Bit ? payload.rcx : Pair(payload.rdx, payload.rax);

    /// <summary>Address of the input, or the first 8 bytes of a fast call: RDX, or EBX:ECX.</summary>
    public ulong Input => Is64Bit ? payload.rdx : Pair(payload.rbx, payload.rcx);

    /// <summary>Address of the output, or the second 8 bytes of a fast call: R8, or EDI:ESI.</summary>
    public ulong Output => Is64Bit ? payload.r8 : Pair(payload.rdi, payload.rsi);

    private static ulong Pair(ulong high, ulong low) => (high << 32) | (uint)low;

    static bool IInterceptView<HypercallIntercept>.TryShow(Intercept intercept, out HypercallIntercept view)
    {
        bool carries = intercept.Carries<hv_x64_hypercall_intercept_message>();
        view = carries ? new HypercallIntercept(in intercept.PayloadAs<hv_x64_hypercall_intercept_message>()) : default;
        return carries;
    }
}
