using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Port accesses of guests that really run.</summary>
public sealed class PortIntercepts
{
    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void An_output_stops_before_the_instruction_with_its_bytes_and_length(int bits)
    {
        using EmulatedMachine machine = new();
        byte[] code = GuestCode.Assemble(bits, a =>
        {
            a.mov(dx, 0x3f8);
            a.mov(al, 0x41);
            a.@out(dx, al);
            a.@out(dx, al);
            a.hlt();
        });
        GuestCode.Start(machine, bits, code);

        hv_x64_io_port_intercept_message first =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);

        Assert.Equal(0x3f8, first.port_number);
        Assert.Equal(0x41, (byte)first.rax);
        Assert.Equal(1, first.access_info.as_uint8);
        Assert.Equal((byte)hv_intercept_access_type.HV_INTERCEPT_ACCESS_WRITE, first.header.intercept_access_type);
        int at = (int)(first.header.rip - GuestCode.CodeGpa);
        Assert.Equal(0xee, code[at]);
        Assert.Equal(1, first.header.instruction_length);
        Assert.Equal(0xee, first.instruction_bytes[0]);
        Assert.Equal(first.header.rip, machine.Get(hv_register_name.HV_X64_REGISTER_RIP).reg64);

        // Not moved on: the same instruction again. Moved on: the next one.
        hv_x64_io_port_intercept_message again =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        Assert.Equal(first.header.rip, again.header.rip);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, first.header.rip + 1);
        Assert.Equal(
            first.header.rip + 1,
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT).header.rip);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void An_input_leaves_all_registers_as_they_were(int bits)
    {
        using EmulatedMachine machine = new();
        byte[] code = GuestCode.Assemble(bits, a =>
        {
            a.mov(dx, 0x3f8);
            a.mov(eax, 0x11223344);
            a.@in(ax, dx);
            a.@out(0x80, al);
            a.hlt();
        });
        GuestCode.Start(machine, bits, code);

        hv_x64_io_port_intercept_message input =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);

        Assert.Equal(2, input.access_info.access_size);
        Assert.Equal((byte)hv_intercept_access_type.HV_INTERCEPT_ACCESS_READ, input.header.intercept_access_type);
        Assert.Equal(0x11223344u, input.rax);
        Assert.Equal(0x11223344u, machine.Get(hv_register_name.HV_X64_REGISTER_RAX).reg64);
        machine.Set(hv_register_name.HV_X64_REGISTER_RAX, 0x1122beef);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, input.header.rip + input.header.instruction_length);
        hv_x64_io_port_intercept_message output =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        Assert.Equal((0x80, 0x1122beefUL), ((int)output.port_number, output.rax));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x8ffe)]
    [InlineData(0x8fff)]
    [InlineData(0x9000)]
    [InlineData(EmulatedMachine.RamBytes - 2)]
    public void An_output_is_found_wherever_a_page_or_memory_begins_or_ends(ulong gpa)
    {
        using EmulatedMachine machine = new();
        ((ReadOnlySpan<byte>)[0xe6, 0x80]).CopyTo(machine.RamAt(gpa, 2)); // out 0x80, al
        GuestCode.Start(machine, 32);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, gpa);

        hv_x64_io_port_intercept_message output =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);

        Assert.Equal((gpa, 2, 0x80), (output.header.rip, output.header.instruction_length, (int)output.port_number));
        Assert.Equal((0xe6, 0x80), (output.instruction_bytes[0], output.instruction_bytes[1]));
        Assert.Equal(Math.Min(16, EmulatedMachine.RamBytes - gpa), output.instruction_byte_count);
    }

    [Fact]
    public void Code_that_has_changed_since_the_last_stop_is_told_as_it_is_now()
    {
        using EmulatedMachine machine = new();
        GuestCode.Start(machine, 32, [0xe6, 0x80]); // out 0x80, al
        for (byte port = 0x80; port < 0x90; port++)
        {
            machine.RamAt(GuestCode.CodeGpa, 2)[1] = port;

            hv_x64_io_port_intercept_message output =
                machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);

            Assert.Equal((GuestCode.CodeGpa, port), (output.header.rip, output.port_number));
            Assert.Equal(port, output.instruction_bytes[1]);
        }
    }
}
