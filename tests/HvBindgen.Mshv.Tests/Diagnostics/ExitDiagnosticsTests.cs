using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Tests.Running;
using Xunit;

namespace HvBindgen.Mshv.Tests.Diagnostics;

/// <summary>Listeners hear of the whole process: no other test may run at the same time.</summary>
[CollectionDefinition(nameof(ExitDiagnosticsTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

/// <summary>Events and measurements of the run loop, with somebody listening and with nobody.</summary>
[Collection(nameof(ExitDiagnosticsTests))]
public sealed class ExitDiagnosticsTests
{
    private const string SourceName = "HvBindgen-Mshv";
    private const string MeterName = "HvBindgen.Mshv";

    [Fact]
    public void A_listener_hears_of_each_run_and_with_detail_of_each_exit()
    {
        using Listener listener = new(EventLevel.Verbose);

        RunSomeExits(3);

        Assert.Equal(
            [
                $"RunStart {TestProcessor.Index}",
                $"Intercept {TestProcessor.Index} {unchecked((int)0x80010000)}",
                $"Intercept {TestProcessor.Index} {unchecked((int)0x80010000)}",
                $"Intercept {TestProcessor.Index} {unchecked((int)0x80010000)}",
                $"RunStop {TestProcessor.Index} Refused",
            ],
            listener.Events);
    }

    [Fact]
    public void A_listener_without_wish_for_detail_hears_of_runs_alone()
    {
        using Listener listener = new(EventLevel.Informational);

        RunSomeExits(3);

        Assert.Equal([$"RunStart {TestProcessor.Index}", $"RunStop {TestProcessor.Index} Refused"], listener.Events);
    }

    [Fact]
    public void The_end_of_a_machine_is_an_event()
    {
        using Listener listener = new(EventLevel.Informational);
        using TestProcessor processor = new();
        using Machine machine = new([new RunLoop(processor, new MachineHandlers())]);

        machine.Run(TestContext.Current.CancellationToken);

        Assert.Single(listener.Events, "MachineStop Refused");
    }

    [Fact]
    public void The_end_of_a_machine_is_an_event_that_says_what_its_result_says()
    {
        using Listener listener = new(EventLevel.Informational);
        using TestProcessor processor = new();
        RunLoop loop = new(processor, new MachineHandlers());
        using Machine machine = new([loop]);
        loop.Post(() =>
        {
            machine.RequestEnd();
            machine.RequestEnd(RunEnd.PowerOff);
        });

        Assert.Equal(RunEnd.PowerOff, machine.Run(TestContext.Current.CancellationToken).Result.End);

        Assert.Single(listener.Events, "MachineStop PowerOff");
        Assert.DoesNotContain("MachineStop Requested", listener.Events);
    }

    [Fact]
    public void Exits_are_counted_and_timed_by_kind()
    {
        Dictionary<string, long> counts = [];
        Dictionary<string, List<double>> durations = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == MeterName)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            counts[$"{instrument.Name} {tags[0].Value}"] = counts.GetValueOrDefault($"{instrument.Name} {tags[0].Value}") + value);
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            string key = $"{instrument.Name} {tags[0].Value} {instrument.Unit}";
            durations[key] = [.. durations.GetValueOrDefault(key, []), value];
        });
        listener.Start();

        RunSomeExits(4, TestMessages.Msr(InterceptAccess.Read, TestAnswers.KnownMsr));

        Assert.Equal(
            new Dictionary<string,
            long>
            { ["hvbindgen.mshv.exits HVMSG_X64_IO_PORT_INTERCEPT"] = 4, ["hvbindgen.mshv.exits HVMSG_X64_MSR_INTERCEPT"] = 1 },
            counts);
        Assert.Equal(
            ["hvbindgen.mshv.exit.duration HVMSG_X64_IO_PORT_INTERCEPT us", "hvbindgen.mshv.exit.duration HVMSG_X64_MSR_INTERCEPT us"],
            durations.Keys.Order());
        Assert.Equal(4, durations["hvbindgen.mshv.exit.duration HVMSG_X64_IO_PORT_INTERCEPT us"].Count);
        Assert.All(durations.Values.SelectMany(values => values), microseconds => Assert.InRange(microseconds, 0.001, 10_000_000));
    }

    [Fact]
    public void Measurements_stop_when_the_listener_goes()
    {
        long seen = 0;
        MeterListener listener = new() { InstrumentPublished = (instrument, self) => self.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen += instrument.Meter.Name == MeterName ? value : 0);
        listener.Start();
        RunSomeExits(2);
        listener.Dispose();

        RunSomeExits(2);

        Assert.Equal(2, seen);
    }

    [Fact]
    public void An_exit_allocates_nothing_while_nobody_listens()
    {
        using TestProcessor processor = new();
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x80, 1, new SilentPort());
        RunLoop loop = new(processor, handlers);
        processor.Messages.EnsureCapacity(10_000);
        processor.Writes.EnsureCapacity(200_000);
        long few = AllocatedBytes(loop, processor, 10);
        long many = long.MaxValue;
        for (int i = 0; i < 10; i++)
        {
            // The first rounds meet code that is compiled anew; what an exit itself allocates, it allocates in all of them.
            few = Math.Min(few, AllocatedBytes(loop, processor, 10));
            many = Math.Min(many, AllocatedBytes(loop, processor, 5000));
        }

        Assert.Equal(few, many);
        Assert.Equal(11 * 10 + 10 * 5000, loop.ExitCount);
    }

    private static long AllocatedBytes(RunLoop loop, TestProcessor processor, int exits)
    {
        for (int i = 0; i < exits; i++)
        {
            processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Write, 0x80, 1));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        loop.Run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void RunSomeExits(int portWrites, params ReadOnlySpan<hv_message> others)
    {
        using TestProcessor processor = new();
        for (int i = 0; i < portWrites; i++)
        {
            processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Write, 0x80, 1));
        }

        foreach (hv_message message in others)
        {
            processor.Messages.Enqueue(message);
        }

        MachineHandlers handlers = new() { Msrs = new TestAnswers() };
        handlers.Ports.Map(0x80, 1, new SilentPort());
        RunResult result = new RunLoop(processor, handlers).Run(TestContext.Current.CancellationToken);
        Assert.Equal(RunEnd.Refused, result.End);
    }

    private sealed class SilentPort : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
        {
        }
    }

    private sealed class Listener : EventListener
    {
        private readonly EventLevel level;
        private readonly ConcurrentQueue<string> events = [];

        internal Listener(EventLevel level)
        {
            this.level = level;
            foreach (EventSource source in EventSource.GetSources())
            {
                Enable(source);
            }
        }

        internal IReadOnlyList<string> Events => [.. events];

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            // The base class calls this before the level is known; the constructor comes back to those sources.
            if (level != default)
            {
                Enable(eventSource);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventSource.Name == SourceName)
            {
                events.Enqueue($"{eventData.EventName} {string.Join(' ', eventData.Payload!)}");
            }
        }

        private void Enable(EventSource source)
        {
            if (source.Name == SourceName)
            {
                EnableEvents(source, level, EventKeywords.All);
            }
        }
    }
}
