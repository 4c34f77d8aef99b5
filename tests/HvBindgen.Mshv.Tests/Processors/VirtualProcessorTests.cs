using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Processors;

public sealed unsafe class VirtualProcessorTests
{
    [Fact]
    public void A_run_gives_the_message_or_why_there_is_none()
    {
        using FakeMachine machine = new();
        RunLoop loop = new(machine.CreateProcessor(), new MachineHandlers());
        machine.Calls.OnRun = (_, argument) =>
        {
            ((hv_message*)argument)->header.message_type = (uint)hv_message_type.HVMSG_UNRECOVERABLE_EXCEPTION;
            ((hv_message*)argument)->u.payload[29] = ulong.MaxValue;
            return IoctlResult.Success(0);
        };
        RunResult intercepted = loop.Run(TestContext.Current.CancellationToken);
        Assert.Equal(RunEnd.TripleFault, intercepted.End);
        Assert.Equal(ulong.MaxValue, intercepted.Message.u.payload[29]);

        int runs = 0;
        machine.Calls.OnRun = (_, _) => IoctlResult.Failure(runs++ < 5 ? Errno.EINTR : Errno.EIO);
        RunResult refused = loop.Run(TestContext.Current.CancellationToken);
        Assert.Equal((RunEnd.Refused, Errno.EIO, 6), (refused.End, refused.Errno, runs));
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor();

        long allocated = Allocations.OfEach(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                processor.RunOnce(out _);
            }
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Access_to_a_running_processor_is_refused_and_never_waits()
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor(3);
        using ManualResetEventSlim isRunning = new();
        using ManualResetEventSlim goOn = new();
        machine.Calls.OnRun = (_, _) =>
        {
            isRunning.Set();
            goOn.Wait();
            return IoctlResult.Success(0);
        };
        Thread run = new(() => processor.RunOnce(out _)) { IsBackground = true };
        run.Start();
        isRunning.Wait(TestContext.Current.CancellationToken);
        Assert.True(processor.IsRunning);

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => processor.Registers.Get(Name.HV_X64_REGISTER_RIP));
        Assert.Contains("Virtual processor 3 is running", e.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => processor.X64.General = default);
        Assert.Throws<InvalidOperationException>(() => processor.Components.Get(VpStateComponent.LocalApic));
        Assert.Throws<InvalidOperationException>(() => processor.SaveState());
        Assert.Throws<InvalidOperationException>(
            () => new RunLoop(processor, new MachineHandlers()).Run(TestContext.Current.CancellationToken));

        // These go through the partition and do not wait for the run.
        machine.Partition.Hypercalls.RequestDeliverabilityNotifications(
            3, new hv_deliverability_notifications_register { interrupt_notification = 1 });
        Assert.Equal(2UL, machine.Calls.Registers[(3, (uint)Name.HV_REGISTER_DELIVERABILITY_NOTIFICATIONS)].low_part);

