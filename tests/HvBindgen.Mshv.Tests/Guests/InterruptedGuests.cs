using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>What is asked of a processor's thread while it runs a guest: work, pauses, another beginning.</summary>
public sealed class InterruptedGuests
{
    private const ushort ResetPort = 0x64;

    [Fact]
    public void Posted_work_finds_the_registers_between_two_exits_of_a_guest_that_never_exits()
    {
        using RunningGuest guest = new();
        guest.Load(64, code =>
        {
            Label forever = code.CreateLabel();
            code.Label(ref forever);
            code.inc(rbx);
            code.jmp(forever);
        });
        using Machine machine = new(guest.Loops);
        machine.Start();
        ulong? seen = null;
        int? thread = null;

        guest.Loop.Post(() =>
        {
            thread = Environment.CurrentManagedThreadId;
            Assert.Same(guest.Loop, RunLoop.Current);
            seen = guest.Processor.X64.General.Rip;
            guest.Processor.Registers.Set(hv_register_name.HV_X64_REGISTER_RBX, ulong.MaxValue);
            machine.RequestEnd(RunEnd.PowerOff);
        });

        Assert.Equal(RunEnd.PowerOff, machine.WaitForEnd(RunningGuest.TooLong)!.Value.Result.End);
        Assert.InRange(seen!.Value, RunningGuest.CodeGpa, RunningGuest.CodeGpa + 8);
        Assert.NotEqual(Environment.CurrentManagedThreadId, thread);
        Assert.Equal(ulong.MaxValue, guest.Processor.X64.General.Rbx);
    }

