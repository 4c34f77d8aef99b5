using System.Diagnostics.CodeAnalysis;
using HvBindgen.Mshv.Abi.Arm64;

namespace HvBindgen.Mshv.Intercepts;

/// <summary><c>HVC</c> of an arm64 guest: a call of the hypervisor, or of what the SMC calling convention (SMCCC) numbers.</summary>
public readonly ref struct ArmHypercallIntercept : IInterceptView<ArmHypercallIntercept>
{
    /// <summary>Registers that the message has, and that a call may change: X0 to X17.</summary>
    public const int RegisterCount = Constants.HV_ARM64_HYPERCALL_INTERCEPT_REGISTERS;

    // SMCCC: a fast 64-bit call to the vendor's hypervisor, function 1.
    private const uint HypervisorFunction = 0x46000001;

    private readonly ref readonly hv_arm64_hypercall_intercept_message payload;

    private ArmHypercallIntercept(ref readonly hv_arm64_hypercall_intercept_message payload)
    {
        this.payload = ref payload;
    }

    /// <summary>State of the processor.</summary>
    public ref readonly hv_arm64_intercept_message_header Header => ref payload.header;

    /// <summary>The payload as the header declares it.</summary>
    public ref readonly hv_arm64_hypercall_intercept_message Payload => ref payload;

    /// <summary>X0 to X17 as the guest left them.</summary>
    [UnscopedRef]
    public ReadOnlySpan<ulong> X => payload.x;

    /// <summary>Whether the call follows the SMC calling convention: X0 has the number of a function.</summary>
    public bool IsSmccc => payload.immediate == 0;

    /// <summary>Number of the function, if <see cref="IsSmccc"/>.</summary>
    public uint Function => (uint)payload.x[0];

    /// <summary>Whether this is a call of the hypervisor, either way; if so the three values below mean what they say.</summary>
    public bool IsHypervisorCall => payload.immediate == 1 || (IsSmccc && Function == HypervisorFunction);

    /// <summary>Call code, flags and counts.</summary>
    public ulong Control => payload.x[FirstParameter];

    /// <summary>Address of the input, or the first 8 bytes of a fast call.</summary>
    public ulong Input => payload.x[FirstParameter + 1];

    /// <summary>Address of the output, or the second 8 bytes of a fast call.</summary>
    public ulong Output => payload.x[FirstParameter + 2];

    private int FirstParameter => IsSmccc ? 1 : 0;

    static bool IInterceptView<ArmHypercallIntercept>.TryShow(Intercept intercept, out ArmHypercallIntercept view)
    {
        bool carries = intercept.Carries<hv_arm64_hypercall_intercept_message>();
        view = carries ? new ArmHypercallIntercept(in intercept.PayloadAs<hv_arm64_hypercall_intercept_message>()) : default;
        return carries;
    }
}
