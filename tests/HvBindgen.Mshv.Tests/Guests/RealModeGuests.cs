using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Guests in real mode: their interrupt table, and what the limits of segments leave them.</summary>
public sealed class RealModeGuests
{
    private const ushort CodeSegment = (ushort)(RunningGuest.CodeGpa >> 4);
    private const ushort DataSegment = (ushort)(RunningGuest.DataGpa >> 4);
    private const ushort Handler = 0x400;
    private const ushort OtherHandler = 0x500;
    private const byte StackFault = 12;
    private const byte GeneralProtection = 13;
    private const byte Vector = 0x40;
    private const ulong High = RunningGuest.HighRamGpa + 0x1234;

    [Fact]
    public void An_interrupt_goes_through_the_table_that_LIDT_names()
    {
        const ulong OtherTable = RunningGuest.DataGpa + 0x100;
        using RunningGuest guest = new();
        guest.Load(16, a =>
        {
            LoadInterruptTable(a);
            a.@int(Vector);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        WriteTablePointer(guest, OtherTable, 0x3FF);
        SetVector(guest, 0, Vector, Handler);
        SetVector(guest, OtherTable, Vector, OtherHandler);
        WriteReport(guest, Handler, 1);
        WriteReport(guest, OtherHandler, 2);

        guest.RunToEnd(mayBeRefused: true);

        Assert.Equal([2u], guest.Reports);
    }

    [Fact]
    public void An_interrupt_pushes_flags_and_address_and_IRET_takes_them_back()
    {
        using RunningGuest guest = new();
        guest.Load(16, a =>
        {
            a.sti();
            a.stc();
            a.@int(Vector);
            a.pushf();
            a.pop(ax);
            a.and(ax, 0x201);
            a.@out((byte)RunningGuest.ReportPort, ax);
            a.mov(ax, sp);
            a.@out((byte)RunningGuest.ReportPort, ax);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        SetVector(guest, 0, Vector, Handler);
        WriteHandler(guest, Handler, a =>
        {
            a.pushf();
            a.pop(cx);
            a.mov(bp, sp);
            a.mov(ax, __word_ptr[bp + 2]);
            a.@out((byte)RunningGuest.ReportPort, ax);
            a.mov(ax, __word_ptr[bp + 4]);
            a.and(ax, 0x201);
            a.@out((byte)RunningGuest.ReportPort, ax);
            a.mov(ax, cx);
            a.and(ax, 0x201);
            a.@out((byte)RunningGuest.ReportPort, ax);
            a.iret();
        });

        guest.RunToEnd();

        // CS and flags on the stack; in the handler IF is clear and CF as before.
        Assert.Equal([CodeSegment, 0x201u, 1u, 0x201u, (uint)RunningGuest.StackTop], guest.Reports);
    }

    [Fact]
    public void An_access_over_the_end_of_a_segment_faults_by_the_segment_that_it_is_in()
    {
        using RunningGuest guest = new();
        guest.Load(16, a =>
        {
            a.mov(ax, DataSegment);
            a.mov(ds, ax);
            a.mov(ss, ax);
            a.mov(sp, 0x8000);
            a.mov(bx, 0xFFFF);
            a.mov(bp, bx);
            a.mov(al, __byte_ptr[bx]);
            a.mov(ax, __word_ptr[bx]); // two bytes
            a.mov(ax, __word_ptr[bp]); // two bytes and a displacement of none
            a.@out((byte)RunningGuest.EndPort, al);
        });
        SetVector(guest, 0, GeneralProtection, Handler);
        SetVector(guest, 0, StackFault, OtherHandler);
        WriteSkip(guest, Handler, GeneralProtection, instructionBytes: 2);
        WriteSkip(guest, OtherHandler, StackFault, instructionBytes: 3);

        guest.RunToEnd(mayBeRefused: true);

        Assert.SkipWhen(guest.Reports.IsEmpty && !Requirement.IsSoftware, "this processor does not look at the limits of segments");
        Assert.Equal([GeneralProtection, StackFault], guest.Reports);
    }

    [Fact]
    public void Addresses_of_16_bits_wrap_within_their_segment()
    {
        using RunningGuest guest = new();
        guest.Load(16, a =>
        {
            a.mov(ax, DataSegment);
            a.mov(ds, ax);
            a.mov(es, ax);
            a.mov(__byte_ptr[0], 0x44);
            a.mov(__byte_ptr[1], 0x55);
            a.mov(bx, 0xFFFF);
            a.mov(si, 2);
            a.xor(eax, eax);
            a.mov(al, __byte_ptr[bx + si]);
            a.@out((byte)RunningGuest.ReportPort, eax);

            // The index of a string does too, and leaves the upper half of its register.
            a.cld();
            a.mov(esi, 0x7777_FFFF);
            a.lodsb();
            a.lodsb();
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(eax, esi);
            a.@out((byte)RunningGuest.ReportPort, eax);

            // And the stack's pointer.
            a.mov(ax, DataSegment);
            a.mov(ss, ax);
            a.xor(sp, sp);
            a.push(0x66);
            a.movzx(eax, sp);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(al, __byte_ptr[0xFFFE]);
            a.@out((byte)RunningGuest.ReportPort, al);
            a.@out((byte)RunningGuest.EndPort, al);
        });

        guest.RunToEnd();

        Assert.Equal([0x55u, 0x44u, 0x7777_0001u, 0xFFFEu, 0x66u], guest.Reports);
    }

    [Fact]
    public void A_segment_keeps_the_limit_that_protected_mode_gave_it()
    {
        const ushort Flat = 8;
        using RunningGuest guest = new();
        guest.Load(16, a =>
        {
            a.mov(ax, DataSegment);
            a.mov(ds, ax);
            a.AddInstruction(Instruction.Create(Code.Lgdt_m1632, new MemoryOperand(Register.None, 0L, 2)));
            a.mov(eax, cr0);
            a.or(al, 1);
            a.mov(cr0, eax);
            a.mov(bx, Flat);
            a.mov(es, bx);
            a.and(al, 0xFE);
            a.mov(cr0, eax);
            a.xor(bx, bx);
            a.mov(es, bx);
            a.mov(ebx, (uint)High);
            a.mov(eax, __dword_ptr.es[ebx]);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        WriteTablePointer(guest, RunningGuest.DataGpa + 0x80, 0xF);
        guest.Partition.Memory.Write(RunningGuest.DataGpa + 0x80 + Flat, 0x008F_9300_0000_FFFFUL);
        guest.Partition.Memory.Write(High, 0x1234_5678u);

        guest.RunToEnd(mayBeRefused: true);

        Assert.Equal([0x1234_5678u], guest.Reports);
    }

    // From the start of the data.
    private static void LoadInterruptTable(Assembler a)
    {
        a.mov(ax, DataSegment);
        a.mov(ds, ax);
        a.AddInstruction(Instruction.Create(Code.Lidt_m1632, new MemoryOperand(Register.None, 0L, 2)));
    }

    private static void WriteTablePointer(RunningGuest guest, ulong @base, ushort limit)
    {
        guest.Partition.Memory.Write(RunningGuest.DataGpa, limit);
        guest.Partition.Memory.Write(RunningGuest.DataGpa + 2, (uint)@base);
    }

    private static void SetVector(RunningGuest guest, ulong table, byte vector, ushort offset) =>
        guest.Partition.Memory.Write(table + (vector * 4u), ((uint)CodeSegment << 16) | offset);

    private static void WriteHandler(RunningGuest guest, ushort offset, Action<Assembler> write) =>
        guest.Partition.Memory.Write(RunningGuest.CodeGpa + offset, RunningGuest.Assemble(16, write));

    private static void WriteReport(RunningGuest guest, ushort offset, byte number) => WriteHandler(guest, offset, a =>
    {
        a.mov(al, (sbyte)number);
        a.@out((byte)RunningGuest.ReportPort, al);
        a.iret();
    });

    private static void WriteSkip(RunningGuest guest, ushort offset, byte number, int instructionBytes) =>
        WriteHandler(guest, offset, a =>
        {
            a.push(bp);
            a.mov(bp, sp);
            a.add(__word_ptr[bp + 2], instructionBytes);
            a.mov(al, (sbyte)number);
            a.@out((byte)RunningGuest.ReportPort, al);
            a.pop(bp);
            a.iret();
        });
}
