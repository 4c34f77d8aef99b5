using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Guests with process contexts (PCID).</summary>
public sealed class ProcessContextGuests
{
    private const int FeatureBit = 17;
    private const uint Absent = 0xABBA;
    private const ulong Descriptor = RunningGuest.DataGpa;
    private const ulong Table = 0x11_0000;
    private const ulong Window = 0x18_0000;
    private const ulong FirstPage = 0x19_0000;
    private const ulong SecondPage = 0x1A_0000;
    private const ulong PresentWritable = 3;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Each_kind_of_INVPCID_makes_a_change_of_the_page_tables_known(int kind)
    {
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            Begin(a);
            Report(a, __dword_ptr[Window]);
            a.mov(__qword_ptr[Table + ((Window >> 12) * 8)], (int)(SecondPage | PresentWritable));
            a.mov(ebx, kind);
            a.invpcid(rbx, __[Descriptor]);
            Report(a, __dword_ptr[Window]);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        Prepare(guest);

        guest.RunToEnd(mayBeRefused: true);

        Assert.SkipWhen(guest.Reports.Contains(Absent), "this processor has no process contexts");
        Assert.Equal([0x1111u, 0x2222u], guest.Reports);
    }

    [Fact]
    public void What_is_not_allowed_with_process_contexts_faults()
    {
        const int GeneralProtection = 13;
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            Begin(a);

            // A context of 13 bits; a kind that there is not; an address that is none; the end of paging.
            Try(a, () =>
            {
                a.mov(ebx, 1);
                a.mov(__qword_ptr[Descriptor], 0x1000);
                a.invpcid(rbx, __[Descriptor]);
            });
            Try(a, () =>
            {
                a.mov(ebx, 4);
                a.mov(__qword_ptr[Descriptor], 1);
                a.invpcid(rbx, __[Descriptor]);
            });
            Try(a, () =>
            {
                a.xor(ebx, ebx);
                a.mov(rax, 0x8000_0000_0000);
                a.mov(__[Descriptor + 8], rax);
                a.invpcid(rbx, __[Descriptor]);
            });
            Try(a, () =>
            {
                a.mov(rax, cr0);
                a.btr(rax, 31);
                a.mov(cr0, rax);
            });

            // With contexts bit 63 of CR3 is for that instruction alone; without them it is reserved.
            a.mov(rax, cr3);
            a.bts(rax, 63);
            a.mov(cr3, rax);
            a.mov(rax, cr3);
            a.shr(rax, 32);
            a.@out((byte)RunningGuest.ReportPort, eax);
            Try(a, () =>
            {
                a.mov(rax, cr4);
                a.btr(rax, FeatureBit);
                a.mov(cr4, rax);
                a.mov(rax, cr3);
                a.bts(rax, 63);
                a.mov(cr3, rax);
            });

            // CR3 still names the context.
            Try(a, () =>
            {
                a.mov(rax, cr4);
                a.bts(rax, FeatureBit);
                a.mov(cr4, rax);
            });
            a.@out((byte)RunningGuest.EndPort, al);
        });
        Prepare(guest);

        // Reports the fault and goes on where R15 says.
        FaultGuests.InstallHandler(guest, GeneralProtection, a =>
        {
            a.mov(eax, GeneralProtection);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.pop(rax);
            a.mov(__[rsp], r15);
            a.iretq();
        });

        guest.RunToEnd(mayBeRefused: true);

        Assert.SkipWhen(guest.Reports.Contains(Absent), "this processor has no process contexts");
        Assert.Equal([13u, 13u, 13u, 13u, 0u, 13u, 13u], guest.Reports);
    }

    private static void Try(Assembler a, Action write)
    {
        Label behind = a.CreateLabel();
        a.lea(r15, __[behind]);
        write();
        a.Label(ref behind);
    }

    // Ends where there is no such feature; else turns it on and goes to context 1.
    private static void Begin(Assembler a)
    {
        Label isThere = a.CreateLabel();
        Label isWhole = a.CreateLabel();
        Label end = a.CreateLabel();
        a.mov(eax, 1);
        a.cpuid();
        a.bt(ecx, FeatureBit);
        a.jnc(end);
        a.mov(eax, 7);
        a.xor(ecx, ecx);
        a.cpuid();
        a.bt(ebx, 10); // INVPCID
        a.jc(isThere);
        a.Label(ref end);
        a.mov(eax, Absent);
        a.@out((byte)RunningGuest.ReportPort, eax);
        a.@out((byte)RunningGuest.EndPort, al);
        a.jmp(isWhole);
        a.Label(ref isThere);
        a.mov(rax, cr4);
        a.bts(rax, FeatureBit);
        a.mov(cr4, rax);
        a.mov(rax, cr3);
        a.or(rax, 1);
        a.mov(cr3, rax);
        a.Label(ref isWhole);
    }

    private static void Report(Assembler a, AssemblerMemoryOperand what)
    {
        a.mov(eax, what);
        a.@out((byte)RunningGuest.ReportPort, eax);
    }

    // The first 2 MiB in pages of 4 KiB; one of them leads elsewhere.
    private static void Prepare(RunningGuest guest)
    {
        for (ulong page = 0; page < 512; page++)
        {
            ulong gpa = page << 12;
            guest.Partition.Memory.Write(Table + (page * 8), (gpa == Window ? FirstPage : gpa) | PresentWritable);
        }

        const ulong FirstDirectory = RunningGuest.PageTablesGpa + 0x2000;
        guest.Partition.Memory.Write(FirstDirectory, Table | PresentWritable);
        guest.Partition.Memory.Write(FirstPage, 0x1111u);
        guest.Partition.Memory.Write(SecondPage, 0x2222u);
        guest.Partition.Memory.Write(Descriptor, 1UL);
        guest.Partition.Memory.Write(Descriptor + 8, Window);
    }
}
