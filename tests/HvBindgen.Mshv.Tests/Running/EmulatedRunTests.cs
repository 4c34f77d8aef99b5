using System.Diagnostics;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Recording;
using HvBindgen.Mshv.Running;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>The whole loop, with guests that really execute.</summary>
public sealed class EmulatedRunTests
{
    private const ulong DeviceGpa = 0xa0000;
    private const ushort ResetPort = 0x64;
    private const ushort TextOffset = 0x80;
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(120);

    [Fact]
    public void A_guest_talks_to_ports_and_device_memory_and_resets()
    {
        using MshvEmulator emulator = GuestMachine.NewEmulator();
        using GuestMachine machine = new(emulator, Code(PortAndMemoryGuest));
        TestDevice port = new(0x60);
        TestDevice memory = new(0x1234);
        MachineHandlers handlers = HandlersWith(port, memory);
        RunLoop loop = new(machine.Processor, handlers);
        handlers.Ports.Map(ResetPort, 1, new ResetDevice(loop));

        RunResult result = loop.Run(TestContext.Current.CancellationToken);

        Assert.Equal(RunEnd.Reset, result.End);
        ulong[] written = [.. port.Accesses.Where(access => access.IsWrite).Select(access => access.Value)];
        Assert.Equal(['H', 'i', 'a', 'b', 'c', 'd', 'e'], written.Take(7).Select(value => (char)value));

        // IN AL merged into 0xcafe, read back by OUT DX, AX.
        Assert.Equal(0xca60UL, written[7]);
        Assert.Equal([(true, 0x10UL, 2, 0xbeefUL), (false, 0x20UL, 2, 0UL)], memory.Accesses);
        Assert.Equal(0x1234UL, machine.Processor.Registers.Get(hv_register_name.HV_X64_REGISTER_RBX).reg64 & 0xffff);
    }

    [Fact]
    public void An_exit_of_either_kind_takes_no_hypercall()
    {
        using MshvEmulator emulator = GuestMachine.NewEmulator();
        CountingCalls calls = new(emulator);
        using GuestMachine machine = new(calls, Code(PortAndMemoryGuest));
        MachineHandlers handlers = HandlersWith(new TestDevice(), new TestDevice());
        RunLoop loop = new(machine.Processor, handlers);
        handlers.Ports.Map(ResetPort, 1, new ResetDevice(loop));
        Assert.True(machine.Processor.HasRegisterPage);
        int before = calls.Hypercalls;

        loop.Run(TestContext.Current.CancellationToken);

        Assert.True(calls.Runs >= 8, $"{calls.Runs} runs");
        Assert.Equal(0, calls.Hypercalls - before);
    }

