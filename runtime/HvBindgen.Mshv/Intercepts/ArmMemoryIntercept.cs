using System.Diagnostics.CodeAnalysis;
using HvBindgen.Emulation.A64;
using HvBindgen.Mshv.Abi.Arm64;

namespace HvBindgen.Mshv.Intercepts;

/// <summary>An access of an arm64 guest to memory that is not there, or that must not be accessed so.</summary>
public readonly ref struct ArmMemoryIntercept : IInterceptView<ArmMemoryIntercept>
{
    private const ulong PageOffsetMask = 0xfff;
    private const int RoomBytes = 4;

    private readonly ref readonly hv_arm64_memory_intercept_message payload;

    private ArmMemoryIntercept(ref readonly hv_arm64_memory_intercept_message payload)
    {
        this.payload = ref payload;
    }

    /// <summary>State of the processor.</summary>
    public ref readonly hv_arm64_intercept_message_header Header => ref payload.header;

    /// <summary>The payload as the header declares it.</summary>
    public ref readonly hv_arm64_memory_intercept_message Payload => ref payload;

    /// <summary>What the guest was about to do.</summary>
    public InterceptAccess Access => (InterceptAccess)payload.header.intercept_access_type;

    /// <summary>Whether <see cref="Gva"/> is known.</summary>
    public bool HasGva => payload.memory_access_info.gva_valid != 0;

    /// <summary>Guest-virtual address, if <see cref="HasGva"/>.</summary>
    public ulong Gva => payload.guest_virtual_address;

    /// <summary>Guest-physical address, with the low 12 bits of the virtual one where that is known.</summary>
    public ulong Gpa => HasGva
        ? (payload.guest_physical_address & ~PageOffsetMask) | (payload.guest_virtual_address & PageOffsetMask)
        : payload.guest_physical_address;

    /// <summary>What the processor says about the access: its ESR_EL2.</summary>
    public A64DataAbort Syndrome => new(payload.syndrome);

    /// <summary>Bytes of the instruction, as far as the hypervisor fetched them: 4 or fewer.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> InstructionBytes
    {
        get
        {
            ReadOnlySpan<byte> all = payload.instruction_bytes;
            return all[..Math.Min((int)payload.instruction_byte_count, RoomBytes)];
        }
    }

    static bool IInterceptView<ArmMemoryIntercept>.TryShow(Intercept intercept, out ArmMemoryIntercept view)
    {
        bool carries = intercept.Carries<hv_arm64_memory_intercept_message>();
        view = carries ? new ArmMemoryIntercept(in intercept.PayloadAs<hv_arm64_memory_intercept_message>()) : default;
        return carries;
    }
}
