using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Running;
using Xunit;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>A handler that runs the processor that it was called for.</summary>
public sealed class ReenteredRunTests
{
    private const ushort Port = 0x80;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_handler_that_runs_its_own_processor_is_refused_and_the_processor_is_still_guarded(bool isSameLoop)
    {
        using MshvEmulator emulator = GuestMachine.NewEmulator();
        using GuestMachine machine = new(emulator, [0xe6, (byte)Port, 0xeb, 0xfc]); // out 0x80, al; jmp back
        MachineHandlers handlers = new();
        RunLoop loop = new(machine.Processor, handlers);
        RunLoop again = isSameLoop ? loop : new(machine.Processor, handlers);
        CancellationToken testEnds = TestContext.Current.CancellationToken;
        Exception? refusal = null;
        Exception? other = null;
        bool isRunning = false;
        handlers.Ports.Map(Port, 1, new OnWrite(() =>
        {
            refusal = Record.Exception(() => again.Run(testEnds));
            isRunning = machine.Processor.IsRunning;

            // The driver would have another thread wait.
            Thread thread = new(() => other = Record.Exception(() => machine.Processor.Registers.Get(
                Abi.X64.hv_register_name.HV_X64_REGISTER_RAX)));
            thread.Start();
            thread.Join();
            loop.RequestEnd(RunEnd.Reset);
        }));

        RunResult result = loop.Run(testEnds);

        Assert.Equal(RunEnd.Reset, result.End);
        Assert.IsType<InvalidOperationException>(refusal);
        Assert.True(isRunning);
        Assert.IsType<InvalidOperationException>(other);
        Assert.False(machine.Processor.IsRunning);
    }

    private sealed class OnWrite(Action action) : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => action();
    }
}
