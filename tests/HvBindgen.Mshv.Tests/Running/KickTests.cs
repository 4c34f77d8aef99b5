using System.Diagnostics;
using HvBindgen.Emulation;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>A processor that sleeps in the kernel until a signal comes, and loses signals that come just before, as the driver
/// does.</summary>
internal sealed unsafe class SleepingProcessor(int windowSpins, uint index = 0, FakeTime? time = null)
    : ScriptedSystemCalls, IProcessor, IDisposable
{
    private const int Interrupted = 4;
    private readonly FlatMemory memory = new(4096);
    private int runs;

    internal int Runs => Volatile.Read(ref runs);

    public uint Index => index;

    public GuestArchitecture Architecture => GuestArchitecture.X64;

    BorrowedDescriptor IProcessor.Descriptor => new(this, 1001);

    RegisterPage IProcessor.RegisterPage => default;

    IGuestPhysicalMemory IProcessor.Memory => memory;

    public IGuestTime Time { get; } = time ?? new FakeTime();

    void IProcessor.Acquire()
    {
    }

    void IProcessor.Release()
    {
    }

    public override IoctlResult Ioctl(int fd, uint request, void* argument)
    {
        Interlocked.Increment(ref runs);

        // Signals that arrive here have no effect on what follows.
        Thread.SpinWait(windowSpins);

        // Sleeps for ever, unless a signal arrives during the call.
        return CLibrary.Poll(null, 0, -1) < 0 ? IoctlResult.Failure(Interrupted) : IoctlResult.Failure(5);
    }

    public void Dispose() => memory.Dispose();
}

