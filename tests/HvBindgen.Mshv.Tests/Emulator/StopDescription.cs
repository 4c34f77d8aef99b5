using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Says where a processor has stopped, for faults that are too rare to be looked at again.</summary>
internal static class StopDescription
{
    private const int CodeBytes = 16;

    private static readonly hv_register_name[] Registers =
    [
        hv_register_name.HV_X64_REGISTER_RIP,
        hv_register_name.HV_X64_REGISTER_RFLAGS,
        hv_register_name.HV_X64_REGISTER_RSP,
        hv_register_name.HV_X64_REGISTER_RAX,
        hv_register_name.HV_X64_REGISTER_RCX,
        hv_register_name.HV_X64_REGISTER_RSI,
        hv_register_name.HV_X64_REGISTER_RDI,
        hv_register_name.HV_X64_REGISTER_CR0,
        hv_register_name.HV_X64_REGISTER_CR2,
        hv_register_name.HV_X64_REGISTER_CR3,
        hv_register_name.HV_X64_REGISTER_EFER,
    ];

    /// <summary>What a run gave, the registers behind it, and the code that the guest was given.</summary>
    internal static string Of(in hv_message message, EmulatedMachine machine, int processor = 0)
    {
        hv_message_type type = (hv_message_type)message.header.message_type;
        string memory = "";
        if (type == hv_message_type.HVMSG_UNMAPPED_GPA)
        {
            hv_x64_memory_intercept_message access =
                MemoryMarshal.Read<hv_x64_memory_intercept_message>(MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)message.u.payload));
            memory = $" at GPA 0x{access.guest_physical_address:x}, kind {access.header.intercept_access_type}"
                + $", said to be at RIP 0x{access.header.rip:x}";
        }

        IEnumerable<string> registers = Registers.Select(name => $"{name} 0x{machine.Get(name, processor).reg64:x}");
        return $"{type}{memory}; {string.Join(", ", registers)}; code in memory "
            + Convert.ToHexStringLower(machine.RamAt(GuestCode.CodeGpa, CodeBytes));
    }
}
