using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Running;
using Xunit;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>The loop itself: how it ends, what it repeats, what it costs.</summary>
public sealed class RunLoopTests
{
    [Fact]
    public void A_run_ends_with_the_errors_of_the_kernel()
    {
        using TestProcessor processor = new() { RunErrnoAtEnd = 14 };

        RunResult result = Loop(processor, new MachineHandlers()).Run(TestContext.Current.CancellationToken);

        Assert.Equal(RunEnd.Refused, result.End);
        Assert.Equal(14, result.Errno);
        Assert.Contains("EFAULT", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_was_stopped_before_it_began_does_not_enter_the_hypervisor()
    {
        using TestProcessor processor = new();
        processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Write, 1, 1));
        using CancellationTokenSource stop = new();
        stop.Cancel();

        RunResult result = Loop(processor, new MachineHandlers()).Run(stop.Token);

        Assert.Equal(RunEnd.Requested, result.End);
        Assert.Single(processor.Messages);
    }

    [Fact]
    public void A_handler_can_end_the_run_with_a_reason()
    {
        using TestProcessor processor = new();
        processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Write, 0x64, 1, 0xfe));
        processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Write, 0x64, 1, 0xfe));
        MachineHandlers handlers = new();
        RunLoop loop = Loop(processor, handlers);
        handlers.Ports.Map(0x64, 1, new ActionDevice(() => loop.RequestEnd(RunEnd.Reset)));

        RunResult result = loop.Run(TestContext.Current.CancellationToken);

        Assert.Equal(RunEnd.Reset, result.End);
        Assert.Single(processor.Messages);
        Assert.Single(processor.Writes);
    }

    [Fact]
    public void A_handler_that_throws_ends_the_run_with_its_exception()
    {
        using TestProcessor processor = new();
        processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Write, 0x64, 1));
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x64, 1, new ActionDevice(() => throw new InvalidOperationException("on fire")));

        RunResult result = Loop(processor, handlers).Run(TestContext.Current.CancellationToken);

        Assert.Equal(RunEnd.DeviceFault, result.End);
        Assert.Equal("on fire", result.Fault!.Message);
        Assert.Equal((uint)hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, result.Message.header.message_type);
        Assert.Empty(processor.Writes);
    }

    [Fact]
    public void The_same_message_that_nothing_is_done_about_ends_the_run()
    {
        using TestProcessor processor = new();
        for (int i = 0; i < 200; i++)
        {
            processor.Messages.Enqueue(TestMessages.Memory(InterceptAccess.Write, 0x5000, []));
        }

        MachineHandlers handlers = X64InstructionTests.Answering(new TestAnswers { MemoryAction = MemoryAction.Retry });
        RunResult result = Loop(processor, handlers, new RunOptions { MaxRepeats = 50 }).Run(TestContext.Current.CancellationToken);

        Assert.Equal(RunEnd.NoProgress, result.End);
        Assert.Equal(200 - 51, processor.Messages.Count);
    }

    [Fact]
    public void A_guest_that_polls_makes_progress()
    {
        using TestProcessor processor = new();
        for (int i = 0; i < 5000; i++)
        {
            processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Read, 0x3fd, 1));
        }

        MachineHandlers handlers = new();
        handlers.Ports.Map(0x3f8, 8, new TestDevice());
        RunResult result = Loop(processor, handlers).Run(TestContext.Current.CancellationToken);

        Assert.Equal(RunEnd.Refused, result.End);
        Assert.Empty(processor.Messages);
    }

    [Fact]
    public void Different_accesses_that_are_retried_are_progress()
    {
        using TestProcessor processor = new();
        for (uint i = 0; i < 500; i++)
        {
            processor.Messages.Enqueue(TestMessages.Memory(InterceptAccess.Write, i * 4096, []));
        }

        MachineHandlers handlers = X64InstructionTests.Answering(new TestAnswers { MemoryAction = MemoryAction.Retry });
        Loop(processor, handlers, new RunOptions { MaxRepeats = 3 }).Run(TestContext.Current.CancellationToken);

        Assert.Empty(processor.Messages);
    }

    [Fact]
    public void A_message_without_a_type_that_never_ends_is_no_progress()
    {
        using TestProcessor processor = new();
        for (int i = 0; i < 500; i++)
        {
            processor.Messages.Enqueue(default);
        }

        Assert.Equal(RunEnd.NoProgress, Loop(processor, new MachineHandlers()).Run(TestContext.Current.CancellationToken).End);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_exit_allocates_nothing(bool hasPage)
    {
        using TestProcessor processor = new(hasPage);
        processor.SetFlatProtectedMode(TestMessages.Rip);
        processor.Set(Abi.X64.hv_register_name.HV_X64_REGISTER_RBX, 0xfec00000);
        processor.Set(Abi.X64.hv_register_name.HV_X64_REGISTER_RDX, 0x80);
        processor.Set(Abi.X64.hv_register_name.HV_X64_REGISTER_RCX, 5);
        processor.Set(Abi.X64.hv_register_name.HV_X64_REGISTER_RSI, 0x2000);
        MachineHandlers handlers = new();
        SilentDevice device = new();
        handlers.Ports.Map(0x80, 8, device);
        handlers.Mmio.Map(0xfec00000, 0x1000, device);
        X64Dispatcher dispatcher = new(processor, handlers, new RunOptions());
        hv_message[] stream =
        [
            TestMessages.IoPort(InterceptAccess.Read, 0x80, 1), TestMessages.IoPort(InterceptAccess.Write, 0x80, 4),
            TestMessages.Memory(InterceptAccess.Read, 0xfec00000, [0x8b, 0x03]),
            TestMessages.Memory(InterceptAccess.Write, 0xfec00000, [0x89, 0x03]),
            TestMessages.IoPort(InterceptAccess.Write, 0x80, 1, isString: true, isRepeated: true, bytes: [0xf3, 0x6e]),
            TestMessages.Of(
                hv_message_type.HVMSG_X64_CPUID_INTERCEPT, new Abi.X64.hv_x64_cpuid_intercept_message { header = TestMessages.Header() }),
        ];
        processor.Writes.EnsureCapacity(1_000_000);
        processor.Writes.Clear();

        bool hasProgressed = true;
        long allocated = Allocations.OfEach(() =>
        {
            for (int i = 0; i < 1000 * stream.Length; i++)
            {
                hasProgressed &= dispatcher.Dispatch(in stream[i % stream.Length]) == Treatment.Progressed;
            }
        });

        Assert.Equal((0, true), (allocated, hasProgressed));
    }

    private static RunLoop Loop(TestProcessor processor, MachineHandlers handlers, RunOptions? options = null) =>
        new(processor, handlers, options);

    private sealed class ActionDevice(Action action) : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => action();
    }

    private sealed class SilentDevice : IPortIoHandler, IMmioHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 1;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
        {
        }

        public ulong Read(uint vpIndex, ulong offset, int sizeBytes) => 1;

        public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value)
        {
        }
    }
}
