using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Handlers that change the machine under the instruction that they are called for: processors started anew, devices and memory
/// taken away, pauses and ends, in the middle of a repetition.</summary>
public sealed class UpsettingHandlerTests : IDisposable
{
    private const ulong Device = 0xfec00000;
    private const ulong Text = 0x4000;
    private const ulong Stack = 0x2_0000;
    private const string Letters = "ABCDEFGH";

    private static readonly byte[] RepMovsb = [0xf3, 0xa4];
    private static readonly byte[] PushAtEsi = [0xff, 0x36];

    private readonly FakeMachine machine = new();
    private readonly GuestMemory ram = GuestMemory.Allocate(0x10000);
    private readonly GuestMemory stack = GuestMemory.Allocate(0x1000);
    private readonly Queue<hv_message> messages = [];
    private readonly MachineHandlers handlers = new();
    private readonly VirtualProcessor processor;
    private readonly RunLoop loop;
    private readonly Printer printer;

    public unsafe UpsettingHandlerTests()
    {
        machine.Partition.Memory.Map(0, ram);
        machine.Partition.Memory.Map(Stack, stack);
        machine.Partition.Memory.Write(Text, "ABCDEFGH"u8);
        processor = machine.CreateProcessor();
        loop = new RunLoop(processor, handlers);
        printer = new Printer();
        handlers.Mmio.Map(Device, 0x1000, printer);
        machine.Calls.KeepsLog = false;
        machine.Calls.OnRun = (_, argument) =>
        {
            if (!messages.TryDequeue(out hv_message message))
            {
                return IoctlResult.Failure(5);
            }

            *(hv_message*)argument = message;
            return IoctlResult.Success(0);
        };
        Set(Name.HV_X64_REGISTER_CR0, 0x11);
        Set(Name.HV_X64_REGISTER_RFLAGS, 2);
        Set(Name.HV_X64_REGISTER_RIP, TestMessages.Rip);
        Set(Name.HV_X64_REGISTER_RSI, Text);
        Set(Name.HV_X64_REGISTER_RDI, Device);
        Set(Name.HV_X64_REGISTER_RCX, (ulong)Letters.Length);
        Set(Name.HV_X64_REGISTER_RSP, Stack + 0x800);

        for (Name name = Name.HV_X64_REGISTER_ES; name <= Name.HV_X64_REGISTER_GS; name++)
        {
            hv_register_value value = default;
            value.segment.limit = uint.MaxValue;
            value.segment.attributes = name == Name.HV_X64_REGISTER_CS ? (ushort)0xc09b : (ushort)0xc093;
            machine.Calls.Registers[(0, (uint)name)] = value.reg128;
        }
    }

    public void Dispose()
    {
        processor.Dispose();
        machine.Dispose();
        ram.Dispose();
        stack.Dispose();
    }

    [Fact]
    public void A_processor_that_starts_anew_in_the_third_iteration_makes_no_fourth_and_nothing_of_the_first_three_is_written()
    {
        printer.OnWrite = count => If(count == 3, () => X64Boot.RealMode(0x7c00).ApplyTo(processor));

        Run(Access(InterceptAccess.Write, Device, RepMovsb));

        Assert.Equal("ABC", printer.Text);
        Assert.Equal((8UL, Text), (Value(Name.HV_X64_REGISTER_RCX), Value(Name.HV_X64_REGISTER_RSI)));
        Assert.Equal(0x7c00UL, Value(Name.HV_X64_REGISTER_CS) + Value(Name.HV_X64_REGISTER_RIP));
    }

    [Fact]
    public void A_processor_that_starts_anew_while_it_reads_a_port_gets_nothing_of_the_port()
    {
        handlers.Ports.Map(0x64, 1, new Answering(() => X64Boot.AfterInit().ApplyTo(processor)));

        Run(TestMessages.IoPort(InterceptAccess.Read, 0x64, 1, rax: 0x1122));

        Assert.Equal(0UL, Value(Name.HV_X64_REGISTER_RAX));
        Assert.Equal(0xfff0UL, Value(Name.HV_X64_REGISTER_RIP) & 0xffff);
    }

