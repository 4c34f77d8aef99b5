using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Exceptions that a monitor has the hypervisor intercept, of processors that are there and of those that come later.</summary>
public sealed class InterceptedExceptions
{
    private const ushort Breakpoint = 3;
    private const ushort PageFault = 14;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_breakpoint_stops_a_processor_whether_it_was_created_before_or_after_the_intercept(bool isCreatedBefore)
    {
        using EmulatedMachine machine = new(processorCount: isCreatedBefore ? 1u : 0);
        Assert.Equal(0, Install(machine, Breakpoint));

        if (!isCreatedBefore)
        {
            machine.Processors.Add(machine.CreateProcessor(0));
        }

        GuestCode.Start(machine, 32, [0xcc]); // int3
        hv_x64_exception_intercept_message message =
            machine.RunTo<hv_x64_exception_intercept_message>(hv_message_type.HVMSG_X64_EXCEPTION_INTERCEPT);

        Assert.Equal((Breakpoint, GuestCode.CodeGpa), (message.exception_vector, message.header.rip));
        Assert.Empty(machine.Refusals);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_the_engine_cannot_intercept_is_refused_with_its_number_and_without_a_processor_too(int processorCount)
    {
        Assert.SkipWhen(Requirement.IsSoftware, "processors in software intercept every exception");
        using EmulatedMachine machine = new(processorCount: (uint)processorCount);

        Assert.Equal(Abi.Constants.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED, Install(machine, PageFault));
        Assert.Contains("exception 14", Assert.Single(machine.Refusals), StringComparison.Ordinal);
        Assert.Equal(0, Install(machine, Breakpoint));
    }

    [Fact]
    public void A_page_fault_stops_a_processor_in_software_with_its_address_and_cause_and_goes_on_where_the_client_says()
    {
        using EmulatedMachine machine = new(engine: MshvEngine.Software);
        Assert.Equal(0, Install(machine, PageFault));
        const ulong Unmapped = 0x80_0000_0000;
        const uint Written = 2;
        GuestCode.Start(machine, 64, GuestCode.Assemble(64, code =>
        {
            code.mov(__dword_ptr[rbx], 1);
            code.@out(0x70, al);
        }));
        machine.Set(hv_register_name.HV_X64_REGISTER_RBX, Unmapped);
        machine.Set(hv_register_name.HV_X64_REGISTER_CR2, 0x1234);

        hv_x64_exception_intercept_message message =
            machine.RunTo<hv_x64_exception_intercept_message>(hv_message_type.HVMSG_X64_EXCEPTION_INTERCEPT);

        Assert.Equal((PageFault, GuestCode.CodeGpa), (message.exception_vector, message.header.rip));
        Assert.Equal((Unmapped, Written), (message.exception_parameter, message.error_code));
        Assert.Equal(1, message.exception_info.error_code_valid);
        Assert.Equal(0x1234UL, machine.Get(hv_register_name.HV_X64_REGISTER_CR2).reg64);
        machine.Set(hv_register_name.HV_X64_REGISTER_RBX, GuestCode.StackGpa);
        machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        Assert.Equal(1, machine.RamAt(GuestCode.StackGpa, 1)[0]);
    }

    private static int Install(EmulatedMachine machine, ushort vector)
    {
        hv_input_install_intercept input = new()
        {
            access_type = Abi.Constants.HV_INTERCEPT_ACCESS_MASK_EXECUTE,
            intercept_type = (uint)hv_intercept_type.HV_INTERCEPT_TYPE_EXCEPTION,
            intercept_parameter = new hv_intercept_parameters { exception_vector = vector },
        };
        mshv_root_hvcall call = machine.Call(
            machine.Partition, Abi.Constants.HVCALL_INSTALL_INTERCEPT, MemoryMarshal.AsBytes([input]), [], 0, out _);
        return call.status;
    }
}
