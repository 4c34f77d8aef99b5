using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Running;
using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Messages that no instruction waits for, those that end a run, and those that are nobody's.</summary>
public sealed class X64NoticeTests
{
    [Fact]
    public void An_end_of_interrupt_is_told_and_changes_nothing()
    {
        using TestProcessor processor = new();
        TestAnswers answers = new();

        Treatment treatment = X64InstructionTests.Dispatch(processor, X64InstructionTests.Answering(answers), Eoi());

        Assert.Equal(Treatment.Noticed, treatment);
        Assert.Equal(["eoi 3 31"], answers.Calls);
        Assert.Empty(processor.Writes);
        Assert.Equal(Treatment.Noticed, X64InstructionTests.Dispatch(processor, new MachineHandlers(), Eoi()));
    }

    [Fact]
    public void Sources_with_waiting_messages_are_asked_for_again_beside_other_wishes()
    {
        using TestProcessor processor = new();
        processor.Set(Name.HV_REGISTER_DELIVERABILITY_NOTIFICATIONS, 2);
        TestAnswers answers = new() { SourcesAgain = 4 };

        X64InstructionTests.Dispatch(processor, X64InstructionTests.Answering(answers), Sint(0xc));

        Assert.Equal(["sint c"], answers.Calls);
        Assert.Equal([X64InstructionTests.Write(Name.HV_REGISTER_DELIVERABILITY_NOTIFICATIONS, 0x0004_0000_0000_0002)], processor.Writes);
        Assert.Equal(RunEnd.Unhandled, X64InstructionTests.EndOf(processor, new MachineHandlers(), Sint(1)));
    }

    [Theory]
    [InlineData(0, 0x40, 0x0040_0001)]
    [InlineData(2, 0, 0x0002_0005)]
    public void A_deliverable_interrupt_becomes_the_pending_one(uint type, byte vector, ulong expected)
    {
        using TestProcessor processor = new();
        TestAnswers answers = new() { Vector = vector };

        X64InstructionTests.Dispatch(processor, X64InstructionTests.Answering(answers), Deliverable(type));

        Assert.Equal([X64InstructionTests.Write(Name.HV_REGISTER_PENDING_INTERRUPTION, expected)], processor.Writes);
    }

    [Fact]
    public void Nothing_is_injected_when_no_interrupt_waits()
    {
        using TestProcessor processor = new();

        Assert.Equal(
            Treatment.Noticed, X64InstructionTests.Dispatch(processor, X64InstructionTests.Answering(new TestAnswers()), Deliverable(0)));
        Assert.Empty(processor.Writes);
        Assert.Equal(RunEnd.Unhandled, X64InstructionTests.EndOf(processor, new MachineHandlers(), Deliverable(0)));
    }

    [Fact]
    public void A_start_up_interrupt_is_passed_on()
    {
        using TestProcessor processor = new();
        TestAnswers answers = new();
        hv_message message = TestMessages.Of(hv_message_type.HVMSG_X64_SIPI_INTERCEPT, new hv_x64_sipi_intercept_message
        {
            header = TestMessages.Header(),
            target_vp_index = 5,
            interrupt_vector = 0x9f,
        });

        Assert.Equal(Treatment.Noticed, X64InstructionTests.Dispatch(processor, X64InstructionTests.Answering(answers), message));
        Assert.Equal(["sipi 5 9f"], answers.Calls);
        Assert.Equal(RunEnd.Unhandled, X64InstructionTests.EndOf(processor, new MachineHandlers(), message));
    }

    [Fact]
    public void Halt_ends_the_run_unless_a_handler_waits()
    {
        using TestProcessor processor = new();
        hv_message message = TestMessages.Of(hv_message_type.HVMSG_X64_HALT, new hv_x64_halt_message { header = TestMessages.Header() });

        Assert.Equal(RunEnd.Halted, X64InstructionTests.EndOf(processor, new MachineHandlers(), message));
        Assert.Equal(Treatment.Noticed, X64InstructionTests.Dispatch(processor, X64InstructionTests.Answering(new TestAnswers()), message));
        Assert.Empty(processor.Writes);
    }

    [Fact]
    public void Fatal_messages_end_the_run_with_their_own_reason()
    {
        using TestProcessor processor = new();

        Assert.Equal(
            RunEnd.TripleFault,
            X64InstructionTests.EndOf(processor, new MachineHandlers(), TestMessages.Of(
                hv_message_type.HVMSG_UNRECOVERABLE_EXCEPTION,
                new hv_x64_unrecoverable_exception_message { header = TestMessages.Header() })));
        Assert.Equal(
            RunEnd.InvalidRegister,
            X64InstructionTests.EndOf(processor, new MachineHandlers(), TestMessages.Of(
                hv_message_type.HVMSG_INVALID_VP_REGISTER_VALUE, default(hv_x64_invalid_vp_register_message))));
        Assert.Equal(
            RunEnd.UnsupportedFeature,
            X64InstructionTests.EndOf(processor, new MachineHandlers(), TestMessages.Of(
                hv_message_type.HVMSG_UNSUPPORTED_FEATURE, default(hv_x64_unsupported_feature_message))));
        Assert.Empty(processor.Writes);
    }