/// <summary>Kicks cannot be lost, whenever they come.</summary>
public sealed class KickTests
{
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(0)]
    [InlineData(2_000)]
    [InlineData(100_000)]
    public void None_of_many_stops_is_lost(int windowSpins)
    {
        const int Kicks = 1000;
        using SleepingProcessor processor = new(windowSpins);
        RunLoop loop = new(processor, new MachineHandlers());
        using SemaphoreSlim ended = new(0);
        using CancellationTokenSource all = new();
        Thread thread = new(() =>
        {
            while (!all.IsCancellationRequested)
            {
                Assert.Equal(RunEnd.Requested, loop.Run().End);
                ended.Release();
            }
        });
        thread.Start();
        Random random = new(1);
        for (int i = 0; i < Kicks; i++)
        {
            Thread.SpinWait(random.Next(3000));
            loop.RequestEnd(RunEnd.Requested);
            Assert.True(ended.Wait(TooLong, TestContext.Current.CancellationToken), $"kick {i} was lost");
        }

        all.Cancel();
        while (thread.IsAlive)
        {
            loop.RequestEnd(RunEnd.Requested);
            thread.Join(1);
        }
    }

    [Fact]
    public void None_of_ten_thousand_pauses_under_load_is_lost()
    {
        const int Pauses = 10_000;
        using SleepingProcessor processor = new(windowSpins: 300);
        RunLoop loop = new(processor, new MachineHandlers());
        using CancellationTokenSource stop = new();
        RunEnd end = default;
        Thread thread = new(() => end = loop.Run(stop.Token).End);
        thread.Start();
        SpinWait.SpinUntil(() => processor.Runs > 0);
        using BusyThreads load = new(2);
        for (int i = 0; i < Pauses; i++)
        {
            loop.Pause();
            int runs = processor.Runs;
            loop.Resume();

            // The next pause finds it on its way into the kernel, or asleep there.
            SpinWait spin = default;
            while (processor.Runs == runs)
            {
                Assert.True(thread.IsAlive);
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }

        stop.Cancel();
        Assert.True(thread.Join(TooLong));
        Assert.Equal(RunEnd.Requested, end);
    }

    [Fact]
    public void Signals_are_repeated_when_the_first_has_no_effect()
    {
        using SleepingProcessor processor = new(windowSpins: 20_000_000);
        RunLoop loop = new(processor, new MachineHandlers());
        Thread thread = Start(loop, processor);

        loop.RequestEnd(RunEnd.Requested);

        Assert.True(thread.Join(TooLong));
        Assert.True(loop.SignalsSent > 1, $"{loop.SignalsSent} signals");
    }

    [Fact]
    public void A_run_may_be_cancelled_by_a_token_from_any_thread()
    {
        using SleepingProcessor processor = new(windowSpins: 0);
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(20));
        long started = Stopwatch.GetTimestamp();

        RunResult result = new RunLoop(processor, new MachineHandlers()).Run(stop.Token);

        Assert.Equal(RunEnd.Requested, result.End);
        Assert.True(Stopwatch.GetElapsedTime(started) < TooLong);
    }

    [Fact]
    public void A_processor_is_run_by_one_thread_at_a_time()
    {
        using SleepingProcessor processor = new(windowSpins: 0);
        RunLoop loop = new(processor, new MachineHandlers());
        Thread thread = Start(loop, processor);

        Assert.Throws<InvalidOperationException>(() => loop.Run(TestContext.Current.CancellationToken));

        loop.RequestEnd(RunEnd.Requested);
        Assert.True(thread.Join(TooLong));
    }

    [Fact]
    public void Kicking_a_processor_whose_thread_has_ended_does_nothing()
    {
        using SleepingProcessor processor = new(windowSpins: 0);
        RunLoop loop = new(processor, new MachineHandlers());
        Thread thread = Start(loop, processor);
        loop.RequestEnd(RunEnd.Requested);
        Assert.True(thread.Join(TooLong));
        long signals = loop.SignalsSent;

        loop.Pause();
        loop.RequestEnd(RunEnd.Requested);
        loop.Resume();

        Assert.Equal(signals, loop.SignalsSent);
    }

    [Fact]
    public void The_signal_is_not_the_one_of_the_runtime()
    {
        Assert.True(KickSignal.Number > 34, $"signal {KickSignal.Number}");
    }

    [Fact]
    public void A_machine_pauses_resumes_and_stops_all_its_processors_under_load()
    {
        FakeTime time = new();
        using SleepingProcessor first = new(windowSpins: 100, index: 0, time);
        using SleepingProcessor second = new(windowSpins: 5000, index: 1, time);
        using Machine machine = new(
            [new RunLoop(first, new MachineHandlers()), new RunLoop(second, new MachineHandlers())]);
        using BusyThreads load = new(2);
        for (int round = 0; round < 20; round++)
        {
            machine.Start();
            for (int i = 0; i < 50; i++)
            {
                machine.Pause();
                (int, int) runs = (first.Runs, second.Runs);
                Thread.SpinWait(1000);
                Assert.Equal(runs, (first.Runs, second.Runs));
                Assert.Equal(time.Thaws + 1, time.Freezes);
                machine.Resume();
            }

            machine.RequestEnd(RunEnd.PowerOff);
            MachineResult? result = machine.WaitForEnd(TooLong);
            Assert.Equal(RunEnd.PowerOff, result!.Value.Result.End);
            Assert.Null(result.Value.VpIndex);
            Assert.False(machine.IsRunning);
        }
    }

    [Fact]
    public void The_first_processor_that_ends_ends_the_machine()
    {
        using TestProcessor broken = new() { RunErrnoAtEnd = 14 };
        using SleepingProcessor sleeping = new(windowSpins: 100);
        using Machine machine = new(
            [new RunLoop(sleeping, new MachineHandlers()), new RunLoop(broken, new MachineHandlers())]);

        MachineResult result = machine.Run(TestContext.Current.CancellationToken);

        Assert.Equal(1, result.VpIndex);
        Assert.Equal(RunEnd.Refused, result.Result.End);
    }

    private static Thread Start(RunLoop loop, SleepingProcessor processor)
    {
        Thread thread = new(() => loop.Run());
        thread.Start();
        SpinWait.SpinUntil(() => processor.Runs > 0);
        return thread;
    }
}
