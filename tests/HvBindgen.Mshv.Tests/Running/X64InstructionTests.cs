using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Running;
using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Messages that describe their instruction completely, and exactly the registers that are written for them.</summary>
public sealed class X64InstructionTests
{
    private const ulong Rax = 0x1122334455667788;

    [Theory]
    [InlineData(1, 0xabcdef60, 0x1122334455667760)]
    [InlineData(2, 0xabcdef60, 0x112233445566ef60)]
    [InlineData(4, 0xabcdef60, 0x00000000abcdef60)]
    public void Input_merges_into_RAX_as_the_processor_does(int sizeBytes, uint value, ulong expectedRax)
    {
        using TestProcessor processor = new();
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x3f8, 8, new TestDevice(value));

        Treatment treatment = Dispatch(processor, handlers, TestMessages.IoPort(InterceptAccess.Read, 0x3f8, sizeBytes, Rax));

        Assert.Equal(Treatment.Progressed, treatment);
        Assert.Equal([Write(Name.HV_X64_REGISTER_RAX, expectedRax), Write(Name.HV_X64_REGISTER_RIP, 0x1002)], processor.Writes);
        Assert.Equal(1, processor.HypercallCount);
    }

    [Fact]
    public void Input_with_a_valid_register_page_takes_no_hypercall()
    {
        using TestProcessor processor = new(hasPage: true);
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x3f8, 8, new TestDevice(0x60));
        processor.PageIsUpToDate();

        Dispatch(processor, handlers, TestMessages.IoPort(InterceptAccess.Read, 0x3fd, 1, Rax));
        processor.TakePageWrites();

        Assert.Equal(
            [Write(Name.HV_X64_REGISTER_RAX, 0x1122334455667760, byPage: true), Write(Name.HV_X64_REGISTER_RIP, 0x1002, byPage: true)],
            processor.Writes);
        Assert.Equal(0, processor.HypercallCount);
    }

    [Fact]
    public void A_register_page_that_is_not_valid_is_left_alone()
    {
        using TestProcessor processor = new(hasPage: true, pageIsValid: false);
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x3f8, 8, new TestDevice(0x60));

        Dispatch(processor, handlers, TestMessages.IoPort(InterceptAccess.Read, 0x3fd, 1, Rax));

        Assert.Equal(2, processor.Writes.Count);
        Assert.Equal(1, processor.HypercallCount);
        processor.TakePageWrites();
        Assert.Equal(2, processor.Writes.Count);
    }

    [Theory]
    [InlineData(1, 0x88)]
    [InlineData(2, 0x7788)]
    [InlineData(4, 0x55667788)]
    public void Output_writes_the_low_bytes_and_only_moves_RIP(int sizeBytes, uint expected)
    {
        using TestProcessor processor = new();
        MachineHandlers handlers = new();
        TestDevice device = new();
        handlers.Ports.Map(0x80, 4, device);

        Dispatch(processor, handlers, TestMessages.IoPort(InterceptAccess.Write, 0x80, sizeBytes, Rax));

        Assert.Equal([(true, 0UL, sizeBytes, (ulong)expected)], device.Accesses);
        Assert.Equal([Write(Name.HV_X64_REGISTER_RIP, 0x1002)], processor.Writes);
    }

    [Fact]
    public void An_unclaimed_port_ends_the_run_and_changes_nothing()
    {
        using TestProcessor processor = new();

        RunResult result = ResultOf(processor, new MachineHandlers(), TestMessages.IoPort(InterceptAccess.Read, 0xf4, 1));

        Assert.Equal((RunEnd.Unhandled, "no device has port 0xf4"), (result.End, result.Detail));
        Assert.Empty(processor.Writes);
    }

    [Fact]
    public void An_unclaimed_port_reads_as_ones_where_that_is_wanted()
    {
        using TestProcessor processor = new();

        Dispatch(
            processor, new MachineHandlers(), TestMessages.IoPort(InterceptAccess.Read, 0x80, 2, Rax),
            new RunOptions { Ports = UnclaimedAccess.AsHardware });

        Assert.Equal([Write(Name.HV_X64_REGISTER_RAX, 0x112233445566ffff), Write(Name.HV_X64_REGISTER_RIP, 0x1002)], processor.Writes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_port_access_of_impossible_size_is_malformed(int sizeBytes)
    {
        using TestProcessor processor = new();

        Assert.Equal(
            RunEnd.MalformedMessage, EndOf(processor, new MachineHandlers(), TestMessages.IoPort(InterceptAccess.Read, 0x80, sizeBytes)));
    }

    [Fact]
    public void A_single_step_trap_follows_an_instruction_that_was_finished_here()
    {
        using TestProcessor processor = new();
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x80, 1, new TestDevice());

        Dispatch(processor, handlers, TestMessages.IoPort(InterceptAccess.Write, 0x80, 1, rflags: 0x102));

        // Pending, an exception, vector 1, with DR6.BS.
        Assert.Equal(
            [Write(Name.HV_X64_REGISTER_RIP, 0x1002), Write(Name.HV_REGISTER_PENDING_EVENT0, 0x0001_0001, 0x4000)], processor.Writes);
    }

    [Fact]
    public void The_interrupt_shadow_ends_with_the_instruction_and_the_NMI_mask_stays()
    {
        using TestProcessor processor = new();
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x80, 1, new TestDevice());
        processor.Set(Name.HV_REGISTER_INTERRUPT_STATE, 3);
        hv_message message = TestMessages.IoPort(InterceptAccess.Write, 0x80, 1);
        Assert.True(new Intercept(in message).TryView(out IoPortIntercept view));
        hv_x64_io_port_intercept_message payload = view.Payload;
        payload.header.execution_state.interrupt_shadow = 1;

        Dispatch(processor, handlers, TestMessages.Of(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, in payload));

        Assert.Equal([Write(Name.HV_X64_REGISTER_RIP, 0x1002), Write(Name.HV_REGISTER_INTERRUPT_STATE, 2)], processor.Writes);
    }

    [Fact]
    public void RIP_wraps_at_32_bits_outside_64_bit_mode()
    {
        using TestProcessor processor = new();
        hv_message message = TestMessages.Of(hv_message_type.HVMSG_X64_CPUID_INTERCEPT, new hv_x64_cpuid_intercept_message
        {
            header = TestMessages.Header(rip: 0xffffffff),
        });

        Dispatch(processor, new MachineHandlers(), message);

        Assert.Equal(Write(Name.HV_X64_REGISTER_RIP, 1), processor.Writes[^1]);
    }

    [Fact]
    public void Reading_a_model_specific_register_fills_EDX_and_EAX()
    {
        using TestProcessor processor = new();

        Dispatch(processor, Answering(new TestAnswers()), TestMessages.Msr(InterceptAccess.Read, TestAnswers.KnownMsr));

        Assert.Equal(
            [
                Write(Name.HV_X64_REGISTER_RAX, 0x55667788), Write(Name.HV_X64_REGISTER_RDX, 0x11223344),
                Write(Name.HV_X64_REGISTER_RIP, 0x1002),
            ],
            processor.Writes);
    }

    [Fact]
    public void Writing_a_model_specific_register_gives_the_handler_EDX_EAX_and_moves_RIP()
    {
        using TestProcessor processor = new();
        TestAnswers answers = new();

        Dispatch(processor, Answering(answers), TestMessages.Msr(InterceptAccess.Write, TestAnswers.KnownMsr, 0xaabbccdd_11223344));

        Assert.Equal(["wrmsr 40000000 aabbccdd11223344"], answers.Calls);
        Assert.Equal([Write(Name.HV_X64_REGISTER_RIP, 0x1002)], processor.Writes);
    }

    [Theory]
    [InlineData(InterceptAccess.Read)]
    [InlineData(InterceptAccess.Write)]
    public void An_unknown_model_specific_register_ends_the_run_or_raises_a_general_protection_fault(InterceptAccess access)
    {
        using TestProcessor processor = new();
        hv_message message = TestMessages.Msr(access, 0x123);

        Assert.Equal(RunEnd.Unhandled, EndOf(processor, Answering(new TestAnswers()), message));
        Assert.Empty(processor.Writes);

        Dispatch(processor, Answering(new TestAnswers()), message, new RunOptions { Msrs = UnclaimedAccess.AsHardware });

        // Pending, an exception with an error code (0), vector 13; RIP stays at the instruction.
        Assert.Equal([Write(Name.HV_REGISTER_PENDING_EVENT0, 0x000d_0101)], processor.Writes);
    }

    [Fact]
    public void Cpuid_fills_four_registers_from_the_handler_and_the_hypervisors_answer()
    {
        using TestProcessor processor = new();
        hv_message message = TestMessages.Of(hv_message_type.HVMSG_X64_CPUID_INTERCEPT, new hv_x64_cpuid_intercept_message
        {
            header = TestMessages.Header64(),
            rax = 0xffffffff_00000001,
            rcx = 2,
            default_result_rax = 1,
            default_result_rbx = 2,
            default_result_rcx = 3,
            default_result_rdx = 0xffffffff_00000004,
        });
        TestAnswers answers = new();

        Dispatch(processor, Answering(answers), message);

        Assert.Equal(["cpuid 1 2"], answers.Calls);
        Assert.Equal(
            [
                Write(Name.HV_X64_REGISTER_RAX, 0xa), Write(Name.HV_X64_REGISTER_RBX, 0xb), Write(Name.HV_X64_REGISTER_RCX, 3),
                Write(Name.HV_X64_REGISTER_RDX, 4), Write(Name.HV_X64_REGISTER_RIP, 0x1002),
            ],
            processor.Writes);
    }

    [Fact]
    public void A_hypercall_of_64_bit_code_takes_and_gives_whole_registers()
    {
        using TestProcessor processor = new();
        TestAnswers answers = new();
        hv_x64_hypercall_intercept_message payload = new()
        {
            header = TestMessages.Header64(length: 3),
            rcx = 0x1_0000_005c,
            rdx = 0x11,
            r8 = 0x22,
        };

        Dispatch(processor, Answering(answers), TestMessages.Of(hv_message_type.HVMSG_HYPERCALL_INTERCEPT, in payload));

        Assert.Equal(["call 10000005c 11 22"], answers.Calls);
        Assert.Equal([Write(Name.HV_X64_REGISTER_RAX, 0x1_0000_0003), Write(Name.HV_X64_REGISTER_RIP, 0x1003)], processor.Writes);
    }

    [Fact]
    public void A_hypercall_of_32_bit_code_takes_and_gives_pairs()
    {
        using TestProcessor processor = new();
        TestAnswers answers = new();
        hv_x64_hypercall_intercept_message payload = new()
        {
            header = TestMessages.Header(length: 3),
            rdx = 1,
            rax = 0x5c,
            rbx = 2,
            rcx = 3,
            rdi = 4,
            rsi = 5,
        };

        Dispatch(processor, Answering(answers), TestMessages.Of(hv_message_type.HVMSG_HYPERCALL_INTERCEPT, in payload));

        Assert.Equal(["call 10000005c 200000003 400000005"], answers.Calls);
        Assert.Equal(
            [Write(Name.HV_X64_REGISTER_RAX, 3), Write(Name.HV_X64_REGISTER_RDX, 1), Write(Name.HV_X64_REGISTER_RIP, 0x1003)],
            processor.Writes);
    }

    [Fact]
    public void An_unknown_hypercall_ends_the_run_or_is_answered_with_invalid_code()
    {
        using TestProcessor processor = new();
        hv_x64_hypercall_intercept_message payload = new() { header = TestMessages.Header64(length: 3), rcx = 0x99 };
        hv_message message = TestMessages.Of(hv_message_type.HVMSG_HYPERCALL_INTERCEPT, in payload);

        Assert.Equal(RunEnd.Unhandled, EndOf(processor, Answering(new TestAnswers()), message));
        Dispatch(processor, new MachineHandlers(), message, new RunOptions { Hypercalls = UnclaimedAccess.AsHardware });

        Assert.Equal([Write(Name.HV_X64_REGISTER_RAX, 2), Write(Name.HV_X64_REGISTER_RIP, 0x1003)], processor.Writes);
    }

    [Fact]
    public void A_delivered_page_fault_sets_CR2_and_brings_its_error_code()
    {
        using TestProcessor processor = new();
        hv_x64_exception_intercept_message payload = new()
        {
            header = TestMessages.Header64(),
            exception_vector = 14,
            error_code = 6,
            exception_parameter = 0xdead000,
        };
        payload.exception_info.error_code_valid = 1;

        Dispatch(processor, Answering(new TestAnswers()), TestMessages.Of(hv_message_type.HVMSG_X64_EXCEPTION_INTERCEPT, in payload));

        Assert.Equal(
            [Write(Name.HV_X64_REGISTER_CR2, 0xdead000), Write(Name.HV_REGISTER_PENDING_EVENT0, 0x00000006_000e_0101, 0xdead000)],
            processor.Writes);
    }

    [Fact]
    public void A_delivered_breakpoint_returns_to_the_instruction_after()
    {
        using TestProcessor processor = new();
        hv_x64_exception_intercept_message payload = new() { header = TestMessages.Header64(length: 1), exception_vector = 3 };
        payload.exception_info.software_exception = 1;

        Dispatch(processor, Answering(new TestAnswers()), TestMessages.Of(hv_message_type.HVMSG_X64_EXCEPTION_INTERCEPT, in payload));

        Assert.Equal([Write(Name.HV_X64_REGISTER_RIP, 0x1001), Write(Name.HV_REGISTER_PENDING_EVENT0, 0x0003_0001)], processor.Writes);
    }

    [Fact]
    public void A_refused_write_back_ends_the_run_with_hypercall_and_status()
    {
        using TestProcessor processor = new() { RefusedStatus = 5 };
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x80, 1, new TestDevice());
        X64Dispatcher dispatcher = new(processor, handlers, new RunOptions());
        hv_message message = TestMessages.IoPort(InterceptAccess.Write, 0x80, 1);

        Assert.Equal(Treatment.Ended, dispatcher.Dispatch(in message));
        Assert.Equal(RunEnd.Refused, dispatcher.Result.End);
        Assert.Equal(5, dispatcher.Result.Refusal!.Value.Status);
        Assert.Contains("HVCALL_SET_VP_REGISTERS", dispatcher.Result.Detail, StringComparison.Ordinal);
    }

    internal static MachineHandlers Answering(TestAnswers answers) => new()
    {
        Msrs = answers,
        Cpuid = answers,
        Hypercalls = answers,
        Exceptions = answers,
        Memory = answers,
        EndOfInterrupt = answers,
        Sints = answers,
        Interruptions = answers,
        Startup = answers,
        Halts = answers,
    };

    internal static Treatment Dispatch(TestProcessor processor, MachineHandlers handlers, hv_message message, RunOptions? options = null) =>
        new X64Dispatcher(processor, handlers, options ?? new RunOptions()).Dispatch(in message);

    internal static RunEnd EndOf(TestProcessor processor, MachineHandlers handlers, hv_message message) =>
        ResultOf(processor, handlers, message).End;

    internal static RunResult ResultOf(TestProcessor processor, MachineHandlers handlers, hv_message message)
    {
        X64Dispatcher dispatcher = new(processor, handlers, new RunOptions());
        Assert.Equal(Treatment.Ended, dispatcher.Dispatch(in message));
        return dispatcher.Result;
    }

    internal static RegisterWrite Write(Name name, ulong low, ulong high = 0, bool byPage = false) => new((uint)name, low, high, byPage);
}
