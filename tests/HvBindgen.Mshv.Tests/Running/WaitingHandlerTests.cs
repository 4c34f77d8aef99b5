using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Running;
using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Handlers that wait hear when something is asked of their processor's thread.</summary>
public sealed class WaitingHandlerTests
{
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_halt_that_is_waited_for_lets_a_pause_come_and_is_waited_for_again()
    {
        using TestProcessor processor = Halting();
        Halt halt = new();
        using Machine machine = Start(processor, new MachineHandlers { Halts = halt });
        halt.AwaitEntry();

        machine.Pause();
        machine.Resume();

        halt.AwaitEntry();
        halt.Interrupt();
        MachineResult end = machine.WaitForEnd(TooLong)!.Value;
        Assert.Equal(RunEnd.Refused, end.Result.End); // the test's processor has no more messages
        Assert.Equal(2, halt.Asked);
    }

    [Fact]
    public void A_halt_that_is_waited_for_lets_the_run_end_and_the_machine_be_disposed()
    {
        using TestProcessor processor = Halting();
        Halt halt = new();
        Machine machine = Start(processor, new MachineHandlers { Halts = halt });
        halt.AwaitEntry();

        machine.Dispose();

        Assert.Equal(RunEnd.Requested, machine.WaitForEnd(TimeSpan.Zero)!.Value.Result.End);
    }

    [Fact]
    public void A_halt_that_an_end_cut_short_is_waited_for_when_the_run_is_taken_up_again()
    {
        using TestProcessor processor = Halting();
        Halt halt = new();
        RunLoop loop = new(processor, new MachineHandlers { Halts = halt });
        Thread thread = new(() => loop.Run());
        thread.Start();
        halt.AwaitEntry();
        loop.RequestEnd(RunEnd.Requested);
        Assert.True(thread.Join(TooLong));
        halt.Interrupt();

        loop.Run(TestContext.Current.CancellationToken);

        Assert.Equal(2, halt.Asked);
    }

