using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.Arm64;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Running;
using Xunit;
using Constants = HvBindgen.Mshv.Abi.Constants;
using Name = HvBindgen.Mshv.Abi.Arm64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Hypercalls of arm64 guests, and notices of their synthetic interrupt sources.</summary>
public sealed class Arm64CallTests
{
    private static readonly RunOptions AsHardware = new() { Hypercalls = UnclaimedAccess.AsHardware };

    [Theory]
    [InlineData(1, new ulong[] { 0x5c, 0x1000, 0x2000 })]
    [InlineData(0, new ulong[] { 0x46000001, 0x5c, 0x1000, 0x2000 })]
    public void A_call_of_the_hypervisor_is_answered_in_X0_and_PC_goes_on(ushort immediate, ulong[] x)
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);
        TestAnswers answers = new();

        Treatment treatment = Arm64DispatchTests.Dispatch(processor, new MachineHandlers { Hypercalls = answers }, Call(immediate, x));

        Assert.Equal(Treatment.Progressed, treatment);
        Assert.Equal([$"call {immediate} 5c 1000 2000"], answers.Calls);
        Assert.Equal(
            [
                Write(Name.HV_ARM64_REGISTER_X0, 0x1_0000_0003), Write(Name.HV_ARM64_REGISTER_X17, 17),
                Write(Name.HV_ARM64_REGISTER_PC, 0x1004),
            ],
            processor.Writes);
        Assert.Equal(1, processor.HypercallCount);
    }

    [Theory]
    [InlineData(1, 0x7fUL, 2UL)]
    [InlineData(0, 0x46000001UL, 2UL)]
    [InlineData(0, 0x84000000UL, ulong.MaxValue)]
    public void A_call_that_nobody_knows_gets_the_status_of_its_convention_and_nothing_else(ushort immediate, ulong first, ulong expected)
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);
        TestAnswers refusing = new();
        hv_message message = Call(immediate, first);

        Arm64DispatchTests.Dispatch(processor, new MachineHandlers { Hypercalls = refusing }, message, AsHardware);

        Assert.Single(refusing.Calls);
        Assert.Equal([Write(Name.HV_ARM64_REGISTER_X0, expected), Write(Name.HV_ARM64_REGISTER_PC, 0x1004)], processor.Writes);
        processor.Writes.Clear();
        RunResult end = Arm64DispatchTests.EndOf(processor, message);
        Assert.Equal(RunEnd.Unhandled, end.End);
        Assert.Contains($"X0 0x{first:x}", end.Detail, StringComparison.Ordinal);
        Assert.Empty(processor.Writes);
    }

    [Fact]
    public void A_handler_for_x64_alone_knows_no_call_of_arm64()
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);

        Arm64DispatchTests.Dispatch(processor, new MachineHandlers { Hypercalls = new X64Calls() }, Call(1, 0x5c), AsHardware);

        Assert.Equal(Write(Name.HV_ARM64_REGISTER_X0, Constants.HV_STATUS_INVALID_HYPERCALL_CODE), processor.Writes[0]);
    }

    [Fact]
    public void A_view_shows_the_parameters_where_each_convention_has_them()
    {
        hv_message message = Call(0, 0xc4000003, 11, 12, 13);
        Assert.True(new Intercept(in message).TryView(out ArmHypercallIntercept call));

        Assert.True(call.IsSmccc);
        Assert.False(call.IsHypervisorCall);
        Assert.Equal(0xc4000003, call.Function);
        Assert.Equal((11UL, 12UL, 13UL), (call.Control, call.Input, call.Output));
        Assert.Equal(18, call.X.Length);
        Assert.Equal(TestMessages.Rip, call.Header.pc);

        message = Call(7, 1, 2, 3);
        Assert.True(new Intercept(in message).TryView(out call));
        Assert.False(call.IsSmccc || call.IsHypervisorCall);
        Assert.Equal((1UL, 2UL, 3UL), (call.Control, call.Input, call.Output));
    }

    [Fact]
    public void Sources_with_waiting_messages_are_asked_for_again_beside_other_wishes()
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);
        processor.Registers[(uint)Name.HV_REGISTER_DELIVERABILITY_NOTIFICATIONS] = new hv_u128 { low_part = 0x0001_0000_0000_0000 };
        TestAnswers answers = new() { SourcesAgain = 4 };

        Treatment treatment = Arm64DispatchTests.Dispatch(processor, new MachineHandlers { Sints = answers }, Sint(0xc));

        Assert.Equal(Treatment.Noticed, treatment);
        Assert.Equal(["sint c"], answers.Calls);
        Assert.Equal([Write(Name.HV_REGISTER_DELIVERABILITY_NOTIFICATIONS, 0x0005_0000_0000_0000)], processor.Writes);
    }

    [Fact]
    public void Sources_that_nobody_waits_for_change_nothing()
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);

        Assert.Equal(Treatment.Noticed, Arm64DispatchTests.Dispatch(processor, new MachineHandlers { Sints = new TestAnswers() }, Sint(1)));
        Assert.Equal(RunEnd.Unhandled, Arm64DispatchTests.EndOf(processor, Sint(1)).End);
        Assert.Empty(processor.Writes);
    }

    [Fact]
    public void Refused_registers_end_the_run_with_the_status()
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64) { RefusedStatus = Constants.HV_STATUS_ACCESS_DENIED };

        RunResult call = EndWith(processor, Call(1, 0x5c));
        RunResult sint = EndWith(processor, Sint(1));

        Assert.All(
            [call, sint],
            end => Assert.Equal((RunEnd.Refused, (ushort)Constants.HV_STATUS_ACCESS_DENIED), (end.End, end.Refusal!.Value.Status)));
    }

    [Fact]
    public void Calls_and_notices_allocate_nothing()
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);
        Arm64Dispatcher dispatcher = new(
            processor, new MachineHandlers { Hypercalls = new X64Calls(), Sints = new AgainHandler() }, AsHardware);
        hv_message[] stream = [Call(1, 0x5c), Sint(1)];
        processor.Writes.EnsureCapacity(100_000);

        bool hasEnded = false;
        long allocated = Allocations.OfEach(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                hasEnded |= dispatcher.Dispatch(in stream[i % stream.Length]) == Treatment.Ended;
            }
        });

        Assert.Equal((0, false), (allocated, hasEnded));
    }

    private static RunResult EndWith(TestProcessor processor, hv_message message)
    {
        TestAnswers answers = new() { SourcesAgain = 1 };
        Arm64Dispatcher dispatcher = new(processor, new MachineHandlers { Hypercalls = answers, Sints = answers }, new RunOptions());
        Assert.Equal(Treatment.Ended, dispatcher.Dispatch(in message));
        return dispatcher.Result;
    }

    private static hv_message Call(ushort immediate, params ReadOnlySpan<ulong> x)
    {
        hv_arm64_hypercall_intercept_message payload = new() { immediate = immediate };
        payload.header.pc = TestMessages.Rip;
        x.CopyTo(payload.x);
        return TestMessages.Of(hv_message_type.HVMSG_HYPERCALL_INTERCEPT, in payload);
    }

    private static hv_message Sint(ushort sources) => TestMessages.Of(
        hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE, new hv_arm64_sint_deliverable_message { deliverable_sints = sources });

    private static RegisterWrite Write(Name name, ulong value) => Arm64DispatchTests.Write(name, value);

    private sealed class X64Calls : IHypercallHandler
    {
        public bool TryCall(uint vpIndex, in HypercallIntercept call, out ulong result)
        {
            result = 0;
            return true;
        }
    }

    private sealed class AgainHandler : ISintHandler
    {
        public ushort OnSintDeliverable(uint vpIndex, ushort sources) => sources;
    }
}
