using HvBindgen.Mshv.Abi.X64;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Guests that go through call gates, and from task to task.</summary>
public sealed class GateGuests
{
    private const ulong Gdt = RunningGuest.DataGpa;
    private const ulong Pointer = RunningGuest.DataGpa + 0x100;
    private const ulong FirstTask = RunningGuest.DataGpa + 0x200;
    private const ulong SecondTask = RunningGuest.DataGpa + 0x300;
    private const ulong Target = RunningGuest.CodeGpa + 0x400;
    private const ulong SecondStack = 0x8000;
    private const ulong NarrowTarget = 0xB000; // an address of 16 bits
    private const ushort Code = 0x08;
    private const ushort Data = 0x10;
    private const ushort First = 0x18;
    private const ushort Second = 0x20;
    private const ushort Gate = 0x28;
    private const uint Nested = 1 << 14;
    private const uint DataDescriptor = 0x00CF_9300;
    private const ulong TaskDescriptor = 0x0000_8900_0000_0067;
    private const ulong NarrowTaskDescriptor = 0x0000_8100_0000_002B;

    [Fact]
    public void A_call_through_a_gate_of_64_bits_comes_back()
    {
        using RunningGuest guest = new();
        WriteDescriptors(guest, 0x00AF_9B00);
        guest.Partition.Memory.Write(Gdt + Gate, (Target & 0xFFFF) | ((ulong)Code << 16) | 0x8C00_0000_0000 | (Target >> 16 << 48));
        guest.Partition.Memory.Write(Pointer, 0u);
        guest.Partition.Memory.Write(Pointer + 4, Gate);
        WriteTarget(guest, 64, a =>
        {
            a.mov(eax, (uint)RunningGuest.StackTop);
            a.sub(eax, esp);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.retf();
        });
        guest.Load(64, a =>
        {
            a.call(__fword_ptr[Pointer]);
            a.mov(eax, (uint)RunningGuest.StackTop);
            a.sub(eax, esp);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        LoadDescriptors(guest);

        guest.RunToEnd(mayBeRefused: true);

        // A selector and an address.
        Assert.Equal([16u, 0u], guest.Reports);
    }

    [Fact]
    public void A_call_of_a_task_nests_it_and_IRET_goes_back()
    {
        using RunningGuest guest = new();
        WriteDescriptors(guest, 0x00CF_9B00);
        guest.Partition.Memory.Write(Gdt + First, TaskDescriptor | (FirstTask << 16));
        guest.Partition.Memory.Write(Gdt + Second, TaskDescriptor | (SecondTask << 16));
        guest.Partition.Memory.Write(SecondTask + 0x20, (uint)Target);
        guest.Partition.Memory.Write(SecondTask + 0x24, 2u);
        guest.Partition.Memory.Write(SecondTask + 0x38, (uint)SecondStack);
        for (ulong segment = 0; segment < 6; segment++)
        {
            guest.Partition.Memory.Write(SecondTask + 0x48 + (segment * 4), (uint)(segment == 1 ? Code : Data));
        }

        WriteTarget(guest, 32, a =>
        {
            a.pushfd();
            a.pop(eax);
            a.and(eax, (int)Nested);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.movzx(eax, __word_ptr[SecondTask]);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(eax, esp);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(ebx, 0x99);
            a.iretd();
        });
        guest.Load(32, a =>
        {
            BeginFirst(a);
            a.mov(ebx, 0x55);
            a.call(Second, 0u);
            a.mov(eax, ebx);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.str(eax);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(eax, __dword_ptr[Gdt + Second + 4]);
            a.shr(eax, 8);
            a.and(eax, 0xF);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        LoadDescriptors(guest);

        guest.RunToEnd(mayBeRefused: true);

        // In the second task; then the first one's register and segment, and that the second is available again.
        Assert.Equal([Nested, First, (uint)SecondStack, 0x55u, First, 9u], guest.Reports);
    }

    [Fact]
    public void A_call_of_a_task_of_16_bits_changes_the_lower_halves_of_registers()
    {
        const uint Pattern = 0xAAAA_5555;
        using RunningGuest guest = new();
        WriteDescriptors(guest, 0x00CF_9B00);
        guest.Partition.Memory.Write(Gdt + First, TaskDescriptor | (FirstTask << 16));
        guest.Partition.Memory.Write(Gdt + Second, NarrowTaskDescriptor | (SecondTask << 16));
        WriteNarrowTask(guest);
        guest.Partition.Memory.Write(NarrowTarget, RunningGuest.Assemble(
            32,
            a =>
            {
                a.@out((byte)RunningGuest.ReportPort, eax);
                a.pushfd();
                a.pop(eax);
                a.and(eax, (int)Nested);
                a.@out((byte)RunningGuest.ReportPort, eax);
                a.movzx(eax, __word_ptr[SecondTask]);
                a.@out((byte)RunningGuest.ReportPort, eax);
                a.mov(eax, esp);
                a.@out((byte)RunningGuest.ReportPort, eax);
                a.mov(ebx, 0x7777_0099);
                a.iretd();
            },
            NarrowTarget));
        guest.Load(32, a =>
        {
            BeginFirst(a);
            a.mov(eax, Pattern);
            a.mov(ebx, Pattern);
            a.call(Second, 0u);
            a.mov(eax, ebx);
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.mov(eax, __dword_ptr[SecondTask + 0x16]); // what was saved of DX and BX
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.movzx(eax, __word_ptr[SecondTask + 0x2A]); // behind what is saved
            a.@out((byte)RunningGuest.ReportPort, eax);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        LoadDescriptors(guest);

        guest.RunToEnd(mayBeRefused: true);

        Assert.Equal([(Pattern & 0xFFFF_0000) | 0x1234, Nested, First, (uint)SecondStack, Pattern, 0x0099_0000u, 0u], guest.Reports);
    }

    private static void BeginFirst(Assembler a)
    {
        a.mov(ax, Data);
        a.mov(ds, ax);
        a.mov(es, ax);
        a.mov(fs, ax);
        a.mov(gs, ax);
        a.mov(ss, ax);
        a.mov(ax, First);
        a.ltr(ax);
    }

    // IP, flags, AX, SP and four segments; zero where nothing is written.
    private static void WriteNarrowTask(RunningGuest guest)
    {
        foreach ((ulong offset, ushort value) in (ReadOnlySpan<(ulong, ushort)>)
            [(0x0E, (ushort)NarrowTarget), (0x10, 2), (0x12, 0x1234), (0x1A, (ushort)SecondStack), (0x22, Data), (0x24, Code), (0x26, Data),
             (0x28, Data)])
        {
            guest.Partition.Memory.Write(SecondTask + offset, value);
        }
    }

    private static void WriteTarget(RunningGuest guest, int bits, Action<Assembler> write) =>
        guest.Partition.Memory.Write(Target, RunningGuest.Assemble(bits, write, Target));

    private static void WriteDescriptors(RunningGuest guest, uint code)
    {
        guest.Partition.Memory.Write(Gdt + Code, ((ulong)code << 32) | 0xFFFF);
        guest.Partition.Memory.Write(Gdt + Data, ((ulong)DataDescriptor << 32) | 0xFFFF);
    }

    private static void LoadDescriptors(RunningGuest guest)
    {
        hv_register_value table = default;
        table.table.@base = Gdt;
        table.table.limit = 0xFF;
        guest.Processor.Registers.Set(hv_register_name.HV_X64_REGISTER_GDTR, table);
    }
}