    [Fact]
    public void A_device_that_is_unplugged_in_mid_repetition_ends_the_run_and_the_next_goes_on_where_it_was()
    {
        printer.OnWrite = count => If(count == 3, () => Assert.True(handlers.Mmio.Unmap(Device)));

        RunResult result = Run(Access(InterceptAccess.Write, Device, RepMovsb));

        Assert.Equal(RunEnd.Unhandled, result.End);
        Assert.Contains($"0x{Device + 3:x}", result.Detail, StringComparison.Ordinal);
        Assert.Equal((5UL, Device + 3), (Value(Name.HV_X64_REGISTER_RCX), Value(Name.HV_X64_REGISTER_RDI)));
        handlers.Mmio.Map(Device, 0x1000, printer);
        Run(Access(InterceptAccess.Write, Device + 3, RepMovsb));
        Assert.Equal(Letters, printer.Text);
    }

    [Fact]
    public void A_device_that_another_takes_the_place_of_in_mid_repetition_is_asked_no_more()
    {
        Printer second = new();
        printer.OnWrite = count => If(count == 3, () =>
        {
            handlers.Mmio.Unmap(Device);
            handlers.Mmio.Map(Device, 0x1000, second);
        });

        Run(Access(InterceptAccess.Write, Device, RepMovsb));

        Assert.Equal(("ABC", "DEFGH"), (printer.Text, second.Text));
    }

    [Fact]
    public void Memory_that_is_unplugged_in_mid_repetition_is_not_read_any_more()
    {
        printer.OnWrite = count => If(count == 3, () =>
        {
            machine.Partition.Memory.Unmap(0, ram.SizeBytes);
            ram.Dispose();
        });

        RunResult result = Run(Access(InterceptAccess.Write, Device, RepMovsb));

        Assert.Equal(RunEnd.Unhandled, result.End);
        Assert.Contains($"0x{Text + 3:x}", result.Detail, StringComparison.Ordinal);
        Assert.Equal(("ABC", 5UL), (printer.Text, Value(Name.HV_X64_REGISTER_RCX)));
    }

    [Fact]
    public void Memory_that_is_unplugged_between_the_two_accesses_of_an_instruction_can_still_be_stored_to()
    {
        printer.OnRead = () =>
        {
            machine.Partition.Memory.Unmap(Stack, stack.SizeBytes);
            stack.Dispose();
        };
        Set(Name.HV_X64_REGISTER_RSI, Device);

        RunResult result = Run(Access(InterceptAccess.Read, Device, PushAtEsi));

        // The store went to where memory was; the processor had decided that before.
        Assert.Equal(RunEnd.Refused, result.End);
        Assert.Equal(Stack + 0x7fc, Value(Name.HV_X64_REGISTER_RSP));
    }

    [Fact]
    public void An_access_that_is_given_up_for_a_request_in_mid_repetition_is_made_again_and_none_before_it()
    {
        int given = 0;
        printer.OnWrite = count => If(count == 4 && given++ == 0, () =>
        {
            loop.Post(() => Assert.Equal(5UL, Value(Name.HV_X64_REGISTER_RCX)));
            printer.TakeBack();
            loop.Interrupted.ThrowIfCancellationRequested();
        });

        RunResult result = Run(Access(InterceptAccess.Write, Device, RepMovsb));

        Assert.Equal(RunEnd.Refused, result.End); // there are no more messages
        Assert.Equal(Letters, printer.Text);
        Assert.Equal(0UL, Value(Name.HV_X64_REGISTER_RCX));
    }

    [Fact]
    public void An_end_in_the_last_iteration_comes_behind_the_instruction()
    {
        printer.OnWrite = count => If(count == Letters.Length, () => loop.RequestEnd(RunEnd.Reset));

        Assert.Equal(RunEnd.Reset, Run(Access(InterceptAccess.Write, Device, RepMovsb)).End);
        Assert.Equal((TestMessages.Rip + 2, 0UL), (Value(Name.HV_X64_REGISTER_RIP), Value(Name.HV_X64_REGISTER_RCX)));
    }

    [Fact]
    public void A_handler_that_runs_its_own_processor_is_refused()
    {
        printer.OnWrite = _ => loop.Run();

        RunResult result = Run(Access(InterceptAccess.Write, Device, RepMovsb));

        Assert.Equal(RunEnd.DeviceFault, result.End);
        Assert.IsType<InvalidOperationException>(result.Fault);
        Assert.Equal(8UL, Value(Name.HV_X64_REGISTER_RCX));
        Assert.Null(RunLoop.Current);
    }

