using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>CPUID that a monitor has the hypervisor intercept, on processors in software.</summary>
public sealed class InterceptedCpuid
{
    private const uint Leaf = 0x4000_0000;

    [Fact]
    public void It_stops_with_what_was_asked_and_what_the_hypervisor_would_answer_until_the_intercept_is_taken_away()
    {
        using EmulatedMachine machine = new(engine: MshvEngine.Software, syntheticFeatures: 3); // a hypervisor that says so
        Assert.Equal(Abi.Constants.HV_STATUS_INVALID_PARAMETER, Install(machine, Abi.Constants.HV_INTERCEPT_ACCESS_MASK_READ));
        Assert.Equal(0, Install(machine, Abi.Constants.HV_INTERCEPT_ACCESS_MASK_EXECUTE));
        GuestCode.Start(machine, 64, GuestCode.Assemble(64, code =>
        {
            code.mov(eax, Leaf);
            code.mov(ecx, 7);
            code.mov(edx, 8);
            code.mov(ebx, 9);
            code.cpuid();
            code.@out(0x80, eax);
        }));

        hv_x64_cpuid_intercept_message message =
            machine.RunTo<hv_x64_cpuid_intercept_message>(hv_message_type.HVMSG_X64_CPUID_INTERCEPT);

        Assert.Equal(((ulong)Leaf, 7UL, 8UL, 9UL), (message.rax, message.rcx, message.rdx, message.rbx));
        Assert.Equal((byte)2, message.header.instruction_length);
        Assert.Equal("Micr"u8.ToArray(), BitConverter.GetBytes((uint)message.default_result_rbx));
        Assert.Equal((ulong)Leaf + 5, message.default_result_rax);

        Assert.Equal(0, Install(machine, 0));
        hv_x64_io_port_intercept_message report =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        Assert.Equal((ulong)Leaf + 5, report.rax);
    }

    private static int Install(EmulatedMachine machine, int access)
    {
        hv_input_install_intercept input = new()
        {
            access_type = (uint)access,
            intercept_type = (uint)hv_intercept_type.HV_INTERCEPT_TYPE_X64_CPUID,
            intercept_parameter = new hv_intercept_parameters { cpuid_index = Leaf },
        };
        return machine.Call(
            machine.Partition, Abi.Constants.HVCALL_INSTALL_INTERCEPT, MemoryMarshal.AsBytes([input]), [], 0, out _).status;
    }
}
