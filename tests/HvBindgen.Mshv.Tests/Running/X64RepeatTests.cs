using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Running;
using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Repeated string instructions that do not come to their end.</summary>
public sealed class X64RepeatTests
{
    private const ulong DeviceGpa = 0xfec00000;

    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(60);

    // rep movsb
    private static readonly byte[] Code = [0xf3, 0xa4];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_after_a_device_s_fault_goes_on_where_the_device_was_reached(bool hasPage)
    {
        using TestProcessor processor = CopyToDevice("ABCDEFGH"u8, hasPage);
        FragileDevice device = new() { AcceptedWrites = 5 };
        MachineHandlers handlers = new();
        handlers.Mmio.Map(DeviceGpa, 0x1000, device);
        processor.Messages.Enqueue(TestMessages.Memory(InterceptAccess.Write, DeviceGpa, Code));
        RunLoop loop = new(processor, handlers);

        RunResult first = loop.Run(TestContext.Current.CancellationToken);
        device.AcceptedWrites = int.MaxValue;
        TakeOver(processor);
        processor.Messages.Enqueue(TestMessages.Memory(InterceptAccess.Write, DeviceGpa + 5, Code));
        loop.Run(TestContext.Current.CancellationToken);

        Assert.Equal(RunEnd.DeviceFault, first.End);
        Assert.IsType<FormatException>(first.Fault);
        Assert.Equal("ABCDEFGH", device.Text);
    }

    [Fact]
    public void Running_off_a_device_reads_and_stores_nothing_that_is_not_there()
    {
        using TestProcessor processor = Flat(hasPage: false);
        processor.Set(Name.HV_X64_REGISTER_RSI, DeviceGpa + 0xffd);
        processor.Set(Name.HV_X64_REGISTER_RDI, 0x4000);
        processor.Set(Name.HV_X64_REGISTER_RCX, 8);
        TestDevice device = new(0x5a);
        MachineHandlers handlers = new();
        handlers.Mmio.Map(DeviceGpa, 0x1000, device);
        processor.Messages.Enqueue(TestMessages.Memory(InterceptAccess.Read, DeviceGpa + 0xffd, Code));

        RunResult result = new RunLoop(processor, handlers).Run(TestContext.Current.CancellationToken);

        Assert.Equal(RunEnd.Unhandled, result.End);
        Assert.Equal([0xffdUL, 0xffeUL, 0xfffUL], device.Accesses.Select(access => access.Offset));
        Assert.Equal([0x5a, 0x5a, 0x5a, 0], processor.Memory.Bytes.Slice(0x4000, 4).ToArray());
        Assert.Equal(
            [
                X64InstructionTests.Write(Name.HV_X64_REGISTER_RCX, 5),
                X64InstructionTests.Write(Name.HV_X64_REGISTER_RSI, DeviceGpa + 0x1000),
                X64InstructionTests.Write(Name.HV_X64_REGISTER_RDI, 0x4003),
            ],
            processor.Writes);
    }

