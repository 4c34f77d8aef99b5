using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Running;
using Xunit;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Of several ends that are asked for the one counts that says most.</summary>
public sealed class EndRequestTests
{
    private const ushort Port = 0x80;

    [Theory]
    [InlineData(RunEnd.PowerOff, RunEnd.Requested, RunEnd.PowerOff)]
    [InlineData(RunEnd.Requested, RunEnd.PowerOff, RunEnd.PowerOff)]
    [InlineData(RunEnd.PowerOff, RunEnd.Reset, RunEnd.PowerOff)]
    public void A_guest_that_ends_while_its_run_is_stopped_has_ended(RunEnd first, RunEnd second, RunEnd expected)
    {
        using TestProcessor processor = Writing();
        MachineHandlers handlers = new();
        RunLoop loop = new(processor, handlers);
        handlers.Ports.Map(Port, 1, new Written(() =>
        {
            loop.RequestEnd(first);
            loop.RequestEnd(second);
        }));

        Assert.Equal(expected, loop.Run(TestContext.Current.CancellationToken).End);
    }

    [Fact]
    public void An_end_is_asked_of_one_run()
    {
        using TestProcessor processor = Writing();
        MachineHandlers handlers = new();
        RunLoop loop = new(processor, handlers);
        handlers.Ports.Map(Port, 1, new Written(() => loop.RequestEnd(RunEnd.Reset)));

        Assert.Equal(RunEnd.Reset, loop.Run(TestContext.Current.CancellationToken).End);
        Assert.Equal(RunEnd.Refused, loop.Run(TestContext.Current.CancellationToken).End); // there are no more messages

        loop.RequestEnd(RunEnd.Requested);
        Assert.Equal(RunEnd.Requested, loop.Run(TestContext.Current.CancellationToken).End);
    }

    [Theory]
    [InlineData(RunEnd.PowerOff, RunEnd.Requested, RunEnd.PowerOff)]
    [InlineData(RunEnd.Requested, RunEnd.PowerOff, RunEnd.PowerOff)]
    [InlineData(RunEnd.PowerOff, RunEnd.Reset, RunEnd.PowerOff)]
    public void A_guest_that_ends_while_its_machine_is_stopped_has_ended(RunEnd first, RunEnd second, RunEnd expected)
    {
        using TestProcessor processor = Writing();
        MachineHandlers handlers = new();
        using Machine machine = new([new RunLoop(processor, handlers)]);
        handlers.Ports.Map(Port, 1, new Written(() =>
        {
            machine.RequestEnd(first);
            machine.RequestEnd(second);
        }));

        MachineResult result = machine.Run(TestContext.Current.CancellationToken);

        Assert.Equal((null, expected), (result.VpIndex, result.Result.End));
        Assert.Equal(RunEnd.Refused, machine.Run(TestContext.Current.CancellationToken).Result.End); // there are no more messages
    }

    [Fact]
    public void A_processor_that_ends_while_its_machine_is_stopped_has_ended_it()
    {
        using TestProcessor processor = Writing();
        MachineHandlers handlers = new();
        RunLoop loop = new(processor, handlers);
        using Machine machine = new([loop]);
        handlers.Ports.Map(Port, 1, new Written(() =>
        {
            machine.RequestEnd();
            loop.RequestEnd(RunEnd.PowerOff);
        }));

        MachineResult result = machine.Run(TestContext.Current.CancellationToken);

        Assert.Equal((0, RunEnd.PowerOff), (result.VpIndex, result.Result.End));
    }

    [Fact]
    public void A_machine_that_is_asked_again_after_its_end_keeps_it()
    {
        using TestProcessor processor = Writing();
        MachineHandlers handlers = new();
        using Machine machine = new([new RunLoop(processor, handlers)]);
        handlers.Ports.Map(Port, 1, new Written(() => machine.RequestEnd()));
        _ = machine.Run(TestContext.Current.CancellationToken);

        machine.RequestEnd(RunEnd.PowerOff);

        Assert.Equal(RunEnd.Requested, machine.WaitForEnd()!.Value.Result.End);
    }

    // Its guest writes to the port, once.
    private static TestProcessor Writing()
    {
        TestProcessor processor = new();
        processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Write, Port, 1, 0));
        return processor;
    }

    private sealed class Written(Action action) : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => action();
    }
}
