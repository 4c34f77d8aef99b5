using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Running;
using Xunit;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Two processors whose handlers ask something of each other at the same moment.</summary>
public sealed class CrossedRequestTests
{
    private const ushort Port = 0x80;
    private const int Rounds = 200;

    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(60);

    [Fact]
    public void Handlers_that_pause_each_other_s_processor_are_both_refused_and_nothing_stays_paused()
    {
        using Pair pair = new(messages: 1);
        List<Exception?> refusals = [];
        pair.OnWrite = (own, other) =>
        {
            pair.Meet();
            Exception?[] told =
            [
                Record.Exception(other.Pause), Record.Exception(own.Pause), Record.Exception(() => pair.Machine.Pause()),
            ];
            lock (refusals)
            {
                refusals.AddRange(told);
            }
        };

        pair.RunToEnd();

        Assert.Equal(6, refusals.Count);
        Assert.All(refusals, refusal => Assert.IsType<InvalidOperationException>(refusal));
        Assert.All(refusals, refusal => Assert.Contains("PauseAsync", refusal!.Message, StringComparison.Ordinal));
        Assert.Equal(2, pair.Writes);
    }

    [Fact]
    public void Handlers_that_ask_for_the_machine_s_pause_at_once_both_get_it_and_it_goes_on_with_the_second_resume()
    {
        using Pair pair = new(Rounds);
        int pauses = 0;
        List<string> wrong = [];
        pair.OnWrite = (_, _) =>
        {
            pair.Meet();
            _ = pair.Machine.PauseAsync(freezeTime: false).ContinueWith(
                pausing =>
                {
                    // This one's pause still counts: whatever the other does, nobody runs.
                    if (!pausing.IsCompletedSuccessfully || pair.IsInside)
                    {
                        lock (wrong)
                        {
                            wrong.Add($"{pausing.Exception} {pair.IsInside}");
                        }
                    }

                    Interlocked.Increment(ref pauses);
                    pair.Machine.Resume();
                },
                TaskScheduler.Default);
        };

        pair.RunToEnd();

        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref pauses) == 2 * Rounds, TooLong));
        Assert.Empty(wrong);
        Assert.Equal(2 * Rounds, pair.Writes);
    }

    [Fact]
    public void Handlers_that_post_work_to_each_other_have_it_done_by_the_other_s_thread()
    {
        using Pair pair = new(Rounds);
        int done = 0;
        List<string> wrong = [];
        pair.OnWrite = (own, other) =>
        {
            pair.Meet();
            other.Post(() =>
            {
                if (RunLoop.Current != other)
                {
                    lock (wrong)
                    {
                        wrong.Add($"on the thread of {RunLoop.Current?.VpIndex}");
                    }
                }

                // Work may give work back, to whoever gave it.
                own.Post(() => Interlocked.Increment(ref done));
            });
        };

        pair.RunToEnd();

        // What came last is done by the next run.
        foreach (RunLoop loop in (ReadOnlySpan<RunLoop>)[pair.First, pair.Second, pair.First])
        {
            loop.Run(TestContext.Current.CancellationToken);
        }

        Assert.Empty(wrong);
        Assert.Equal(2 * Rounds, done);
    }

    [Fact]
    public void Handlers_that_end_each_other_s_run_both_end()
    {
        using Pair pair = new(messages: 1);
        pair.OnWrite = (_, other) =>
        {
            pair.Meet();
            other.RequestEnd(RunEnd.Reset);
            pair.Meet();
        };
        RunResult[] ends = new RunResult[2];
        Thread[] threads = [new(() => ends[0] = pair.First.Run()), new(() => ends[1] = pair.Second.Run())];
        Array.ForEach(threads, thread => thread.Start());

        Assert.All(threads, thread => Assert.True(thread.Join(TooLong)));
        Assert.All(ends, end => Assert.Equal(RunEnd.Reset, end.End));
    }

    [Fact]
    public void Handlers_that_wait_for_their_machine_s_end_are_refused_and_may_look_whether_it_has_come()
    {
        using Pair pair = new(messages: 1);
        List<(Exception? Refusal, MachineResult? End)> told = [];
        pair.OnWrite = (_, _) =>
        {
            (Exception?, MachineResult?) answer = (
                Record.Exception(() => pair.Machine.WaitForEnd()), pair.Machine.WaitForEnd(TimeSpan.Zero));
            lock (told)
            {
                told.Add(answer);
            }
        };

        pair.RunToEnd();

        Assert.NotEmpty(told);
        Assert.All(told, answer => Assert.Contains(
            "RequestEnd", Assert.IsType<InvalidOperationException>(answer.Refusal).Message, StringComparison.Ordinal));
        Assert.All(told, answer => Assert.Null(answer.End));
    }

    [Fact]
    public void Handlers_that_dispose_of_their_machine_at_once_do_not_wait_for_each_other()
    {
        using Pair pair = new(messages: 1);
        pair.OnWrite = (_, _) =>
        {
            pair.Meet();
            pair.Machine.Dispose();
        };
        pair.Machine.Start();

        Assert.Equal(RunEnd.Requested, pair.Machine.WaitForEnd(TooLong)?.Result.End);
    }

    [Fact]
    public void Handlers_that_wait_for_each_other_do_not_hold_up_a_pause()
    {
        using Pair pair = new(messages: 1);
        using CountdownEvent entered = new(2);
        int given = 0;
        pair.OnWrite = (own, _) =>
        {
            if (Interlocked.Increment(ref given) <= 2)
            {
                CancellationToken interrupted = own.Interrupted;
                entered.Signal();
                interrupted.WaitHandle.WaitOne();
                interrupted.ThrowIfCancellationRequested();
            }
        };
        pair.Machine.Start();
        Assert.True(entered.Wait(TooLong, TestContext.Current.CancellationToken));

        Thread pausing = new(() => pair.Machine.Pause(freezeTime: false));
        pausing.Start();

        Assert.True(pausing.Join(TooLong));
        Assert.Equal(2, given);
        pair.Machine.Resume();
        Assert.NotNull(pair.Machine.WaitForEnd(TooLong));

        // An access that was given up was made again; the end of one processor may have come before the other's.
        Assert.InRange(given, 3, 4);
    }

    /// <summary>Two processors that write to one port, as often as there are messages, and a machine of both.</summary>
    private sealed class Pair : IPortIoHandler, IDisposable
    {
        private readonly TestProcessor[] processors = [new(), new()];
        private readonly Barrier meeting = new(2);
        private int inside;
        private int writes;

        internal Pair(int messages)
        {
            foreach (TestProcessor processor in processors)
            {
                processor.SetFlatProtectedMode(TestMessages.Rip);
                for (int i = 0; i < messages; i++)
                {
                    processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Write, Port, 1, rax: 1));
                }
            }

            MachineHandlers handlers = new();
            handlers.Ports.Map(Port, 1, this);
            First = new RunLoop(processors[0], handlers);
            Second = new RunLoop(processors[1], handlers);
            Machine = new Machine([First, Second]);
        }

        internal RunLoop First { get; }

        internal RunLoop Second { get; }

        internal Machine Machine { get; }

        internal Action<RunLoop, RunLoop>? OnWrite { get; set; }

        internal int Writes => Volatile.Read(ref writes);

        internal bool IsInside => Volatile.Read(ref inside) != 0;

        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
        {
            Interlocked.Increment(ref inside);
            Interlocked.Increment(ref writes);
            try
            {
                RunLoop own = RunLoop.Current!;
                OnWrite?.Invoke(own, own == First ? Second : First);
            }
            finally
            {
                Interlocked.Decrement(ref inside);
            }
        }

        /// <summary>Waits until the other's handler is here too.</summary>
        internal void Meet() => Assert.True(meeting.SignalAndWait(TooLong, TestContext.Current.CancellationToken));

        /// <summary>Runs both until they have no messages any more.</summary>
        internal void RunToEnd()
        {
            Machine.Start();
            MachineResult? end = Machine.WaitForEnd(TooLong);
            Assert.NotNull(end);
            Assert.Equal(RunEnd.Refused, end.Value.Result.End); // the test's processors have no more messages
        }

        public void Dispose()
        {
            Machine.Dispose();
            meeting.Dispose();
            Array.ForEach(processors, processor => processor.Dispose());
        }
    }
}
