using HvBindgen.Mshv.Abi.X64;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Guests whose supervisor is kept off the memory of users (SMAP).</summary>
public sealed class UserMemoryGuests
{
    // Memory once more, 2 MiB further up, for users.
    private const ulong Window = 0x20_0000;
    private const ulong Shown = Window + RunningGuest.DataGpa;
    private const ulong Gdt = RunningGuest.DataGpa + 0x100;
    private const ulong Ldt = Shown + 0x200;
    private const ulong UserCode = RunningGuest.CodeGpa + 0x200;
    private const ushort UserData = 0x18;
    private const ushort UserCode64 = 0x20;
    private const ushort LocalTable = 0x28;
    private const int SmapBit = 21;
    private const int FeatureBit = 20;
    private const int AlignmentCheck = 1 << 18;
    private const int AllPorts = 3 << 12;
    private const uint Absent = 0xABBA;
    private const byte InvalidOpcode = 6;
    private const byte PageFault = 14;

    [Fact]
    public void The_supervisor_reads_and_writes_memory_of_users_only_while_AC_is_set()
    {
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            TurnOn(a);
            Try(a, () => a.mov(eax, __dword_ptr[Shown]));
            a.stac();
            Try(a, () => a.mov(eax, __dword_ptr[Shown]));
            Try(a, () => a.mov(__dword_ptr[Shown], 0x77));
            a.clac();
            Try(a, () => a.mov(__dword_ptr[Shown + 8], eax));
            Try(a, () => a.mov(eax, __dword_ptr[RunningGuest.DataGpa]));
            a.@out((byte)RunningGuest.EndPort, al);
        });
        Prepare(guest);

        guest.RunToEnd(mayBeRefused: true);

        Assert.SkipWhen(guest.Reports.Contains(Absent), "this processor cannot keep the supervisor off the memory of users");

        // The error code and the address of a fault; else what is in the register behind it.
        Assert.Equal([1u, (uint)Shown, 0x55u, 0x55u, 3u, (uint)Shown + 8, 0x77u], guest.Reports);
    }

    [Fact]
    public void What_the_processor_reads_on_behalf_of_a_program_is_no_matter_of_its_AC()
    {
        using RunningGuest guest = new();
        guest.Load(64, a =>
        {
            TurnOn(a);
            a.mov(eax, LocalTable);
            a.lldt(ax);
            a.push(UserData | 3);
            a.push((int)(Window + RunningGuest.StackTop));
            a.push(2 | AlignmentCheck | AllPorts);
            a.push(UserCode64 | 3);
            a.push((int)(Window + UserCode));
            a.iretq();
        });
        Prepare(guest);
        guest.Partition.Memory.Write(UserCode, RunningGuest.Assemble(
            64,
            a =>
            {
                // It may read its own memory, but not have its segments described there, and not change AC by name.
                Try(a, () => a.mov(eax, __dword_ptr[Shown]));
                a.mov(ecx, 7);
                Try(a, () => a.mov(fs, cx));
                Try(a, () => a.stac());
                a.@out((byte)RunningGuest.EndPort, al);
            },
            Window + UserCode));

        guest.RunToEnd(mayBeRefused: true);

        Assert.SkipWhen(guest.Reports.Contains(Absent), "this processor cannot keep the supervisor off the memory of users");
        Assert.Equal([0x55u, 1u, (uint)Ldt, InvalidOpcode], guest.Reports);
    }

    private static void TurnOn(Assembler a)
    {
        Label isThere = a.CreateLabel();
        a.mov(eax, 7);
        a.xor(ecx, ecx);
        a.cpuid();
        a.bt(ebx, FeatureBit);
        a.jc(isThere);
        a.mov(eax, Absent);
        a.@out((byte)RunningGuest.ReportPort, eax);
        a.@out((byte)RunningGuest.EndPort, al);
        a.Label(ref isThere);
        a.mov(rax, cr4);
        a.bts(rax, SmapBit);
        a.mov(cr4, rax);
    }

    // Reports EAX behind an instruction; a fault goes on behind it too, having reported for itself.
    private static void Try(Assembler a, Action write)
    {
        Label behind = a.CreateLabel();
        a.lea(r14, __[behind]);
        write();
        a.@out((byte)RunningGuest.ReportPort, eax);
        a.Label(ref behind);
        a.nop();
    }

    private static void Prepare(RunningGuest guest)
    {
        const ulong PresentWritableUser = 7;
        const ulong Large = 0x80;
        const ulong RowBytes = 0x1000;
        ulong tables = RunningGuest.PageTablesGpa;
        guest.Partition.Memory.Write(tables, (tables + RowBytes) | PresentWritableUser);
        guest.Partition.Memory.Write(tables + RowBytes, (tables + (2 * RowBytes)) | PresentWritableUser);
        guest.Partition.Memory.Write(tables + (2 * RowBytes) + 8, PresentWritableUser | Large);
        guest.Partition.Memory.Write(RunningGuest.DataGpa, 0x55u);
        ReadOnlySpan<ulong> segments =
        [
            0, 0x00AF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF, 0x00CF_F300_0000_FFFF, 0x00AF_FB00_0000_FFFF,
            0x0000_8200_0000_000F | ((Ldt & 0xFF_FFFF) << 16), 0,
        ];
        for (int index = 0; index < segments.Length; index++)
        {
            guest.Partition.Memory.Write(Gdt + ((ulong)index * 8), segments[index]);
        }

        guest.Partition.Memory.Write(Ldt - Window, 0x00CF_F300_0000_FFFF);

        // The task's state lies at 0: its stack of the highest privilege.
        guest.Partition.Memory.Write(4, RunningGuest.StackTop - 0x400);
        hv_register_value table = default;
        table.table.@base = Gdt;
        table.table.limit = 0x37;
        guest.Processor.Registers.Set(hv_register_name.HV_X64_REGISTER_GDTR, table);
        FaultGuests.InstallHandler(guest, PageFault, a =>
        {
            a.pop(rax);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(rax, cr2);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(__qword_ptr[rsp], r14);
            a.iretq();
        });
        FaultGuests.InstallHandler(guest, InvalidOpcode, a =>
        {
            a.mov(eax, InvalidOpcode);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(__qword_ptr[rsp], r14);
            a.iretq();
        });
    }
}
