using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>Guests of a few bytes: 32-bit code without paging.</summary>
internal static unsafe class GuestCode
{
    /// <summary>Where code begins.</summary>
    internal const uint CodeGpa = 0x1000;

    /// <summary>Where the table of interrupts lies.</summary>
    internal const uint InterruptTableGpa = 0x2000;

    /// <summary>Where the stack begins, downwards.</summary>
    internal const uint StackGpa = 0x8000;

    /// <summary>Where the handler of interrupts lies.</summary>
    internal const uint HandlerGpa = 0x3000;

    private const ulong ProtectedMode = 0x31;
    private const ushort CodeSelector = 8;

    /// <summary>mov eax, [gpa].</summary>
    internal static byte[] Read(uint gpa) => [0xa1, .. BitConverter.GetBytes(gpa)];

    /// <summary>mov [gpa], eax.</summary>
    internal static byte[] Write(uint gpa) => [0xa3, .. BitConverter.GetBytes(gpa)];

    /// <summary>mov eax, value.</summary>
    internal static byte[] Load(uint value) => [0xb8, .. BitConverter.GetBytes(value)];

    /// <summary>jmp gpa, from where code begins.</summary>
    internal static byte[] Jump(uint gpa) => [0xe9, .. BitConverter.GetBytes(gpa - CodeGpa - 5)];

    /// <summary>out 0x10, al.</summary>
    internal static byte[] Leave => [0xe6, 0x10];

    /// <summary>sti, nop, and a loop that does nothing.</summary>
    internal static byte[] WaitForInterrupt => [0xfb, 0x90, 0xeb, 0xfe];

    /// <summary>mov dword [spurious vector], 0x1ff: the APIC lets interrupts through.</summary>
    internal static byte[] EnableApic => [0xc7, 0x05, 0xf0, 0x00, 0xe0, 0xfe, 0xff, 0x01, 0, 0];

    /// <summary>mov dword [EOI], 0.</summary>
    internal static byte[] EndInterrupt => [0xc7, 0x05, 0xb0, 0x00, 0xe0, 0xfe, 0, 0, 0, 0];

    /// <summary>Puts code into the partition's memory and the processor before it.</summary>
    /// <returns>The processor.</returns>
    internal static int Load(Probe probe, ReadOnlySpan<byte> code)
    {
        code.CopyTo(new Span<byte>(probe.Ram + CodeGpa, code.Length));
        Start(probe, probe.Processor, CodeGpa);
        return probe.Processor;
    }

    /// <summary>Puts a handler of every interrupt into the partition's memory.</summary>
    internal static void Handle(Probe probe, ReadOnlySpan<byte> handler)
    {
        handler.CopyTo(new Span<byte>(probe.Ram + HandlerGpa, handler.Length));
        for (int vector = 0; vector < 256; vector++)
        {
            ulong gate = HandlerGpa | ((ulong)CodeSelector << 16) | (0x8eUL << 40);
            *(ulong*)(probe.Ram + InterruptTableGpa + (8 * vector)) = gate;
        }

        // The processor loads the segment of a gate from here.
        ulong* descriptors = (ulong*)(probe.Ram + InterruptTableGpa + 0x900);
        descriptors[1] = 0x00cf_9b00_0000_ffff;
        descriptors[2] = 0x00cf_9300_0000_ffff;
        probe.Registers.Set(probe.Processor, hv_register_name.HV_X64_REGISTER_IDTR, new hv_register_value
        {
            table = new hv_x64_table_register { limit = 0x7ff, @base = InterruptTableGpa },
        });
        probe.Registers.Set(probe.Processor, hv_register_name.HV_X64_REGISTER_GDTR, new hv_register_value
        {
            table = new hv_x64_table_register { limit = 0x17, @base = InterruptTableGpa + 0x900 },
        });
    }

    /// <summary>Sets a processor before code.</summary>
    internal static void Start(Probe probe, int processor, uint gpa)
    {
        for (hv_register_name name = hv_register_name.HV_X64_REGISTER_ES; name <= hv_register_name.HV_X64_REGISTER_GS; name++)
        {
            bool isCode = name == hv_register_name.HV_X64_REGISTER_CS;
            probe.Registers.Set(processor, name, new hv_register_value
            {
                segment = new hv_x64_segment_register
                {
                    limit = uint.MaxValue,
                    selector = (ushort)(isCode ? CodeSelector : 2 * CodeSelector),
                    attributes = (ushort)(isCode ? 0xc09b : 0xc093),
                },
            });
        }

        probe.Registers.Set(processor, hv_register_name.HV_X64_REGISTER_CR0, ProtectedMode);
        probe.Registers.Set(processor, hv_register_name.HV_X64_REGISTER_RSP, StackGpa);
        probe.Registers.Set(processor, hv_register_name.HV_X64_REGISTER_RFLAGS, 2);
        probe.Registers.Set(processor, hv_register_name.HV_X64_REGISTER_RIP, gpa);
    }
}
