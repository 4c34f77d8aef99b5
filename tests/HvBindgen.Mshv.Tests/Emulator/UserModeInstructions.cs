using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Accesses of programs at CPL 3 that KVM cannot carry out: they are the client's, and no exception of the guest's.</summary>
public sealed class UserModeInstructions
{
    private const ulong Operand = GuestCode.DeviceGpa + 0x40;
    private const ulong UserPage = 4;
    private const int PageTableBytes = 0x6000;

    [Theory]
    [InlineData("paddd")]
    [InlineData("movdqa")]
    [InlineData("mov")]
    public void An_operand_in_a_device_stops_before_the_instruction(string name)
    {
        using EmulatedMachine machine = new();
        byte[] code = GuestCode.Assemble(64, a =>
        {
            switch (name)
            {
                case "paddd": a.paddd(xmm1, __xmmword_ptr[rbx]); break;
                case "movdqa": a.movdqa(xmm1, __xmmword_ptr[rbx]); break;
                default: a.mov(rax, __qword_ptr[rbx]); break;
            }

            a.ud2();
        });
        GuestCode.Start(machine, 64, code);
        foreach (ref ulong entry in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(
            machine.RamAt(GuestCode.PageTableGpa, PageTableBytes)))
        {
            entry |= entry != 0 ? UserPage : 0;
        }

        machine.Set(hv_register_name.HV_X64_REGISTER_CS, Segment(0x1b, 0xa0fb));
        machine.Set(hv_register_name.HV_X64_REGISTER_SS, Segment(0x23, 0xc0f3));
        machine.Set(hv_register_name.HV_X64_REGISTER_RBX, Operand);

        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);

        Assert.Equal(3, message.header.execution_state.cpl);
        Assert.Equal(GuestCode.CodeGpa, message.header.rip);
        Assert.Equal(Operand, message.guest_physical_address);
        Assert.Equal((byte)hv_intercept_access_type.HV_INTERCEPT_ACCESS_READ, message.header.intercept_access_type);
        Assert.Equal(code[0], message.instruction_bytes[0]);
    }

    private static hv_register_value Segment(ushort selector, ushort attributes) => new()
    {
        segment = new() { limit = uint.MaxValue, selector = selector, attributes = attributes },
    };
}
