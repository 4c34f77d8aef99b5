using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>INS and OUTS, with and without repetition, of guests that really run.</summary>
public sealed class StringPortIntercepts
{
    private const int Buffer = 0x9000;

    /// <summary>Bits of the code, whether it repeats, whether it goes backward.</summary>
    public static TheoryData<int, bool, bool> Forms => new()
    {
        { 16, false, false }, { 16, true, true }, { 32, true, false }, { 32, false, true }, { 64, true, false }, { 64, true, true },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_string_input_changes_neither_registers_nor_memory(int bits, bool repeat, bool backward)
    {
        using EmulatedMachine machine = new();
        hv_x64_io_port_intercept_message message = RunToString(machine, bits, backward, a =>
        {
            if (repeat)
            {
                _ = a.rep;
            }

            a.insb();
        });

        Assert.Equal((byte)hv_intercept_access_type.HV_INTERCEPT_ACCESS_READ, message.header.intercept_access_type);
        AssertUntouched(machine, in message, repeat, backward, sizeBytes: 1);

        // The client has done it: the guest goes on behind the instruction, with the client's registers.
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, message.header.rip + message.header.instruction_length);
        machine.Set(hv_register_name.HV_X64_REGISTER_RCX, 0);
        hv_x64_io_port_intercept_message next =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        Assert.Equal((0x80, 0UL), ((int)next.port_number, next.rcx));
        Assert.All(machine.RamAt(Buffer - 0x100, 0x200).ToArray(), each => Assert.Equal(0x5c, each));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_string_output_changes_no_register(int bits, bool repeat, bool backward)
    {
        using EmulatedMachine machine = new();
        hv_x64_io_port_intercept_message message = RunToString(machine, bits, backward, a =>
        {
            if (repeat)
            {
                _ = a.rep;
            }

            a.outsb();
        });

        Assert.Equal((byte)hv_intercept_access_type.HV_INTERCEPT_ACCESS_WRITE, message.header.intercept_access_type);
        AssertUntouched(machine, in message, repeat, backward, sizeBytes: 1);
    }

    [Fact]
    public void A_repeated_output_that_is_left_to_the_guest_goes_element_by_element()
    {
        using EmulatedMachine machine = new();
        hv_x64_io_port_intercept_message message = RunToString(machine, 32, backward: false, a => a.rep.outsb());
        for (ulong left = 5; left > 0; left--)
        {
            Assert.Equal((left, message.header.rip), (message.rcx, machine.Get(hv_register_name.HV_X64_REGISTER_RIP).reg64));
            machine.Set(hv_register_name.HV_X64_REGISTER_RCX, left - 1);
            machine.Set(hv_register_name.HV_X64_REGISTER_RSI, message.rsi + 1);
            message = machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        }

        Assert.Equal(0x80, message.port_number);
    }

    private static hv_x64_io_port_intercept_message RunToString(EmulatedMachine machine, int bits, bool backward, Action<Assembler> write)
    {
        byte[] code = GuestCode.Assemble(bits, a =>
        {
            a.mov(dx, 0x1f0);
            a.mov(esi, Buffer);
            a.mov(edi, Buffer);
            a.mov(ecx, 5);
            if (backward)
            {
                a.std();
            }

            write(a);
            a.@out(0x80, al);
        });
        machine.RamAt(Buffer - 0x100, 0x200).Fill(0x5c);
        GuestCode.Start(machine, bits, code);
        return machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
    }

    private static void AssertUntouched(
        EmulatedMachine machine, in hv_x64_io_port_intercept_message message, bool repeat, bool backward, int sizeBytes)
    {
        Assert.Equal(0x1f0, message.port_number);
        Assert.Equal(sizeBytes | 8 | (repeat ? 16 : 0), message.access_info.as_uint8);
        Assert.Equal(repeat ? 2 : 1, message.header.instruction_length);
        Assert.Equal((5UL, (ulong)Buffer, (ulong)Buffer), (message.rcx, message.rsi, message.rdi));
        Assert.Equal(backward, (message.header.rflags & 0x400) != 0);
        Assert.Equal(5u, machine.Get(hv_register_name.HV_X64_REGISTER_RCX).reg64);
        Assert.Equal((ulong)Buffer, machine.Get(hv_register_name.HV_X64_REGISTER_RSI).reg64);
        Assert.Equal((ulong)Buffer, machine.Get(hv_register_name.HV_X64_REGISTER_RDI).reg64);
        Assert.Equal(message.header.rip, machine.Get(hv_register_name.HV_X64_REGISTER_RIP).reg64);
        Assert.All(machine.RamAt(Buffer - 0x100, 0x200).ToArray(), each => Assert.Equal(0x5c, each));
    }
}
