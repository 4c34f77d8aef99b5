using System.Diagnostics.Tracing;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Diagnostics;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Tests.Running;
using Xunit;

namespace HvBindgen.Mshv.Tests.Diagnostics;

/// <summary>What nobody takes and is answered as hardware does is told all the same.</summary>
public sealed class UnclaimedTests
{
    private static readonly RunOptions AsHardware = new()
    {
        Ports = UnclaimedAccess.AsHardware,
        Mmio = UnclaimedAccess.AsHardware,
        Msrs = UnclaimedAccess.AsHardware,
    };

    [Fact]
    public void Places_that_nobody_has_are_named_at_the_end_of_the_run()
    {
        using TestProcessor processor = new();
        processor.SetFlatProtectedMode(TestMessages.Rip);
        processor.Set(hv_register_name.HV_X64_REGISTER_RBX, 0xd0000000);
        processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Read, 0x1e61, 1));
        processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Read, 0x1e61, 1));
        processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Write, 0x1e61, 1));
        processor.Messages.Enqueue(TestMessages.Memory(InterceptAccess.Read, 0xd0000000, [0x8b, 0x03]));
        processor.Messages.Enqueue(TestMessages.Of(
            hv_message_type.HVMSG_X64_MSR_INTERCEPT,
            new hv_x64_msr_intercept_message { header = TestMessages.Header(), msr_number = 0x1234 }));
        processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Read, 0x80, 1));
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x80, 1, new TestDevice());
        RunLoop loop = new(processor, handlers, AsHardware);
        using Listener listener = new();

        RunResult result = loop.Run(TestContext.Current.CancellationToken);

        UnclaimedEntry[] expected =
        [
            new(UnclaimedKind.Port, 0x1e61, false, 2), new(UnclaimedKind.Port, 0x1e61, true, 1),
            new(UnclaimedKind.Memory, 0xd0000000, false, 1), new(UnclaimedKind.Msr, 0x1234, false, 1),
        ];
        Assert.Equal(expected, result.Unclaimed);
        Assert.Equal(expected, loop.Unclaimed);
        Assert.Equal(5, loop.UnclaimedCount);
        Assert.Contains(
            "nobody took Port 0x1e61 read x 2, Port 0x1e61 write, Memory 0xd0000000 read, Msr 0x1234 read",
            new MachineResult(0, result).ToString(),
            StringComparison.Ordinal);
        Assert.StartsWith("Processor 0: ", new MachineResult(0, result).ToString(), StringComparison.Ordinal);
        Assert.Equal(2, listener.Count("Port", 0x1e61)); // reads and writes
        Assert.Equal(1, listener.Count("Memory", 0xd0000000));
        Assert.Equal(1, listener.Count("Msr", 0x1234));
    }

    [Fact]
    public void A_guest_that_reaches_everywhere_fills_no_memory()
    {
        UnclaimedLog log = new();
        for (uint port = 0; port < 1000; port++)
        {
            log.Note(UnclaimedKind.Port, port, isWrite: false);
        }

        Assert.Equal(UnclaimedLog.Capacity, log.Entries.Count);
        Assert.Equal(1000, log.Total);
    }

    [Fact]
    public void A_run_in_which_everything_was_taken_names_nothing()
    {
        using TestProcessor processor = new();
        processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Read, 0x80, 1));
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x80, 1, new TestDevice());

        RunResult result = new RunLoop(processor, handlers, AsHardware).Run(TestContext.Current.CancellationToken);

        Assert.Empty(result.Unclaimed);
        Assert.DoesNotContain("nobody", result.ToString(), StringComparison.Ordinal);
    }

    private sealed class Listener : EventListener
    {
        private readonly List<(string, long)> places = [];

        internal int Count(string kind, long place)
        {
            lock (places)
            {
                return places.Count(each => each == (kind, place));
            }
        }

        protected override void OnEventSourceCreated(EventSource source)
        {
            if (source.Name == "HvBindgen-Mshv")
            {
                EnableEvents(source, EventLevel.Warning);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs data)
        {
            if (data.EventName == "Unclaimed")
            {
                lock (places)
                {
                    places.Add(((string)data.Payload![0]!, (long)data.Payload[1]!));
                }
            }
        }
    }
}
