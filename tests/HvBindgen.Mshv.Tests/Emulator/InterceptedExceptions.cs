using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using Xunit;

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
        using EmulatedMachine machine = new(processorCount: (uint)processorCount);

        Assert.Equal(Abi.Constants.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED, Install(machine, PageFault));
        Assert.Contains("exception 14", Assert.Single(machine.Refusals), StringComparison.Ordinal);
        Assert.Equal(0, Install(machine, Breakpoint));
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