    [Theory]
    [InlineData(hv_message_type.HVMSG_TIMER_EXPIRED)]
    [InlineData(hv_message_type.HVMSG_OPAQUE_INTERCEPT)]
    [InlineData(hv_message_type.HVMSG_EVENTLOG_BUFFERCOMPLETE)]
    [InlineData(hv_message_type.HVMSG_SYNIC_EVENT_INTERCEPT)]
    [InlineData(hv_message_type.HVMSG_SYNIC_SINT_INTERCEPT)]
    [InlineData(hv_message_type.HVMSG_ASYNC_CALL_COMPLETION)]
    [InlineData(hv_message_type.HVMSG_SCHEDULER_VP_SIGNAL_BITSET)]
    [InlineData(hv_message_type.HVMSG_SCHEDULER_VP_SIGNAL_PAIR)]
    [InlineData(hv_message_type.HVMSG_X64_LEGACY_FP_ERROR)]
    [InlineData(hv_message_type.HVMSG_X64_IOMMU_PRQ)]
    [InlineData(hv_message_type.HVMSG_GPA_ATTRIBUTE_INTERCEPT)]
    [InlineData(hv_message_type.HVMSG_X64_SEV_VMGEXIT_INTERCEPT)]
    [InlineData(hv_message_type.HVMSG_ARM64_RESET_INTERCEPT)]
    [InlineData((hv_message_type)0x8123_4567)]
    public void What_nobody_handles_comes_back_with_the_whole_message(hv_message_type type)
    {
        using TestProcessor processor = new();
        hv_message message = TestMessages.Of(type, 0x1122334455667788UL, payloadSize: 240);
        processor.Messages.Enqueue(message);

        RunResult result = new RunLoop(processor, new MachineHandlers()).Run(TestContext.Current.CancellationToken);

        Assert.Equal(RunEnd.Unhandled, result.End);
        Assert.Equal((uint)type, result.Message.header.message_type);
        Assert.Equal(0x1122334455667788UL, result.Message.u.payload[0]);
    }

    [Fact]
    public void Every_type_with_a_view_is_malformed_when_its_payload_is_too_short()
    {
        using TestProcessor processor = new();
        hv_message_type[] types =
        [
            hv_message_type.HVMSG_UNMAPPED_GPA, hv_message_type.HVMSG_GPA_INTERCEPT, hv_message_type.HVMSG_UNACCEPTED_GPA,
            hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, hv_message_type.HVMSG_X64_MSR_INTERCEPT, hv_message_type.HVMSG_X64_CPUID_INTERCEPT,
            hv_message_type.HVMSG_X64_EXCEPTION_INTERCEPT, hv_message_type.HVMSG_HYPERCALL_INTERCEPT, hv_message_type.HVMSG_X64_APIC_EOI,
            hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE, hv_message_type.HVMSG_X64_INTERRUPTION_DELIVERABLE,
            hv_message_type.HVMSG_X64_SIPI_INTERCEPT, hv_message_type.HVMSG_X64_HALT, hv_message_type.HVMSG_INVALID_VP_REGISTER_VALUE,
            hv_message_type.HVMSG_UNSUPPORTED_FEATURE,
        ];

        foreach (hv_message_type type in types)
        {
            hv_message message = TestMessages.Of(type, 0UL, payloadSize: 7);
            Assert.Equal(
                RunEnd.MalformedMessage, X64InstructionTests.EndOf(processor, X64InstructionTests.Answering(new TestAnswers()), message));
        }
    }

    private static hv_message Eoi() => TestMessages.Of(
        hv_message_type.HVMSG_X64_APIC_EOI, new hv_x64_apic_eoi_message { vp_index = TestProcessor.Index, interrupt_vector = 0x31 });

    private static hv_message Sint(ushort sources) => TestMessages.Of(
        hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE,
        new hv_x64_sint_deliverable_message { header = TestMessages.Header(), deliverable_sints = sources });

    private static hv_message Deliverable(uint type) => TestMessages.Of(
        hv_message_type.HVMSG_X64_INTERRUPTION_DELIVERABLE,
        new hv_x64_interruption_deliverable_message { header = TestMessages.Header(), deliverable_type = type });
}
