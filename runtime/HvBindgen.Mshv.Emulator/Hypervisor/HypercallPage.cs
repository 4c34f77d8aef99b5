using System.Buffers.Binary;
using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>
/// The page through which a guest calls the hypervisor. Where the engine does not stop for calls the page says so: every one gives
/// HV_STATUS_INVALID_HYPERCALL_CODE, without leaving the guest.
/// </summary>
internal static class HypercallPage
{
    /// <summary>Whether a partition's guest has enabled the page, and so may call.</summary>
    internal static bool IsEnabled(VirtualPartition partition) =>
        new hv_x64_msr_hypercall_contents { as_uint64 = partition.Synthetic[hv_register_name.HV_X64_REGISTER_HYPERCALL] }.enable != 0;

    /// <summary>Writes the page that a register's value enables, where there is memory.</summary>
    /// <param name="memory">Memory of the guest.</param>
    /// <param name="register">The register's value.</param>
    /// <param name="takesCalls">Whether calls leave the guest.</param>
    /// <returns>False where there is none.</returns>
    internal static bool TryWrite(IGuestPhysicalMemory memory, ulong register, bool takesCalls)
    {
        hv_x64_msr_hypercall_contents contents = new() { as_uint64 = register };

        // mov eax, status; xor edx, edx; ret: the result is RAX in 64-bit code, EDX:EAX in 32-bit code.
        Span<byte> refusal = [0xb8, 0, 0, 0, 0, 0x31, 0xd2, 0xc3];
        BinaryPrimitives.WriteInt32LittleEndian(refusal[1..], Hv.HV_STATUS_INVALID_HYPERCALL_CODE);
        ReadOnlySpan<byte> call = [0x0f, 0x01, 0xc1, 0xc3]; // vmcall; ret
        ReadOnlySpan<byte> code = takesCalls ? call : refusal;
        return memory.Write(contents.guest_physical_address << GuestMemoryMap.PageShift, code) == code.Length;
    }
}