    [Fact]
    public void A_stop_is_obeyed_between_two_iterations()
    {
        using CancellationTokenSource stop = new();
        using TestProcessor processor = CopyToDevice("ABCDEFGH"u8, hasPage: false);
        FragileDevice device = new() { AcceptedWrites = int.MaxValue, OnWrite = count => { if (count == 3) { stop.Cancel(); } } };
        MachineHandlers handlers = new();
        handlers.Mmio.Map(DeviceGpa, 0x1000, device);
        processor.Messages.Enqueue(TestMessages.Memory(InterceptAccess.Write, DeviceGpa, Code));

        RunResult result = new RunLoop(processor, handlers).Run(stop.Token);

        Assert.Equal(RunEnd.Requested, result.End);
        Assert.Equal("ABC", device.Text);
        Assert.Contains(X64InstructionTests.Write(Name.HV_X64_REGISTER_RCX, 5), processor.Writes);
        Assert.DoesNotContain(processor.Writes, write => write.Name == (uint)Name.HV_X64_REGISTER_RIP);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Posted_work_is_done_between_two_iterations(bool hasPage)
    {
        using TestProcessor processor = CopyToDevice("ABCDEFGH"u8, hasPage);
        MachineHandlers handlers = new();
        RunLoop loop = new(processor, handlers);
        string? seen = null;
        FragileDevice? device = null;
        device = new() { AcceptedWrites = int.MaxValue, OnWrite = PostAt };
        handlers.Mmio.Map(DeviceGpa, 0x1000, device);
        processor.Messages.Enqueue(TestMessages.Memory(InterceptAccess.Write, DeviceGpa, Code));
        processor.Messages.Enqueue(TestMessages.Memory(InterceptAccess.Write, DeviceGpa + 3, Code));

        loop.Run(TestContext.Current.CancellationToken);

        Assert.Equal($"ABC, 5 to come at {DeviceGpa + 3:x}", seen);
        Assert.Equal("ABCDEFGH", device.Text);

        void PostAt(int count)
        {
            if (count == 3)
            {
                loop.Post(() =>
                {
                    TakeOver(processor);
                    seen = $"{device!.Text}, {Register(Name.HV_X64_REGISTER_RCX)} to come at {Register(Name.HV_X64_REGISTER_RDI):x}";
                });
            }
        }

        ulong Register(Name name) => processor.Registers[(uint)name].low_part;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pause_that_the_device_asks_for_comes_between_two_iterations(bool hasPage)
    {
        using TestProcessor processor = CopyToDevice("ABCDEFGH"u8, hasPage);
        MachineHandlers handlers = new();
        using Machine machine = new([new RunLoop(processor, handlers)]);
        TaskCompletionSource<Task> asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FragileDevice device = new()
        {
            AcceptedWrites = int.MaxValue,
            OnWrite = count => { if (count == 3) { asked.SetResult(machine.PauseAsync(freezeTime: false)); } },
        };
        handlers.Mmio.Map(DeviceGpa, 0x1000, device);
        processor.Messages.Enqueue(TestMessages.Memory(InterceptAccess.Write, DeviceGpa, Code));
        processor.Messages.Enqueue(TestMessages.Memory(InterceptAccess.Write, DeviceGpa + 3, Code));

        machine.Start();
        await (await asked.Task.WaitAsync(TooLong, TestContext.Current.CancellationToken))
            .WaitAsync(TooLong, TestContext.Current.CancellationToken);

        Assert.Equal("ABC", device.Text);
        TakeOver(processor);
        Assert.Equal(5UL, processor.Registers[(uint)Name.HV_X64_REGISTER_RCX].low_part);
        machine.Resume();
        Assert.NotNull(machine.WaitForEnd(TooLong));
        Assert.Equal("ABCDEFGH", device.Text);
    }

    private static TestProcessor CopyToDevice(ReadOnlySpan<byte> text, bool hasPage)
    {
        TestProcessor processor = Flat(hasPage);
        text.CopyTo(processor.Memory.Bytes[0x4000..]);
        processor.Set(Name.HV_X64_REGISTER_RSI, 0x4000);
        processor.Set(Name.HV_X64_REGISTER_RDI, DeviceGpa);
        processor.Set(Name.HV_X64_REGISTER_RCX, (ulong)text.Length);
        processor.PageIsUpToDate();
        return processor;
    }

    private static TestProcessor Flat(bool hasPage)
    {
        TestProcessor processor = new(hasPage);
        processor.SetFlatProtectedMode(0x1000);
        return processor;
    }

    // What the loop wrote are the registers that the guest goes on with.
    private static void TakeOver(TestProcessor processor)
    {
        processor.TakePageWrites();
        foreach (RegisterWrite write in processor.Writes)
        {
            processor.Set((Name)write.Name, write.Low, write.High);
        }

        processor.PageIsUpToDate();
    }

    private sealed class FragileDevice : IMmioHandler
    {
        private readonly List<char> text = [];

        internal int AcceptedWrites { get; set; }

        internal Action<int>? OnWrite { get; init; }

        internal string Text => string.Concat(text);

        public ulong Read(uint vpIndex, ulong offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value)
        {
            if (text.Count == AcceptedWrites)
            {
                throw new FormatException("the device takes no more");
            }

            text.Add((char)value);
            OnWrite?.Invoke(text.Count);
        }
    }
}
