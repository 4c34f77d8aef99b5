using System.Buffers.Binary;
using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>
/// The page through which a guest calls the hypervisor. The emulator has no calls for guests, and the page says so: every call gives
/// HV_STATUS_INVALID_HYPERCALL_CODE, without leaving the guest.
/// </summary>
internal static class HypercallPage
{
    /// <summary>Writes the page, where the register enables it and there is memory.</summary>
    /// <returns>False where there is none.</returns>
    internal static bool TryWrite(IGuestPhysicalMemory memory, ulong register)
    {
        hv_x64_msr_hypercall_contents contents = new() { as_uint64 = register };

        // mov eax, status; xor edx, edx; ret: the result is RAX in 64-bit code, EDX:EAX in 32-bit code.
        Span<byte> code = [0xb8, 0, 0, 0, 0, 0x31, 0xd2, 0xc3];
        BinaryPrimitives.WriteInt32LittleEndian(code[1..], Hv.HV_STATUS_INVALID_HYPERCALL_CODE);
        return memory.Write(contents.guest_physical_address << GuestMemoryMap.PageShift, code) == code.Length;
    }
}