    [Fact]
    public void A_halt_that_nobody_interrupts_and_the_handler_declines_ends_the_run()
    {
        using TestProcessor processor = Halting();

        Assert.Equal(
            RunEnd.Halted,
            new RunLoop(processor, new MachineHandlers { Halts = new Declining() }).Run(TestContext.Current.CancellationToken).End);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_access_that_a_handler_gives_up_for_a_pause_is_made_again(bool hasPage)
    {
        using TestProcessor processor = new(hasPage);
        processor.SetFlatProtectedMode(TestMessages.Rip);
        processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Read, 0x80, 1, 0x1122));
        SlowPort port = new();
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x80, 1, port);
        using Machine machine = Start(processor, handlers);
        Assert.True(port.Entered.Wait(TooLong, TestContext.Current.CancellationToken));

        machine.Pause();
        Assert.Empty(processor.Writes);
        port.IsReady = true;
        machine.Resume();

        Assert.NotNull(machine.WaitForEnd(TooLong));
        processor.TakePageWrites();
        Assert.Contains(processor.Writes, write => write.Name == (uint)Name.HV_X64_REGISTER_RAX && write.Low == 0x1155);
        Assert.Equal(2, port.Reads);
    }

    [Fact]
    public void A_handler_that_gives_up_though_nothing_was_asked_has_failed()
    {
        using TestProcessor processor = new();
        processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Read, 0x80, 1, 0));
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x80, 1, new GivingUp());

        RunResult result = new RunLoop(processor, handlers).Run(TestContext.Current.CancellationToken);

        Assert.Equal(RunEnd.DeviceFault, result.End);
        Assert.IsType<OperationCanceledException>(result.Fault);
    }

    [Fact]
    public void Work_that_fails_ends_the_run_and_what_came_after_it_is_done_by_the_next()
    {
        using TestProcessor processor = new();
        RunLoop loop = new(processor, new MachineHandlers());
        List<int> done = [];
        loop.Post(() => done.Add(1));
        loop.Post(() => throw new FormatException("no"));
        loop.Post(() => done.Add(2));

        RunResult result = loop.Run(TestContext.Current.CancellationToken);

        Assert.Equal(RunEnd.DeviceFault, result.End);
        Assert.IsType<FormatException>(result.Fault);
        Assert.Equal([1], done);
        Assert.Equal(RunEnd.Refused, loop.Run(TestContext.Current.CancellationToken).End);
        Assert.Equal([1, 2], done);
    }

    [Fact]
    public void Work_that_posts_itself_again_holds_up_no_pause_and_no_end()
    {
        using TestProcessor processor = new();
        RunLoop loop = new(processor, new MachineHandlers());
        int rounds = 0;
        loop.Post(Again);
        RunResult result = default;
        Thread thread = new(() => result = loop.Run()) { IsBackground = true };
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref rounds) > 0, TooLong));
        Thread pausing = new(loop.Pause) { IsBackground = true };
        pausing.Start();
        Assert.True(pausing.Join(TooLong));
        int before = Volatile.Read(ref rounds);
        Thread.Sleep(20);

        Assert.Equal(before, rounds);
        loop.RequestEnd(RunEnd.Reset);
        Assert.True(thread.Join(TooLong));
        Assert.Equal(RunEnd.Reset, result.End);

        void Again()
        {
            Volatile.Write(ref rounds, rounds + 1);
            loop.Post(Again);
        }
    }

    [Fact]
    public void Pauses_are_counted()
    {
        using SleepingProcessor processor = new(windowSpins: 0);
        RunLoop loop = new(processor, new MachineHandlers());
        Thread thread = new(() => loop.Run());
        thread.Start();
        SpinWait.SpinUntil(() => processor.Runs > 0);
        loop.Resume(); // one too many is none

        loop.Pause();
        loop.Pause();
        int runs = processor.Runs;
        loop.Resume();
        Thread.Sleep(20);
        Assert.Equal(runs, processor.Runs);
        loop.Resume();

        Assert.True(SpinWait.SpinUntil(() => processor.Runs > runs, TooLong));
        loop.RequestEnd(RunEnd.Requested);
        Assert.True(thread.Join(TooLong));
    }

    [Fact]
    public void The_token_is_for_the_processor_s_own_thread()
    {
        using TestProcessor processor = new();
        RunLoop loop = new(processor, new MachineHandlers());

        Assert.Null(RunLoop.Current);
        Assert.Throws<InvalidOperationException>(() => loop.Interrupted);
    }

    private static TestProcessor Halting()
    {
        TestProcessor processor = new();
        processor.Messages.Enqueue(TestMessages.Of(
            hv_message_type.HVMSG_X64_HALT, new hv_x64_halt_message { header = TestMessages.Header() }));
        return processor;
    }

    private static Machine Start(TestProcessor processor, MachineHandlers handlers)
    {
        Machine machine = new([new RunLoop(processor, handlers)]);
        machine.Start();
        return machine;
    }

    private sealed class Halt : IHaltHandler
    {
        private SemaphoreSlim Entries { get; } = new(0);

        private SemaphoreSlim Interrupts { get; } = new(0);

        internal int Asked { get; private set; }

        public bool OnHalt(uint vpIndex, CancellationToken interrupted)
        {
            Asked++;
            Entries.Release();
            try
            {
                return Interrupts.Wait(TooLong, interrupted);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        internal void AwaitEntry() => Assert.True(Entries.Wait(TooLong, TestContext.Current.CancellationToken));

        internal void Interrupt() => Interrupts.Release();
    }

    private sealed class Declining : IHaltHandler
    {
        public bool OnHalt(uint vpIndex, CancellationToken interrupted) => false;
    }

    private sealed class GivingUp : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => throw new OperationCanceledException();

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
        {
        }
    }

    private sealed class SlowPort : IPortIoHandler
    {
        internal ManualResetEventSlim Entered { get; } = new();

        internal bool IsReady { get; set; }

        internal int Reads { get; private set; }

        public uint Read(uint vpIndex, int offset, int sizeBytes)
        {
            Reads++;
            if (!IsReady)
            {
                CancellationToken interrupted = RunLoop.Current!.Interrupted;
                Entered.Set();
                interrupted.WaitHandle.WaitOne();
                interrupted.ThrowIfCancellationRequested();
            }

            return 0x55;
        }

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
        {
        }
    }
}
