using HvBindgen.Mshv.Tests.Emulator;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Guests that debug themselves by debug registers.</summary>
public sealed class DebugGuests
{
    private const byte DebugVector = 1;
    private const uint ResumeFlag = 1 << 16;
    private const int TrapFlag = 1 << 8;

    [Fact]
    public void A_breakpoint_on_an_instruction_is_met_before_it()
    {
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            Label target = a.CreateLabel();
            a.xor(ebx, ebx);
            a.lea(rax, __[target]);
            a.mov(dr0, rax);
            a.mov(eax, 0x401);
            a.mov(dr7, rax);
            a.Label(ref target);
            a.inc(ebx);
            a.mov(eax, ebx);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        InstallReport(guest, isFault: true);

        guest.RunToEnd();

        Assert.Equal([0xFFFF_0FF1, 0u, 1u], guest.Reports);
    }

    [Fact]
    public void Breakpoints_on_data_are_met_behind_writes_or_reads()
    {
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            a.xor(ebx, ebx);
            a.mov(eax, (uint)RunningGuest.DataGpa);
            a.mov(dr1, rax);
            a.add(eax, 16);
            a.mov(dr2, rax);
            a.mov(eax, 0x0FD0_0414); // four bytes written; four bytes read or written
            a.mov(dr7, rax);
            a.mov(eax, __dword_ptr[RunningGuest.DataGpa]);
            a.inc(ebx);
            a.mov(__byte_ptr[RunningGuest.DataGpa + 3], al);
            a.inc(ebx);
            a.mov(__byte_ptr[RunningGuest.DataGpa + 4], al);
            a.inc(ebx);
            a.mov(al, __byte_ptr[RunningGuest.DataGpa + 18]);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        InstallReport(guest, isFault: false);

        guest.RunToEnd();

        Assert.SkipWhen(guest.Reports.IsEmpty && !Requirement.IsSoftware, "this host's KVM meets no breakpoints on data");
        Assert.Equal([0xFFFF_0FF2, 1u, 0xFFFF_0FF4, 3u], guest.Reports);
    }

    [Fact]
    public void A_single_step_stops_behind_each_iteration_of_a_repeated_instruction()
    {
        RequireSteps();
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            a.mov(edi, (uint)RunningGuest.DataGpa);
            a.mov(ecx, 3);
            BeginSteps(a);
            a.rep.stosb();
            a.@out((byte)RunningGuest.EndPort, al);
        });
        InstallSteps(guest, ecx, last: 0);

        guest.RunToEnd(mayBeRefused: true);

        Assert.Equal([2u, 1u, 0u], guest.Reports);
    }

    [Fact]
    public void A_single_step_behind_a_load_of_SS_waits_for_the_instruction_after_it()
    {
        RequireSteps();
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            a.xor(ecx, ecx);
            a.mov(eax, ss);
            BeginSteps(a);
            a.mov(ss, eax);
            a.inc(ecx);
            a.inc(ecx);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        InstallSteps(guest, ecx, last: 2);

        guest.RunToEnd(mayBeRefused: true);

        Assert.Equal([1u, 2u], guest.Reports);
    }

    [Fact]
    public void An_access_to_debug_registers_is_detected_once()
    {
        const int Detect = 0x2400;
        const uint Detected = 1 << 13;
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            a.mov(ebx, 0x77);
            a.mov(dr0, rbx);
            a.mov(eax, Detect);
            a.mov(dr7, rax);
            a.mov(rbx, dr0);
            a.mov(eax, ebx);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        FaultGuests.InstallHandler(guest, DebugVector, a =>
        {
            a.mov(ebx, 0x88);
            a.mov(rax, dr6);
            a.and(eax, (int)Detected);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(rax, dr7);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.iretq();
        });

        guest.RunToEnd(mayBeRefused: true);

        // The handler may use them, and the instruction is carried out behind it.
        Assert.Equal([Detected, 0x400u, 0x77u], guest.Reports);
    }

    private static void RequireSteps()
    {
        Assert.SkipWhen(GuestDevice.IsDriver, "the KVM below the driver's hypervisor may have steps of its own");
        Assert.SkipUnless(ExactStops.AreThere, "this host's KVM carries out a kernel's instructions by itself, with steps of its own");
    }

    // The first step is behind the next instruction.
    private static void BeginSteps(Assembler a)
    {
        a.pushfq();
        a.or(__dword_ptr[rsp], TrapFlag);
        a.popfq();
    }

    // Reports a register at each step, and steps on until it has a value.
    private static void InstallSteps(RunningGuest guest, AssemblerRegister32 register, int last) =>
        FaultGuests.InstallHandler(guest, DebugVector, a =>
        {
            Label end = a.CreateLabel();
            a.push(rax);
            a.mov(eax, register);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.cmp(eax, last);
            a.jne(end);
            a.and(__dword_ptr[rsp + 24], ~TrapFlag);
            a.Label(ref end);
            a.pop(rax);
            a.iretq();
        });

    // Reports DR6 and EBX, and goes on.
    private static void InstallReport(RunningGuest guest, bool isFault) => FaultGuests.InstallHandler(guest, DebugVector, a =>
    {
        a.push(rax);
        a.mov(rax, dr6);
        a.@out((byte)RunningGuest.ReportPort, eax);
        a.mov(eax, 0xFFFF_0FF0);
        a.mov(dr6, rax);
        a.mov(eax, ebx);
        a.@out((byte)RunningGuest.ReportPort, eax);

        if (isFault)
        {
            a.or(__dword_ptr[rsp + 24], (int)ResumeFlag);
        }

        a.pop(rax);
        a.iretq();
    });
}
