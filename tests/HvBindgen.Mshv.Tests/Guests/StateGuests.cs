using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Interrupts;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Guests whose state is taken elsewhere in mid-run, whose pages are watched, and who ask for CPUID leaves and MSRs.</summary>
public sealed class StateGuests
{
    private const uint ScratchMsr = 0xc0000102; // KERNEL_GS_BASE
    private const uint DeviceMsr = 0xc0000103; // TSC_AUX
    private const uint Rounds = 4_000;
    private const ulong RoundGpa = RunningGuest.DataGpa; // where the guest says which round it has begun
    private const ulong LastRoundGpa = RunningGuest.DataGpa + 4;

    [Fact]
    public void A_guest_that_moves_from_partition_to_partition_computes_what_it_does_in_one()
    {
        using RunningGuest whole = new();
        LoadChecksum(whole, Rounds);
        whole.RunToEnd();
        uint[] expected = [.. whole.Reports];

        // Every report ends the run, after the instruction that made it.
        List<uint> reports = [];
        RunningGuest guest = new();
        int moves = 0;
        try
        {
            LoadChecksum(guest, Rounds);
            while (true)
            {
                guest.OnReport = _ => guest.Loop.RequestEnd(RunEnd.Requested);
                RunResult result = guest.Run();
                reports.AddRange(guest.Reports);
                if (result.End == RunEnd.PowerOff)
                {
                    break;
                }

                Assert.Equal(RunEnd.Requested, result.End);
                RunningGuest next = MoveToFreshPartition(guest);
                guest.Dispose();
                guest = next;
                moves++;
            }
        }
        finally
        {
            guest.Dispose();
        }

        Assert.Equal(expected, reports);
        Assert.Equal(expected.Length, moves);
        Assert.InRange(moves, 10, 20);
    }

    [Fact]
    public void A_guest_that_is_kicked_out_anywhere_and_moved_computes_what_it_does_in_one_partition()
    {
        const int Moves = 20;
        const uint RoundsAfterwards = 300;
        Random random = new(5);
        RunningGuest guest = new();
        List<uint> reports = [];
        uint last;
        try
        {
            // It has no end, and so is in the loop at each kick, until it is told its last round while it does not run.
            LoadChecksum(guest, uint.MaxValue);
            for (int move = 0; move < Moves; move++)
            {
                RunUntilKicked(guest, random.Next(20_000));
                reports.AddRange(guest.Reports);
                RunningGuest next = MoveToFreshPartition(guest);
                guest.Dispose();
                guest = next;
            }

            last = (uint)guest.Processor.X64.General.R12 + RoundsAfterwards;
            guest.Partition.Memory.Write(LastRoundGpa, last);
            guest.RunToEnd();
            reports.AddRange(guest.Reports);
        }
        finally
        {
            guest.Dispose();
        }

        using RunningGuest whole = new();
        LoadChecksum(whole, last);
        whole.RunToEnd();
        Assert.Equal(whole.Reports, reports);
        Assert.True(last >= Moves + RoundsAfterwards, $"the guest computed {last} rounds");
    }