    [Fact]
    public void Each_iteration_of_a_stepped_repetition_has_its_trap_and_the_last_one_too()
    {
        const ulong TrapFlag = 1 << 8;
        const int Letter = 3;
        Set(Name.HV_X64_REGISTER_RFLAGS, 2 | TrapFlag);
        Set(Name.HV_X64_REGISTER_RCX, Letter);
        List<(ulong Left, ulong Rip, ulong Event)> traps = [];

        for (ulong letter = 0; letter < Letter; letter++)
        {
            Set(Name.HV_REGISTER_PENDING_EVENT0, 0);
            Run(Access(InterceptAccess.Write, Device + letter, RepMovsb, rflags: 2 | TrapFlag));
            traps.Add((Value(Name.HV_X64_REGISTER_RCX), Value(Name.HV_X64_REGISTER_RIP), Value(Name.HV_REGISTER_PENDING_EVENT0)));
        }

        const ulong SingleStep = 0x0001_0001; // pending, an exception, vector 1
        Assert.Equal(
            [
                (2UL, TestMessages.Rip, SingleStep), (1UL, TestMessages.Rip, SingleStep), (0UL, TestMessages.Rip + 2, SingleStep),
            ],
            traps);
        Assert.Equal("ABC", printer.Text);
    }

    [Fact]
    public void A_trap_waits_behind_a_load_of_SS_from_a_device_and_an_interrupt_shadow_is_left()
    {
        const ulong TrapFlag = 1 << 8;
        byte[] code = [0x8e, 0x16]; // mov ss, [esi], in real mode
        Set(Name.HV_X64_REGISTER_CR0, 0x10);
        Set(Name.HV_X64_REGISTER_RFLAGS, 2 | TrapFlag);
        Set(Name.HV_X64_REGISTER_RSI, Device);

        Run(Access(InterceptAccess.Read, Device, code, rflags: 2 | TrapFlag));

        Assert.Equal(0UL, Value(Name.HV_REGISTER_PENDING_EVENT0));
        Assert.Equal(1UL, Value(Name.HV_REGISTER_INTERRUPT_STATE) & 1);
        Assert.Equal(TestMessages.Rip + 2, Value(Name.HV_X64_REGISTER_RIP));
    }

    [Fact]
    public void A_handler_that_closes_its_processor_lets_the_exit_end()
    {
        printer.OnWrite = count => If(count == 3, processor.Dispose);

        Run(Access(InterceptAccess.Write, Device, RepMovsb));

        Assert.Equal(Letters, printer.Text);
        Assert.Throws<ObjectDisposedException>(() => loop.Run(TestContext.Current.CancellationToken));
    }

    private static void If(bool condition, Action action)
    {
        if (condition)
        {
            action();
        }
    }

    private static hv_message Access(InterceptAccess access, ulong gpa, ReadOnlySpan<byte> code, ulong rflags = 2)
    {
        hv_message message = TestMessages.Memory(access, gpa, code);
        Assert.True(new Intercept(in message).TryView(out MemoryIntercept view));
        hv_x64_memory_intercept_message payload = view.Payload;
        payload.header.rflags = rflags;
        return TestMessages.Of(hv_message_type.HVMSG_UNMAPPED_GPA, in payload);
    }

    private RunResult Run(hv_message message)
    {
        messages.Enqueue(message);
        return loop.Run(TestContext.Current.CancellationToken);
    }

    private void Set(Name name, ulong value) => machine.Calls.Registers[(0, (uint)name)] = new hv_u128 { low_part = value };

    private ulong Value(Name name) =>
        machine.Calls.Registers.TryGetValue((0, (uint)name), out hv_u128 value) ? value.low_part : 0;

    private sealed class Printer : IMmioHandler
    {
        private readonly List<char> text = [];

        internal Action<int>? OnWrite { get; set; }

        internal Action? OnRead { get; set; }

        internal string Text => string.Concat(text);

        internal void TakeBack() => text.RemoveAt(text.Count - 1);

        public ulong Read(uint vpIndex, ulong offset, int sizeBytes)
        {
            OnRead?.Invoke();
            return 0x1000;
        }

        public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value)
        {
            text.Add((char)value);
            OnWrite?.Invoke(text.Count);
        }
    }

    private sealed class Answering(Action action) : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes)
        {
            action();
            return 0x55;
        }

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
        {
        }
    }
}
