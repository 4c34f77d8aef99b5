using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Accesses that no memory backs, of guests that really run.</summary>
public sealed class DeviceMemoryIntercepts
{
    private const ulong Device = GuestCode.DeviceGpa + 0x123;

    public static TheoryData<int, string> Loads => Cases(["mov8", "mov16", "mov32", "movzx", "cmp", "test", "add", "lods", "movs", "push"]);

    public static TheoryData<int, string> Stores =>
        Cases(["mov8", "mov16", "mov32", "imm8", "imm16", "imm32", "moffs", "stos", "movs", "setcc"]);

    [Theory]
    [MemberData(nameof(Loads))]
    public void A_read_stops_before_the_instruction_and_changes_nothing(int bits, string kind)
    {
        using EmulatedMachine machine = new();
        byte[] code = GuestCode.Assemble(bits, a =>
        {
            Prepare(a);
            switch (kind)
            {
                case "mov8": a.mov(cl, __byte_ptr[ebx]); break;
                case "mov16": a.mov(cx, __word_ptr[ebx]); break;
                case "mov32": a.mov(ecx, __dword_ptr[ebx]); break;
                case "movzx": a.movzx(ecx, __byte_ptr[ebx]); break;
                case "cmp": a.cmp(__dword_ptr[ebx], ecx); break;
                case "test": a.test(__byte_ptr[ebx], 4); break;
                case "add": a.add(__dword_ptr[ebx], ecx); break;
                case "lods": a.AddInstruction(Instruction.CreateLodsd(32)); break;
                case "movs": a.AddInstruction(Instruction.CreateMovsd(32)); break;
                default:
                    a.AddInstruction(Instruction.Create(bits == 64 ? Code.Push_rm64 : Code.Push_rm16, new MemoryOperand(Register.EBX)));
                    break;
            }

            a.@out(0x80, al);
        });
        GuestCode.Start(machine, bits, code);
        if (bits == 16)
        {
            GiveRealModeBigSegments(machine);
        }

        machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        ulong start = machine.Get(hv_register_name.HV_X64_REGISTER_RIP).reg64 + 2;
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, start);
        ulong[] before = Registers(machine);
        byte[] ramBefore = machine.RamAt(0, 0x20000).ToArray();

        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);

        Assert.Equal(start, message.header.rip);
        Assert.Equal(Device, message.guest_physical_address);
        Assert.Equal(Device, message.guest_virtual_address);
        Assert.Equal(3, message.memory_access_info.as_uint8);
        Assert.Equal((byte)hv_intercept_access_type.HV_INTERCEPT_ACCESS_READ, message.header.intercept_access_type);
        ReadOnlySpan<byte> instruction = code.AsSpan((int)(start - GuestCode.CodeGpa));
        Assert.Equal(instruction, ((ReadOnlySpan<byte>)message.instruction_bytes)[..instruction.Length]);
        Assert.Equal(before, Registers(machine));
        Assert.Equal(ramBefore, machine.RamAt(0, 0x20000).ToArray());
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void A_write_stops_before_the_instruction_and_changes_nothing(int bits, string kind)
    {
        using EmulatedMachine machine = new();
        byte[] code = GuestCode.Assemble(bits, a =>
        {
            Prepare(a);
            switch (kind)
            {
                case "mov8": a.mov(__byte_ptr[ebx], cl); break;
                case "mov16": a.mov(__word_ptr[ebx], cx); break;
                case "mov32": a.mov(__dword_ptr[ebx], ecx); break;
                case "imm8": a.mov(__byte_ptr[ebx], 0x5a); break;
                case "imm16": a.mov(__word_ptr[ebx], 0x5a5a); break;
                case "imm32": a.mov(__dword_ptr[ebx], 0x5a5a5a5a); break;
                case "moffs":
                    a.AddInstruction(Instruction.Create(Code.Mov_moffs32_EAX, new MemoryOperand((long)Device, 4), Register.EAX));
                    break;
                case "stos": a.AddInstruction(Instruction.CreateStosd(32)); break;
                case "movs": a.AddInstruction(Instruction.CreateMovsd(32)); break;
                default: a.setne(__byte_ptr[ebx]); break;
            }

            a.@out(0x80, al);
        });
        GuestCode.Start(machine, bits, code);
        if (bits == 16)
        {
            GiveRealModeBigSegments(machine);
        }

        machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        ulong start = machine.Get(hv_register_name.HV_X64_REGISTER_RIP).reg64 + 2;
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, start);
        if (kind is "stos" or "movs")
        {
            machine.Set(hv_register_name.HV_X64_REGISTER_RDI, Device);
            machine.Set(hv_register_name.HV_X64_REGISTER_RSI, 0x9000);
        }

        ulong[] before = Registers(machine);

        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);

        Assert.Equal(start, message.header.rip);
        Assert.Equal(Device, message.guest_physical_address);
        Assert.Equal(Device, message.guest_virtual_address);
        Assert.Equal((byte)hv_intercept_access_type.HV_INTERCEPT_ACCESS_WRITE, message.header.intercept_access_type);
        Assert.Equal(before, Registers(machine));
    }

    // EBX and ESI point at the device, EDI and the stack at RAM; a port write marks the place.
    private static void Prepare(Assembler a)
    {
        a.mov(ebx, (uint)Device);
        a.mov(esi, (uint)Device);
        a.mov(edi, 0x9000);
        a.mov(ecx, 0x89abcdefu);
        a.mov(eax, 0x01234567);
        a.@out(0x80, al);
    }

    private static TheoryData<int, string> Cases(string[] kinds)
    {
        TheoryData<int, string> cases = [];
        foreach (string kind in kinds)
        {
            foreach (int bits in new[] { 16, 32, 64 })
            {
                if (kind != "moffs" || bits != 16)
                {
                    cases.Add(bits, kind);
                }
            }
        }

        return cases;
    }

    // "Unreal" mode: 16-bit code, data segments of 4 GiB.
    internal static void GiveRealModeBigSegments(EmulatedMachine machine)
    {
        foreach (hv_register_name name in new[] { hv_register_name.HV_X64_REGISTER_DS, hv_register_name.HV_X64_REGISTER_ES })
        {
            machine.Set(name, new hv_register_value { segment = new() { limit = uint.MaxValue, attributes = 0x8093 } });
        }
    }

    private static ulong[] Registers(EmulatedMachine machine)
    {
        ulong[] values = new ulong[18];
        for (uint index = 0; index < values.Length; index++)
        {
            values[index] = machine.Get(hv_register_name.HV_X64_REGISTER_RAX + index).reg64;
        }

        return values;
    }
}