    [Fact]
    public void A_halted_guest_with_a_waiting_interrupt_takes_it_after_it_was_moved()
    {
        const byte Vector = 0x51;
        using RunningGuest first = new();
        first.Load(64, a =>
        {
            Label wait = a.CreateLabel();
            a.mov(ebx, unchecked((int)0xfee00000));
            a.mov(__dword_ptr[rbx + 0xf0], 0x1ff);
            a.mov(eax, 1);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.sti();
            a.Label(ref wait);
            a.hlt();
            a.jmp(wait);
        });
        FaultGuests.InstallHandler(first, Vector, a =>
        {
            a.mov(eax, 2);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(__dword_ptr[rbx + 0xb0], 0);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        first.OnReport = _ =>
        {
            first.Partition.Interrupts.Assert(InterruptRequest.Fixed(0, Vector));
            first.Loop.RequestEnd(RunEnd.Requested);
        };
        Assert.Equal(RunEnd.Requested, first.Run().End);

        using RunningGuest second = MoveToFreshPartition(first);
        second.RunToEnd();

        Assert.Equal([1u], first.Reports);
        Assert.Equal([2u], second.Reports);
    }

    [Fact]
    public void Pages_that_a_guest_writes_are_found_and_no_others()
    {
        const int Words = (int)(RunningGuest.HighRamGpa / 4096 / 64);
        using RunningGuest guest = new();
        int[] pages = [.. Enumerable.Range(0, 60).Select(i => i * i % 253).Distinct().Order()];
        guest.Load(32, a =>
        {
            foreach (int page in pages)
            {
                a.inc(__dword_ptr[(int)RunningGuest.HighRamGpa + (page * 4096) + 12]);
            }

            // Reading leaves no trace among the written pages.
            a.mov(eax, __dword_ptr[(int)RunningGuest.HighRamGpa + (254 * 4096)]);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.inc(__dword_ptr[(int)RunningGuest.HighRamGpa + (255 * 4096)]);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        ulong[] bitmap = new ulong[Words];
        List<int[]> rounds = [];
        guest.Partition.Memory.StartTracking();
        guest.OnReport = _ => rounds.Add(Take());

        guest.RunToEnd();
        rounds.Add(Take());
        rounds.Add(Take());
        guest.Partition.Memory.StopTracking();

        Assert.Equal(pages, rounds[0]);
        Assert.Equal([255], rounds[1]);
        Assert.Empty(rounds[2]);

        int[] Take()
        {
            guest.Partition.Memory.TakeDirtyPages(RunningGuest.HighRamGpa, RunningGuest.HighRamGpa, bitmap);
            return [.. Enumerable.Range(0, Words * 64).Where(page => (bitmap[page / 64] >> (page % 64) & 1) != 0)];
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void Cpuid_gives_what_was_put_over_it(int bits)
    {
        using RunningGuest guest = new();
        guest.Partition.Hypercalls.OverrideCpuid(new CpuidOverride(
            0x40000000, null, new CpuidValues(0x11111111, 0x22222222, 0x33333333, 0x44444444), new CpuidValues(~0u, ~0u, ~0u, ~0u)));
        guest.Load(bits, a =>
        {
            a.mov(eax, 0x40000000);
            a.xor(ecx, ecx);
            a.cpuid();
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(eax, ebx);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(eax, ecx);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(eax, edx);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.@out((byte)RunningGuest.EndPort, al);
        });

        guest.RunToEnd();

        Assert.Equal([0x11111111u, 0x22222222u, 0x33333333u, 0x44444444u], guest.Reports);
    }

    [Fact]
    public void Cpuid_put_over_after_the_first_run_is_reported_as_what_KVM_cannot_do()
    {
        Assert.SkipWhen(GuestDevice.IsDriver, "what KVM cannot do is reported outside");
        Assert.SkipWhen(Requirement.IsSoftware, "processors in software take CPUID results at any time");
        using RunningGuest guest = new();
        guest.Load(16, a => a.@out((byte)RunningGuest.EndPort, al));
        guest.RunToEnd();
        Assert.Empty(guest.Refusals);

        guest.Partition.Hypercalls.OverrideCpuid(new CpuidOverride(
            0x40000000, null, new CpuidValues(1, 2, 3, 4), new CpuidValues(~0u, ~0u, ~0u, ~0u)));
        guest.Load(16, a => a.@out((byte)RunningGuest.EndPort, al));
        guest.RunToEnd();

        Assert.Contains("first run", Assert.Single(guest.Refusals), StringComparison.Ordinal);
    }

    [Fact]
    public void Msrs_pass_between_guest_and_host_and_intercepted_ones_go_to_their_handler()
    {
        using RunningGuest guest = new();
        MsrDevice device = new();
        guest.Handlers.Msrs = device;
        guest.Partition.Hypercalls.InstallIntercept(
            hv_intercept_type.HV_INTERCEPT_TYPE_X64_MSR_INDEX,
            Abi.Constants.HV_INTERCEPT_ACCESS_MASK_READ | Abi.Constants.HV_INTERCEPT_ACCESS_MASK_WRITE,
            new hv_intercept_parameters { msr_index = DeviceMsr });
        guest.Load(64, a =>
        {
            a.mov(ecx, ScratchMsr);
            a.rdmsr();
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.add(eax, 1);
            a.wrmsr();
            a.mov(ecx, DeviceMsr);
            a.mov(eax, 0x55667788);
            a.mov(edx, 0x11223344);
            a.wrmsr();
            a.mov(rax, -1);
            a.mov(rdx, -1);
            a.rdmsr();
            a.mov(rbx, rax);
            a.mov(rsi, rdx);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        guest.Processor.X64.SetMsr(ScratchMsr, 0x1234_5678);

        guest.RunToEnd();

        Assert.Equal([0x12345678u], guest.Reports);
        Assert.Equal(0x1234_5679UL, guest.Processor.X64.GetMsr(ScratchMsr));
        Assert.Equal([0x1122334455667788], device.Written);
        Assert.Equal((0xddccbbaaUL, 0x99887766UL), (guest.Processor.X64.General.Rbx, guest.Processor.X64.General.Rsi));
    }

    // General registers, flags, vector registers, an MSR and the stack take part. Hosts without hardware virtualization of their own
    // interpret guests, and know few vector instructions: moves carry the sum from register to register.
    private static void LoadChecksum(RunningGuest guest, uint lastRound)
    {
        guest.Partition.Memory.Write(LastRoundGpa, lastRound);
        guest.Load(64, WriteChecksum);
    }

    private static void WriteChecksum(Assembler a)
    {
        Label again = a.CreateLabel();
        Label quiet = a.CreateLabel();
        a.xor(r12d, r12d);
        a.mov(r13d, 0x12345);
        a.movq(xmm9, r13);
        a.Label(ref again);
        a.inc(r12d);
        a.mov(__dword_ptr[(int)RoundGpa], r12d);
        a.imul(r13, r13, 0x10dcd);
        a.add(r13, 7);

        // The flags as LAHF and SETO give them: of PUSHF that meets a page for the first time, as it does after each move, QEMU's
        // software processor gets the adjust flag wrong.
        a.lahf();
        a.seto(al);
        a.movzx(r8d, ax);
        a.add(r13, r8);
        a.movq(r9, xmm9);
        a.movq(xmm4, r13);
        a.movdqa(xmm9, xmm4);
        a.xor(r13, r9);
        a.test(r12d, 0xff);
        a.jne(quiet);
        a.mov(ecx, ScratchMsr);
        a.rdmsr();
        a.xor(eax, r13d);
        a.xor(edx, edx);
        a.wrmsr();
        a.push(rax);
        a.pop(rax);
        a.@out((byte)RunningGuest.ReportPort, eax);
        a.Label(ref quiet);
        a.cmp(r12d, __dword_ptr[(int)LastRoundGpa]);
        a.jne(again);
        a.movq(rax, xmm9);
        a.@out((byte)RunningGuest.ReportPort, eax);
        a.@out((byte)RunningGuest.EndPort, al);
    }

    // Kicks it out once it has begun another round, and somewhat later, by a thread of its own: those of the pool may all be waiting.
    private static void RunUntilKicked(RunningGuest guest, int laterSpins)
    {
        uint before = guest.Partition.Memory.Read<uint>(RoundGpa);
        bool isFurther = false;
        using CancellationTokenSource stop = new();
        Thread kicker = new(() =>
        {
            isFurther = SpinWait.SpinUntil(() => guest.Partition.Memory.Read<uint>(RoundGpa) != before, RunningGuest.TooLong);
            Thread.SpinWait(laterSpins);
            stop.Cancel();
        });
        kicker.Start();
        RunResult result;
        try
        {
            result = guest.Loop.Run(stop.Token);
        }
        finally
        {
            kicker.Join();
        }

        Assert.True(result.End == RunEnd.Requested, $"{result.End} {result.Detail} {result.Fault} {string.Join("; ", guest.Refusals)}");
        Assert.True(isFurther, $"the guest does not get on behind round {before}");
    }

    private static RunningGuest MoveToFreshPartition(RunningGuest guest)
    {
        byte[] state = guest.Processor.SaveState().ToArray();
        RunningGuest next = new();
        foreach (Memory.MemoryRegion region in guest.Partition.Memory.Regions)
        {
            guest.Partition.Memory.GetSpan(region.Gpa, (int)region.SizeBytes)
                .CopyTo(next.Partition.Memory.GetSpan(region.Gpa, (int)region.SizeBytes));
        }

        next.Processor.RestoreState(VpState.Parse(state));
        return next;
    }

    private sealed class MsrDevice : IMsrHandler
    {
        internal List<ulong> Written { get; } = [];

        public bool TryRead(uint vpIndex, uint msr, out ulong value)
        {
            value = 0x99887766_ddccbbaa;
            return msr == DeviceMsr;
        }

        public bool TryWrite(uint vpIndex, uint msr, ulong value)
        {
            Written.Add(value);
            return msr == DeviceMsr;
        }
    }
}
