using System.Collections.Concurrent;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Interrupts;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Interrupts that wake halted guests, one after the other, from every source.</summary>
public sealed class InterruptGuests
{
    private const byte Vector = 0x51;
    private const byte NmiVector = 2;
    private const int ApicBase = unchecked((int)0xfee00000);
    private const ulong DoorbellGpa = 0xe000_0000;
    private const uint Ready = 1;
    private const uint Interrupted = 2;
    private const int Interrupts = 50;

    [Fact]
    public void Asserted_interrupts_wake_a_halted_guest() =>
        InterruptOneByOne(guest => guest.Partition.Interrupts.Assert(InterruptRequest.Fixed(0, Vector)));

    [Fact]
    public void Asserted_interrupts_of_lowest_priority_wake_a_halted_guest() => InterruptOneByOne(guest =>
        guest.Partition.Interrupts.Assert(new InterruptRequest(hv_interrupt_type.HV_X64_INTERRUPT_TYPE_LOWESTPRIORITY, 0, Vector)));

    [Fact]
    public void Non_maskable_interrupts_wake_a_halted_guest() =>
        InterruptOneByOne(guest => guest.Partition.Interrupts.Assert(InterruptRequest.Nmi(0)), NmiVector);

    [Fact]
    public void Events_with_a_route_wake_a_halted_guest()
    {
        using EventHandle trigger = EventHandle.Create();
        InterruptLine? line = null;
        InterruptOneByOne(
            guest =>
            {
                if (line is null)
                {
                    guest.Partition.Interrupts.SetRoutes(new MsiRoutingTable().Set(7, new MsiMessage(0xfee00000, Vector)));
                    line = guest.Partition.Interrupts.AttachEvent(7, trigger);
                }

                trigger.Signal();
            });
        line!.Dispose();
    }

    [Fact]
    public void The_end_of_a_resampled_interrupt_signals_its_event()
    {
        using EventHandle trigger = EventHandle.Create();
        using EventHandle resample = EventHandle.Create();
        const uint LevelTriggered = 0x8000;
        int ends = 0;
        bool isFirst = true;
        InterruptOneByOne(
            guest =>
            {
                // As a device does: its line is still raised, so it raises it again when it hears of the end.
                if (!isFirst)
                {
                    Assert.True(resample.Wait(RunningGuest.TooLong), "the end was not signalled");
                    Assert.True(resample.TryTake(out ulong count));
                    ends += (int)count;
                }

                isFirst = false;
                trigger.Signal();
            },
            prepare: guest =>
            {
                MsiMessage message = new(0xfee00000, Vector | LevelTriggered);
                guest.Partition.Interrupts.SetRoutes(new MsiRoutingTable().Set(Vector, message));
                _ = guest.Partition.Interrupts.AttachEvent(Vector, trigger, resample);
            });

        Assert.Equal(Interrupts - 1, ends);
    }

    [Fact]
    public void An_interrupt_that_a_guest_does_not_accept_waits_until_it_does()
    {
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            Label wait = a.CreateLabel();
            EnableApic(a);
            a.cli();
            a.mov(eax, (int)Ready);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(eax, 3);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.sti();
            a.Label(ref wait);
            a.pause();
            a.test(r15d, r15d);
            a.je(wait);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        InstallCountingHandler(guest, Vector, count: 2);
        guest.OnReport = value =>
        {
            if (value == Ready)
            {
                guest.Partition.Interrupts.Assert(InterruptRequest.Fixed(0, Vector));
            }
        };

        guest.RunToEnd();

        Assert.Equal([Ready, 3u, Interrupted], guest.Reports);
    }

    [Fact]
    public void A_doorbell_is_rung_without_an_exit()
    {
        const int Rings = 1000;
        using RunningGuest guest = new();
        using EventHandle any = EventHandle.Create();
        using EventHandle matching = EventHandle.Create();
        using Doorbell first = guest.Partition.Interrupts.AttachDoorbell(DoorbellGpa, 4, any);
        using Doorbell second = guest.Partition.Interrupts.AttachDoorbell(DoorbellGpa + 0x1000, 4, matching, value: 7);
        CountedWrites others = new();
        guest.Handlers.Mmio.Map(DoorbellGpa + 0x1000, 0x1000, others);
        guest.Load(32, a =>
        {
            Label again = a.CreateLabel();
            a.mov(ebx, unchecked((int)DoorbellGpa));
            a.mov(ecx, Rings);
            a.mov(eax, 7);
            a.Label(ref again);
            a.mov(__dword_ptr[ebx], ecx);
            a.mov(__dword_ptr[ebx + 0x1000], eax);
            a.dec(ecx);
            a.jne(again);
            a.mov(__dword_ptr[ebx + 0x1000], ecx);
            a.@out((byte)RunningGuest.EndPort, al);
        });

        guest.RunToEnd();

        Assert.True(any.TryTake(out ulong rings));
        Assert.True(matching.TryTake(out ulong matches));
        Assert.Equal(((ulong)Rings, (ulong)Rings, 1), (rings, matches, others.Count));
        Assert.Equal(2, guest.Loop.ExitCount);
    }

    // The guest waits in HLT, its handler reports and ends the interrupt; each is sent when the one before has been reported.
    private static void InterruptOneByOne(Action<RunningGuest> interrupt, byte vector = Vector, Action<RunningGuest>? prepare = null)
    {
        using RunningGuest guest = new();
        using BlockingCollection<uint> reports = [];
        guest.OnReport = reports.Add;
        guest.Load(64, a =>
        {
            Label again = a.CreateLabel();
            EnableApic(a);
            a.mov(eax, (int)Ready);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.Label(ref again);
            a.sti();
            a.hlt();
            a.jmp(again);
        });
        InstallCountingHandler(guest, vector, Interrupts);
        prepare?.Invoke(guest);
        Exception? failure = null;
        Thread sender = new(() => failure = Record.Exception(() =>
        {
            for (int i = 0; i < Interrupts; i++)
            {
                Assert.True(reports.TryTake(out _, RunningGuest.TooLong), $"interrupt {i} was lost");

                // Most of the time the guest has reached HLT by now; sometimes it has not, and must be woken all the same.
                Thread.SpinWait(i % 3 * 20_000);
                interrupt(guest);
            }
        }));
        sender.Start();

        guest.RunToEnd();

        Assert.True(sender.Join(RunningGuest.TooLong));
        Assert.Null(failure);
        Assert.Equal(Enumerable.Repeat(Interrupted, Interrupts).Prepend(Ready), guest.Reports);
    }

    private static void EnableApic(Assembler a)
    {
        a.mov(ebx, ApicBase);
        a.mov(__dword_ptr[rbx + 0xf0], 0x1ff);
        a.xor(r15d, r15d);
    }

    private static void InstallCountingHandler(RunningGuest guest, byte vector, int count) => FaultGuests.InstallHandler(guest, vector, a =>
    {
        Label isOver = a.CreateLabel();
        a.mov(eax, (int)Interrupted);
        a.@out((byte)RunningGuest.ReportPort, eax);
        if (vector != NmiVector)
        {
            a.mov(__dword_ptr[rbx + 0xb0], 0);
        }

        a.inc(r15d);
        a.cmp(r15d, count);
        a.je(isOver);
        a.iretq();
        a.Label(ref isOver);
        a.@out((byte)RunningGuest.EndPort, al);
        a.hlt();
    });

    private sealed class CountedWrites : IMmioHandler
    {
        internal int Count { get; private set; }

        public ulong Read(uint vpIndex, ulong offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value) => Count++;
    }
}
