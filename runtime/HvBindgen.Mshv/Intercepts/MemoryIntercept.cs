using System.Diagnostics.CodeAnalysis;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Intercepts;

/// <summary>An access of an x86-64 guest to memory that is not there, or that must not be accessed so.</summary>
public readonly ref struct MemoryIntercept : IInterceptView<MemoryIntercept>
{
    private const ulong PageOffsetMask = 0xfff;

    private readonly ref readonly hv_x64_memory_intercept_message payload;

    private MemoryIntercept(ref readonly hv_x64_memory_intercept_message payload)
    {
        this.payload = ref payload;
    }

    /// <summary>State of the processor.</summary>
    public ref readonly hv_x64_intercept_message_header Header => ref payload.header;

    /// <summary>The payload as the header declares it.</summary>
    public ref readonly hv_x64_memory_intercept_message Payload => ref payload;

    /// <summary>What the guest was about to do.</summary>
    public InterceptAccess Access => (InterceptAccess)payload.header.intercept_access_type;

    /// <summary>Whether <see cref="Gva"/> is known.</summary>
    public bool HasGva => payload.memory_access_info.gva_valid != 0;

    /// <summary>Whether <see cref="Gpa"/> is what <see cref="Gva"/> translates to; else only the page tables tell.</summary>
    public bool IsTranslated => HasGva && payload.memory_access_info.gva_gpa_valid != 0;

    /// <summary>Guest-virtual address, if <see cref="HasGva"/>.</summary>
    public ulong Gva => payload.guest_virtual_address;

    /// <summary>Guest-physical address. Processors of one maker leave out its low 12 bits: they come from the virtual address.</summary>
    public ulong Gpa => HasGva
        ? (payload.guest_physical_address & ~PageOffsetMask) | (payload.guest_virtual_address & PageOffsetMask)
        : payload.guest_physical_address;

    /// <summary>Bytes of the instruction, as far as the hypervisor fetched them; often none.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> InstructionBytes => InstructionWindow.Of(in payload.instruction_bytes, payload.instruction_byte_count);

    static bool IInterceptView<MemoryIntercept>.TryShow(Intercept intercept, out MemoryIntercept view)
    {
        bool carries = intercept.Carries<hv_x64_memory_intercept_message>();
        view = carries ? new MemoryIntercept(in intercept.PayloadAs<hv_x64_memory_intercept_message>()) : default;
        return carries;
    }
}
