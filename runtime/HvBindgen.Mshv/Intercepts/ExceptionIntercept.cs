using System.Diagnostics.CodeAnalysis;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Intercepts;

/// <summary>An exception that the guest was about to take.</summary>
public readonly ref struct ExceptionIntercept : IInterceptView<ExceptionIntercept>
{
    private readonly ref readonly hv_x64_exception_intercept_message payload;

    private ExceptionIntercept(ref readonly hv_x64_exception_intercept_message payload)
    {
        this.payload = ref payload;
    }

    /// <summary>State of the processor.</summary>
    public ref readonly hv_x64_intercept_message_header Header => ref payload.header;

    /// <summary>The payload as the header declares it; it has all general registers.</summary>
    public ref readonly hv_x64_exception_intercept_message Payload => ref payload;

    /// <summary>Vector.</summary>
    public ushort Vector => payload.exception_vector;

    /// <summary>Error code, or null for a vector without one.</summary>
    public uint? ErrorCode => payload.exception_info.error_code_valid != 0 ? payload.error_code : null;

    /// <summary>Whether an instruction (<c>INT3</c>, <c>INTO</c>) raised it: it returns to the instruction after.</summary>
    public bool IsSoftware => payload.exception_info.software_exception != 0;

    /// <summary>The faulting address (page fault) or the debug status (debug exception).</summary>
    public ulong Parameter => payload.exception_parameter;

    /// <summary>Bytes of the instruction, as far as the hypervisor fetched them; often none.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> InstructionBytes => InstructionWindow.Of(in payload.instruction_bytes, payload.instruction_byte_count);

    static bool IInterceptView<ExceptionIntercept>.TryShow(Intercept intercept, out ExceptionIntercept view)
    {
        bool carries = intercept.Carries<hv_x64_exception_intercept_message>();
        view = carries ? new ExceptionIntercept(in intercept.PayloadAs<hv_x64_exception_intercept_message>()) : default;
        return carries;
    }
}
