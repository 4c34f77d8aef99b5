using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using Iced.Intel;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Small guests: code at a fixed place, and the registers to start it in each mode.</summary>
internal static class GuestCode
{
    internal const ulong CodeGpa = 0x8000;
    internal const ulong StackGpa = 0x7000;
    internal const ulong PageTableGpa = 0x100000;
    internal const ulong DeviceGpa = 0xd0000000;
    private const ulong Present = 3; // present, writable
    private const ulong LargePage = 0x80;

    /// <summary>Assembles code for where it will run.</summary>
    internal static byte[] Assemble(int bits, Action<Assembler> write)
    {
        Assembler assembler = new(bits);
        write(assembler);
        MemoryStream stream = new();
        _ = assembler.Assemble(new StreamCodeWriter(stream), CodeGpa);
        return stream.ToArray();
    }

    /// <summary>Loads code and starts it: 16 bits in real mode, 32 bits flat, 64 bits with 4-level identity paging.</summary>
    internal static void Start(EmulatedMachine machine, int bits, byte[] code, int processor = 0)
    {
        code.CopyTo(machine.RamAt(CodeGpa, code.Length));
        Start(machine, bits, processor);
    }

    internal static void Start(EmulatedMachine machine, int bits, int processor = 0)
    {
        bool isProtected = bits != 16;
        for (hv_register_name name = hv_register_name.HV_X64_REGISTER_ES; name <= hv_register_name.HV_X64_REGISTER_GS; name++)
        {
            machine.Set(name, new hv_register_value { segment = Segment(name == hv_register_name.HV_X64_REGISTER_CS, bits) }, processor);
        }

        if (bits == 64)
        {
            WriteIdentityMap(machine);
            machine.Set(hv_register_name.HV_X64_REGISTER_CR3, PageTableGpa, processor);
            machine.Set(hv_register_name.HV_X64_REGISTER_CR4, 0x620, processor); // PAE, OSFXSR, OSXMMEXCPT
            machine.Set(hv_register_name.HV_X64_REGISTER_EFER, 0x500, processor); // LME, LMA
        }

        machine.Set(hv_register_name.HV_X64_REGISTER_CR0, bits == 64 ? 0x80000031 : isProtected ? 0x31 : 0x30u, processor);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, CodeGpa, processor);
        machine.Set(hv_register_name.HV_X64_REGISTER_RSP, StackGpa, processor);
        machine.Set(hv_register_name.HV_X64_REGISTER_RFLAGS, 2, processor);
    }

    private static hv_x64_segment_register Segment(bool isCode, int bits) => new()
    {
        limit = bits == 16 ? 0xffffu : uint.MaxValue,
        selector = (ushort)(bits == 16 ? 0 : isCode ? 8 : 16),
        attributes = (ushort)((isCode ? 0x9b : 0x93) | (bits == 16 ? 0 : 0x8000)
            | (bits == 32 ? 0x4000 : 0) | (bits == 64 ? (isCode ? 0x2000 : 0x4000) : 0)),
    };

    // 4 GiB in pages of 2 MiB.
    private static void WriteIdentityMap(EmulatedMachine machine)
    {
        BitConverter.TryWriteBytes(machine.RamAt(PageTableGpa, 8), (PageTableGpa + 0x1000) | Present);
        for (ulong gigabyte = 0; gigabyte < 4; gigabyte++)
        {
            ulong directory = PageTableGpa + 0x2000 + (gigabyte * 0x1000);
            BitConverter.TryWriteBytes(machine.RamAt(PageTableGpa + 0x1000 + (gigabyte * 8), 8), directory | Present);
            for (ulong entry = 0; entry < 512; entry++)
            {
                ulong page = (gigabyte << 30) + (entry << 21);
                BitConverter.TryWriteBytes(machine.RamAt(directory + (entry * 8), 8), page | Present | LargePage);
            }
        }
    }
}
