using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Guests whose local APIC's timer waits for a time-stamp.</summary>
public sealed class DeadlineGuests
{
    private const int ApicBase = 0x1B;
    private const int Deadline = 0x6E0;
    private const int Spurious = 0x80F;
    private const int EndOfInterrupt = 0x80B;
    private const int TimerVector = 0x832;
    private const int FeatureBit = 24;
    private const int WaitsForDeadline = 2 << 17;
    private const byte Vector = 0x40;
    private const byte GeneralProtection = 13;
    private const int Soon = 1_000_000;
    private const int Far = 1 << 30;
    private const uint Absent = 0xABBA;

    [Fact]
    public void The_timer_fires_once_when_the_time_stamp_has_come_and_is_not_armed_then()
    {
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            Begin(a, WaitsForDeadline | Vector);
            Arm(a, Soon);
            WaitFor(a, 1);

            // The time-stamp counter had come to where it was to come.
            a.mov(rax, r10);
            a.sub(rax, r8);
            a.sar(rax, 63);
            a.@out((byte)RunningGuest.ReportPort, eax);
            ReportDeadline(a);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        InstallHandler(guest);

        guest.RunToEnd(mayBeRefused: true);

        SkipWhereAbsent(guest);
        Assert.Equal([0u, 0u], guest.Reports);
    }

    [Fact]
    public void A_deadline_that_has_passed_fires_at_once()
    {
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            Begin(a, WaitsForDeadline | Vector);
            a.mov(ecx, Deadline);
            a.mov(eax, 1);
            a.xor(edx, edx);
            a.wrmsr();
            WaitFor(a, 1);
            ReportDeadline(a);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        InstallHandler(guest);

        guest.RunToEnd(mayBeRefused: true);

        SkipWhereAbsent(guest);
        Assert.Equal([0u], guest.Reports);
    }

    [Fact]
    public void A_deadline_of_zero_and_another_mode_disarm_the_timer()
    {
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            Begin(a, WaitsForDeadline | Vector);
            Arm(a, Far);
            ReportDeadline(a);
            a.xor(eax, eax);
            a.xor(edx, edx);
            a.wrmsr();
            ReportDeadline(a);

            // Another mode, in which the register takes nothing; the mode before does not have its deadline back.
            Arm(a, Far);
            Write(a, TimerVector, Vector);
            ReportDeadline(a);
            Arm(a, Far);
            ReportDeadline(a);
            Write(a, TimerVector, WaitsForDeadline | Vector);
            ReportDeadline(a);
            a.mov(eax, r9d);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        InstallHandler(guest);

        guest.RunToEnd(mayBeRefused: true);

        SkipWhereAbsent(guest);
        Assert.Equal([1u, 0u, 0u, 0u, 0u, 0u], guest.Reports);
    }

    private static void SkipWhereAbsent(RunningGuest guest) =>
        Assert.SkipWhen(guest.Reports.Contains(Absent), "the timer of this processor's APIC waits for no time-stamp");

    private static void Begin(Assembler a, int timerVector)
    {
        const int X2 = 0xC00;
        Label isThere = a.CreateLabel();
        a.mov(eax, 1);
        a.xor(ecx, ecx);
        a.cpuid();
        a.bt(ecx, FeatureBit);
        a.jc(isThere);
        a.mov(eax, Absent);
        a.@out((byte)RunningGuest.ReportPort, eax);
        a.@out((byte)RunningGuest.EndPort, al);
        a.Label(ref isThere);
        a.mov(ecx, ApicBase);
        a.rdmsr();
        a.or(eax, X2);
        a.wrmsr();
        Write(a, Spurious, 0x1FF);
        Write(a, TimerVector, timerVector);
        a.xor(r9d, r9d);
        a.sti();
    }

    private static void Write(Assembler a, int register, int value)
    {
        a.mov(ecx, register);
        a.mov(eax, value);
        a.xor(edx, edx);
        a.wrmsr();
    }

    // R8 is the deadline.
    private static void Arm(Assembler a, int ticks)
    {
        a.rdtsc();
        a.shl(rdx, 32);
        a.or(rax, rdx);
        a.add(rax, ticks);
        a.mov(r8, rax);
        a.mov(rdx, rax);
        a.shr(rdx, 32);
        a.mov(ecx, Deadline);
        a.wrmsr();
    }

    // Whether it is armed, and what stands there is what was written.
    private static void ReportDeadline(Assembler a)
    {
        a.mov(ecx, Deadline);
        a.rdmsr();
        a.shl(rdx, 32);
        a.or(rax, rdx);
        Label isNone = a.CreateLabel();
        a.jz(isNone);
        a.cmp(rax, r8);
        a.sete(al);
        a.movzx(eax, al);
        a.Label(ref isNone);
        a.@out((byte)RunningGuest.ReportPort, eax);
    }

    private static void WaitFor(Assembler a, int interrupts)
    {
        Label again = a.CreateLabel();
        a.Label(ref again);
        a.pause();
        a.cmp(r9d, interrupts);
        a.jb(again);
    }

    // R9 counts, R10 is the time-stamp of the last one.
    private static void InstallHandler(RunningGuest guest)
    {
        FaultGuests.InstallHandler(guest, Vector, a =>
        {
            a.push(rax);
            a.push(rcx);
            a.push(rdx);
            a.rdtsc();
            a.shl(rdx, 32);
            a.lea(r10, __[rax + rdx]);
            Write(a, EndOfInterrupt, 0);
            a.inc(r9d);
            a.pop(rdx);
            a.pop(rcx);
            a.pop(rax);
            a.iretq();
        });

        // A register that there is not, whatever CPUID says.
        FaultGuests.InstallHandler(guest, GeneralProtection, a =>
        {
            a.mov(eax, Absent);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.@out((byte)RunningGuest.EndPort, al);
        });
    }
}
