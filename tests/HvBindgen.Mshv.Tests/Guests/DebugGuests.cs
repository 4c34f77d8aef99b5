using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Guests that debug themselves by debug registers.</summary>
public sealed class DebugGuests
{
    private const byte DebugVector = 1;
    private const uint ResumeFlag = 1 << 16;

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