        goOn.Set();
        run.Join();
        Assert.False(processor.IsRunning);
        processor.Registers.Get(Name.HV_X64_REGISTER_RIP);
    }

    [Fact]
    public void The_register_page_serves_what_it_has_while_it_is_valid()
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor();
        Abi.X64.hv_vp_register_page* page = (Abi.X64.hv_vp_register_page*)machine.Calls.LastRegisterPage;
        page->isvalid = 1;
        page->rsi = 0x1234;
        page->gs = new hv_x64_segment_register { @base = 0x77 };

        Assert.Equal(0x1234UL, processor.X64.General.Rsi);
        Assert.Equal(0x77UL, processor.Registers.Get(Name.HV_X64_REGISTER_GS).segment.@base);
        Assert.Equal(0, machine.Calls.RegisterCalls);

        page->isvalid = 0;
        Assert.Equal(0UL, processor.X64.General.Rsi);
        Assert.Equal(1, machine.Calls.RegisterCalls);
    }

    [Fact]
    public void A_write_to_the_page_marks_its_class_and_touches_nothing_else()
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor();
        Abi.X64.hv_vp_register_page* page = (Abi.X64.hv_vp_register_page*)machine.Calls.LastRegisterPage;
        page->isvalid = 1;
        page->rip = 5;
        page->interrupt_vectors.vector_count = 1;

        processor.Registers.Set(Name.HV_X64_REGISTER_RBX, 9);
        Assert.Equal(1u << Constants.HV_X64_REGISTER_CLASS_GENERAL, page->dirty);
        processor.Registers.Set(Name.HV_X64_REGISTER_RIP, 6);
        processor.Registers.Set(Name.HV_X64_REGISTER_XMM5, new Abi.X64.hv_register_value { reg128 = new hv_u128 { high_part = 3 } });

        Assert.Equal(
            (1u << Constants.HV_X64_REGISTER_CLASS_GENERAL) | (1u << Constants.HV_X64_REGISTER_CLASS_IP)
                | (1u << Constants.HV_X64_REGISTER_CLASS_XMM),
            page->dirty);
        Assert.Equal(9UL, page->rbx);
        Assert.Equal(6UL, page->rip);
        Assert.Equal(3UL, page->xmm5.high_part);
        Assert.Equal(1, page->interrupt_vectors.vector_count);
        Assert.Equal(0, machine.Calls.RegisterCalls);
    }

    [Fact]
    public void What_is_not_on_the_page_goes_by_hypercall_in_one_batch()
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor();
        ((Abi.X64.hv_vp_register_page*)machine.Calls.LastRegisterPage)->isvalid = 1;

        processor.X64.Segments = new X64SegmentRegisters
        {
            Es = new hv_x64_segment_register { selector = 8 },
            Ldtr = new hv_x64_segment_register { selector = 0x10 },
            Tr = new hv_x64_segment_register { selector = 0x18 },
        };

        Assert.Equal(1, machine.Calls.RegisterCalls);
        Assert.Equal(2, machine.Calls.Registers.Count);
        Assert.Equal(8, ((Abi.X64.hv_vp_register_page*)machine.Calls.LastRegisterPage)->es.selector);
        Assert.Equal(0x18, processor.X64.Segments.Tr.selector);
    }

    [Fact]
    public void Control_registers_are_never_taken_from_the_page()
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor();
        Abi.X64.hv_vp_register_page* page = (Abi.X64.hv_vp_register_page*)machine.Calls.LastRegisterPage;
        page->isvalid = 1;
        page->cr0 = 0xbad;
        processor.Registers.Set(Name.HV_X64_REGISTER_CR0, 0x11);

        Assert.Equal(0x11UL, processor.X64.Control.Cr0);
        Assert.Equal(0xbadUL, page->cr0);
        Assert.Equal(0u, page->dirty);
    }

    [Fact]
    public void Without_a_register_page_everything_goes_by_hypercall()
    {
        using FakeMachine machine = new(prepare: calls => calls.RegisterPageErrno = Errno.ENODEV);
        VirtualProcessor processor = machine.CreateProcessor();

        Assert.False(processor.HasRegisterPage);
        Assert.False(processor.RegisterPageIsValid);
        processor.Registers.Set(Name.HV_X64_REGISTER_RAX, 3);
        Assert.Equal(3UL, processor.X64.General.Rax);
    }

    [Fact]
    public void A_page_that_cannot_be_mapped_for_another_reason_is_an_error_that_leaves_nothing_open()
    {
        using FakeMachine machine = new(prepare: calls => calls.RegisterPageErrno = Errno.ENOMEM);

        Assert.Throws<HypervisorException>(() => machine.CreateProcessor());

        Assert.Equal(2, machine.Calls.OpenDescriptors);
    }

    [Fact]
    public void An_index_is_32_bits_checked_against_the_driver_and_taken_once()
    {
        using FakeMachine machine = new();
        Assert.Equal(255u, machine.CreateProcessor(255).Index);

        Assert.Throws<ArgumentOutOfRangeException>(() => machine.CreateProcessor(256));
        HypervisorException e = Assert.Throws<HypervisorException>(() => machine.CreateProcessor(255));

        Assert.Equal(Errno.EEXIST, e.Errno);
        Assert.Contains("taken", e.Message, StringComparison.Ordinal);
    }
}