    [Fact]
    public void Work_that_a_handler_posts_is_done_when_its_exit_has_been_written_back()
    {
        using RunningGuest guest = new();
        List<ulong> places = [];
        guest.OnReport = _ =>
        {
            places.Add(guest.Processor.X64.General.Rip);
            RunLoop.Current!.Post(() => places.Add(guest.Processor.X64.General.Rip));
        };
        guest.Load(64, code =>
        {
            Report(code);
            code.@out(unchecked((sbyte)RunningGuest.EndPort), al);
        });

        guest.RunToEnd();

        Assert.Equal([RunningGuest.CodeGpa, RunningGuest.CodeGpa + 2], places);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_handler_that_starts_its_own_processor_anew_has_the_last_word(bool isRead)
    {
        using RunningGuest guest = new();
        guest.Handlers.Ports.Map(ResetPort, 1, new ResetDevice(guest));
        byte[] second = RunningGuest.Assemble(
            16,
            code =>
            {
                code.mov(dx, RunningGuest.ReportPort);
                code.@out(dx, eax);
                code.mov(dx, RunningGuest.EndPort);
                code.@out(dx, al);
            });
        guest.Partition.Memory.Write(RunningGuest.DataGpa, second);
        guest.Load(64, code =>
        {
            code.mov(dx, ResetPort);
            if (isRead)
            {
                code.@in(al, dx);
            }
            else
            {
                // The second of four bytes is one too many.
                code.mov(rsi, RunningGuest.HighRamGpa);
                code.mov(ecx, 4);
                code.rep.outsb();
            }

            code.ud2();
        });

        guest.RunToEnd();

        Assert.Equal([0x1234_5678U], guest.Reports);
    }

    [Fact]
    public void A_processor_that_was_halted_is_not_when_it_starts_anew()
    {
        using RunningGuest guest = new();
        guest.Load(16, code =>
        {
            Report(code);
            code.cli();
            code.hlt();
        });
        using ManualResetEventSlim reported = new();
        guest.OnReport = _ => reported.Set();
        using Machine machine = new(guest.Loops);
        machine.Start();
        Assert.True(reported.Wait(RunningGuest.TooLong, TestContext.Current.CancellationToken));
        Assert.True(SpinWait.SpinUntil(() => IsHalted(machine, guest.Processor), RunningGuest.TooLong), "the guest does not halt");
        machine.RequestEnd();
        Assert.NotNull(machine.WaitForEnd(RunningGuest.TooLong));

        guest.Load(16, code =>
        {
            code.mov(dx, RunningGuest.EndPort);
            code.@out(dx, al);
        });

        guest.RunToEnd();
    }

    [Fact]
    public void After_INIT_a_processor_starts_below_4_GiB_whatever_it_did_before()
    {
        const ulong VectorGpa = 0xffff_f000;
        using RunningGuest guest = new();
        using Memory.GuestMemory firmware = Memory.GuestMemory.Allocate(0x1000);
        byte[] code = RunningGuest.Assemble(16, each => each.@out(unchecked((sbyte)RunningGuest.EndPort), al));
        code.CopyTo(firmware.GetSpan(0xff0, code.Length));
        guest.Partition.Memory.Map(VectorGpa, firmware, Memory.MemoryAccess.Rom);
        guest.Load(64, each =>
        {
            each.mov(rsp, 5);
            each.mov(dx, ResetPort);
            each.@out(dx, al);
            each.ud2();
        });
        guest.Handlers.Ports.Map(ResetPort, 1, new Action(() => X64Boot.AfterInit().ApplyTo(guest.Processor)).AsPort());

        guest.RunToEnd();

        Assert.Equal((0UL, 0UL, 0UL), (guest.Processor.X64.General.Rsp, guest.Processor.X64.Control.Efer, guest.Processor.X64.Control.Cr4));
        Assert.Equal(0x600UL, guest.Processor.X64.General.Rdx);
    }

    [Fact]
    public void Handlers_that_would_pause_each_other_are_refused_and_nothing_stays_paused()
    {
        using RunningGuest guest = new();
        Exception? refusal = null;
        Machine? machine = null;
        guest.OnReport = value =>
        {
            if (value == 1)
            {
                refusal = Record.Exception(() => machine!.Pause());
                Assert.IsType<InvalidOperationException>(Record.Exception(guest.Loop.Pause));
            }
        };
        guest.Load(64, code =>
        {
            code.mov(eax, 1);
            Report(code);
            code.mov(eax, 2);
            Report(code);
            code.@out(unchecked((sbyte)RunningGuest.EndPort), al);
        });
        using Machine started = machine = new Machine(guest.Loops);

        machine.Start();

        Assert.Equal(RunEnd.PowerOff, machine.WaitForEnd(RunningGuest.TooLong)!.Value.Result.End);
        Assert.Contains("PauseAsync", Assert.IsType<InvalidOperationException>(refusal).Message, StringComparison.Ordinal);
        Assert.Equal([1U, 2U], guest.Reports);
    }

    [Fact]
    public async Task A_handler_asks_for_a_pause_that_comes_when_it_has_returned()
    {
        using RunningGuest guest = new();
        TaskCompletionSource<Task> asked = new();
        using Machine machine = new(guest.Loops);
        guest.OnReport = value =>
        {
            if (value == 1)
            {
                asked.SetResult(machine.PauseAsync());
            }
        };
        guest.Load(64, code =>
        {
            code.mov(eax, 1);
            Report(code);
            code.mov(eax, 2);
            Report(code);
            code.@out(unchecked((sbyte)RunningGuest.EndPort), al);
        });
        machine.Start();

        Task paused = await asked.Task.WaitAsync(RunningGuest.TooLong, TestContext.Current.CancellationToken);
        await paused.WaitAsync(RunningGuest.TooLong, TestContext.Current.CancellationToken);
        Assert.Equal([1U], guest.Reports);
        Assert.False(guest.Processor.SaveState().Registers.Count == 0);
        machine.Resume();

        Assert.Equal(RunEnd.PowerOff, machine.WaitForEnd(RunningGuest.TooLong)!.Value.Result.End);
        Assert.Equal([1U, 2U], guest.Reports);
    }

    // Two processors, each in ports, string instructions to a slow device, and arithmetic, while four threads ask for everything.
    [Fact]
    public async Task A_storm_of_pauses_saves_and_posted_work_loses_nothing()
    {
        const int Cycles = 1000;
        const int Works = 4000;
        using RunningGuest guest = new(processorCount: 2);
        long ports = 0;
        guest.Handlers.Ports.Map(ResetPort, 1, new Action(() => Interlocked.Increment(ref ports)).AsPort());
        guest.Load(64, code =>
        {
            Label forever = code.CreateLabel();
            code.Label(ref forever);
            code.inc(rbx);
            code.mov(dx, ResetPort);
            code.mov(rsi, RunningGuest.HighRamGpa);
            code.mov(ecx, 16);
            code.rep.outsb();
            code.jmp(forever);
        });
        guest.Processors[1].RestoreState(guest.Processor.SaveState());
        guest.Processors[1].X64.Activity = default;
        using Machine machine = new(guest.Loops);
        machine.Start();
        int done = 0;
        Task work = Task.Run(
            () =>
            {
                for (int i = 0; i < Works; i++)
                {
                    int target = i % 2;
                    guest.Loops[target].Post(() =>
                    {
                        _ = guest.Processors[target].X64.General.Rbx;
                        Interlocked.Increment(ref done);
                    });
                    Thread.SpinWait(i % 300);
                }
            },
            TestContext.Current.CancellationToken);
        Task other = Task.Run(
            () =>
            {
                for (int i = 0; i < Cycles; i++)
                {
                    guest.Loops[i % 2].Pause();
                    guest.Loops[i % 2].Resume();
                }
            },
            TestContext.Current.CancellationToken);
        for (int i = 0; i < Cycles; i++)
        {
            machine.Pause(freezeTime: i % 8 == 0);
            Assert.DoesNotContain(guest.Processors, processor => processor.IsRunning);
            VirtualProcessor processor = guest.Processors[i % 2];
            processor.RestoreState(processor.SaveState());
            machine.Resume();
        }

        await Task.WhenAll(work, other).WaitAsync(RunningGuest.TooLong, TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref done) == Works, RunningGuest.TooLong), $"{done} of {Works} done");
        Assert.Null(machine.WaitForEnd(TimeSpan.Zero));
        machine.RequestEnd(RunEnd.PowerOff);
        Assert.Equal(RunEnd.PowerOff, machine.WaitForEnd(RunningGuest.TooLong)!.Value.Result.End);
        Assert.True(ports > 0);
    }

    private static bool IsHalted(Machine machine, VirtualProcessor processor)
    {
        machine.Pause();
        bool halted = processor.X64.Activity.halt_suspend != 0;
        machine.Resume();
        return halted;
    }

    private static void Report(Assembler code) => code.@out(unchecked((sbyte)RunningGuest.ReportPort), al);

    private sealed class ResetDevice(RunningGuest guest) : IPortIoHandler
    {
        private int writes;

        public uint Read(uint vpIndex, int offset, int sizeBytes)
        {
            Reset();
            return 0xff;
        }

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
        {
            if (++writes == 2)
            {
                Reset();
            }
        }

        private void Reset() => X64Boot.AfterInit()
            .Set(hv_register_name.HV_X64_REGISTER_CS, X64Boot.RealMode(RunningGuest.DataGpa).Registers
                .Single(register => register.name == (uint)hv_register_name.HV_X64_REGISTER_CS).value.segment)
            .Set(hv_register_name.HV_X64_REGISTER_RIP, 0)
            .Set(hv_register_name.HV_X64_REGISTER_RAX, 0x1234_5678)
            .ApplyTo(guest.Processor);
    }
}

/// <summary>A port at which writing does something.</summary>
internal static class ActionPorts
{
    internal static IPortIoHandler AsPort(this Action action) => new ActionPort(action);

    private sealed class ActionPort(Action action) : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => action();
    }
}