    // Kicks come as soon as the run before has ended, so most of them hit the next run while it starts, where a signal can be lost. Some
    // hosts stop a guest that is in the middle of its code only at their next timer tick, so that there are fewer of those.
    [Theory]
    [InlineData(new byte[] { 0xf4, 0xeb, 0xfd }, 10_000)] // hlt; jmp back: sleeps in the kernel
    [InlineData(new byte[] { 0xe6, 0x80, 0xeb, 0xfc }, 1000)] // out 0x80, al; jmp back: leaves all the time
    [InlineData(new byte[] { 0xeb, 0xfe }, 500)] // jmp to itself: never leaves
    public void None_of_ten_thousand_kicks_under_load_is_lost_by_a_guest_that_runs(byte[] code, int kicks)
    {
        using MshvEmulator emulator = GuestMachine.NewEmulator();
        using GuestMachine machine = new(emulator, code);
        RunLoop loop = new(machine.Processor, HandlersWith(new SilentPort(), new TestDevice()));
        CancellationToken testEnds = TestContext.Current.CancellationToken;
        int ends = 0;
        Exception? failure = null;
        Thread thread = new(() => failure = Record.Exception(() =>
        {
            while (Volatile.Read(ref ends) <= kicks)
            {
                Assert.Equal(RunEnd.Requested, loop.Run(testEnds).End);
                Interlocked.Increment(ref ends);
            }
        }));
        thread.Start();
        using BusyThreads load = new(Environment.ProcessorCount);
        for (int i = 0; i <= kicks; i++)
        {
            Stopwatch elapsed = Stopwatch.StartNew();
            loop.RequestEnd(RunEnd.Requested);
            SpinWait spin = default;
            while (Volatile.Read(ref ends) <= i)
            {
                Assert.True(thread.IsAlive, $"{failure}");
                Assert.True(elapsed.Elapsed < TooLong, $"kick {i} was lost");
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }

        Assert.True(thread.Join(TooLong));
        Assert.Null(failure);
        Assert.Equal(kicks + 1, ends);
    }

    [Fact]
    public void A_machine_of_two_processors_is_paused_and_resumed_while_one_runs_and_one_waits_to_be_started()
    {
        using MshvEmulator emulator = GuestMachine.NewEmulator();
        using GuestMachine guest = new(emulator, [0xe6, 0x80, 0xeb, 0xfc], processorCount: 2);
        SilentPort port = new();
        MachineHandlers handlers = HandlersWith(port, new TestDevice());
        using Machine machine = new(guest.Processors.Select(processor => new RunLoop(processor, handlers)));
        machine.Start();
        for (int i = 0; i < 300; i++)
        {
            machine.Pause();
            long writes = port.Writes;
            ulong rip = guest.Processor.Registers.Get(hv_register_name.HV_X64_REGISTER_RIP).reg64;
            Assert.InRange(rip, 0UL, 2UL);
            Assert.Equal(writes, port.Writes);
            machine.Resume();
            SpinWait.SpinUntil(() => port.Writes > writes, TooLong);
            Assert.True(port.Writes > writes);
        }

        machine.RequestEnd(RunEnd.PowerOff);
        Assert.Equal(RunEnd.PowerOff, machine.WaitForEnd(TooLong)!.Value.Result.End);
    }

    [Fact]
    public void Registers_of_a_running_processor_are_refused_to_others_and_given_to_its_handlers()
    {
        using MshvEmulator emulator = GuestMachine.NewEmulator();
        using GuestMachine machine = new(emulator, Code(PortAndMemoryGuest));
        MachineHandlers handlers = HandlersWith(new TestDevice(), new TestDevice());
        RunLoop loop = new(machine.Processor, handlers);
        ulong seen = 0;
        Exception? refused = null;
        handlers.Ports.Map(ResetPort, 1, new ActionPort(() =>
        {
            seen = machine.Processor.Registers.Get(hv_register_name.HV_X64_REGISTER_RIP).reg64;
            Thread other = new(
                () => refused = Record.Exception(() => machine.Processor.Registers.Get(hv_register_name.HV_X64_REGISTER_RIP)));
            other.Start();
            other.Join();
            loop.RequestEnd(RunEnd.Reset);
        }));

        loop.Run(TestContext.Current.CancellationToken);

        Assert.InRange(seen, 1UL, 0x100UL);
        Assert.IsType<InvalidOperationException>(refused);
    }

    [Fact]
    public void Disposing_a_running_processor_waits_for_nothing_and_breaks_nothing()
    {
        using MshvEmulator emulator = GuestMachine.NewEmulator();
        for (int i = 0; i < 20; i++)
        {
            GuestMachine machine = new(emulator, [0xe6, 0x80, 0xeb, 0xfc]);
            SilentPort port = new();
            RunLoop loop = new(machine.Processor, HandlersWith(port, new TestDevice()));
            RunEnd end = default;
            Thread thread = new(() => end = loop.Run().End);
            thread.Start();
            SpinWait.SpinUntil(() => port.Writes > 0, TooLong);

            machine.Dispose();
            long writes = port.Writes;
            SpinWait.SpinUntil(() => port.Writes > writes, TooLong);
            loop.RequestEnd(RunEnd.Requested);

            Assert.True(thread.Join(TooLong));
            Assert.Equal(RunEnd.Requested, end);
        }
    }

    [Fact]
    public void A_run_on_the_emulated_device_is_recorded_and_replayed_without_it()
    {
        using MshvEmulator emulator = GuestMachine.NewEmulator();
        using TemporaryFolder folder = new();
        string path = folder["run.rec"];
        RunEnd recorded;
        using (RecordingSystemCalls recorder = new(emulator, path))
        {
            recorded = RunGuest(recorder).End;
        }

        ReplaySystemCalls replay = new(path);
        RunEnd replayed = RunGuest(replay).End;

        Assert.Equal(RunEnd.Reset, recorded);
        Assert.Equal(RunEnd.Reset, replayed);
        Assert.True(replay.CheckedRegisterWrites >= 8, $"{replay.CheckedRegisterWrites} register writes compared");
    }

    private static RunResult RunGuest(Interop.ISystemCalls systemCalls)
    {
        using GuestMachine machine = new(systemCalls, Code(PortAndMemoryGuest));
        MachineHandlers handlers = HandlersWith(new TestDevice(0x60), new TestDevice(0x1234));
        RunLoop loop = new(machine.Processor, handlers);
        handlers.Ports.Map(ResetPort, 1, new ResetDevice(loop));
        return loop.Run(TestContext.Current.CancellationToken);
    }

    private static void PortAndMemoryGuest(Assembler a)
    {
        a.mov(dx, 0x80);
        a.mov(al, (byte)'H');
        a.@out(dx, al);
        a.mov(al, (byte)'i');
        a.@out(dx, al);
        a.mov(ax, (ushort)(GuestMachine.CodeGpa >> 4));
        a.mov(ds, ax);
        a.mov(si, TextOffset);
        a.mov(cx, 5);
        a.rep.outsb();
        a.mov(ax, 0xcafe);
        a.@in(al, dx);
        a.@out(dx, ax);
        a.mov(ax, (ushort)(DeviceGpa >> 4));
        a.mov(ds, ax);
        a.mov(cx, 0xbeef);
        a.mov(__word_ptr[0x10], cx);
        a.mov(bx, __word_ptr[0x20]);
        a.mov(dx, ResetPort);
        a.@out(dx, al);
    }

    private static byte[] Code(Action<Assembler> write)
    {
        Assembler assembler = new(16);
        write(assembler);
        MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), rip: 0);
        byte[] code = new byte[TextOffset + 5];
        stream.ToArray().CopyTo(code, 0);
        "abcde"u8.CopyTo(code.AsSpan(TextOffset));
        return code;
    }

    private static MachineHandlers HandlersWith(IPortIoHandler port, IMmioHandler memory)
    {
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x80, 2, port);
        handlers.Mmio.Map(DeviceGpa, 0x1000, memory);
        return handlers;
    }

    private sealed class ResetDevice(RunLoop loop) : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => loop.RequestEnd(RunEnd.Reset);
    }

    private sealed class ActionPort(Action action) : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => action();
    }

    private sealed class SilentPort : IPortIoHandler
    {
        private long writes;

        internal long Writes => Interlocked.Read(ref writes);

        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => Interlocked.Increment(ref writes);
    }
}
