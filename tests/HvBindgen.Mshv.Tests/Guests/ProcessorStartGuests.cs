using System.Buffers.Binary;
using HvBindgen.Mshv.Running;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Two processors: the first starts the second with INIT and a startup interrupt, then they send each other interrupts.</summary>
public sealed class ProcessorStartGuests
{
    private const int ApicBase = unchecked((int)0xfee00000);
    private const ulong IdtGpa = 0x600;
    private const ulong GdtGpa = 0x500;
    private const ulong StartupGpa = 0x3000;
    private const ulong ProtectedGpa = 0x4000;
    private const ulong PingHandlerGpa = 0x4100;
    private const ulong PongHandlerGpa = 0x4200;
    private const int ReadyGpa = 0x5000;
    private const int PingsGpa = 0x5004;
    private const int PongsGpa = 0x5008;
    private const byte PingVector = 0x50;
    private const byte PongVector = 0x51;

    [Fact]
    public void A_second_processor_starts_and_the_two_wake_each_other()
    {
        const int Rounds = 500;
        using RunningGuest guest = new(processorCount: 2);
        Load(guest, Rounds);

        guest.RunAllToEnd();

        Assert.Equal([(uint)Rounds, (uint)Rounds], guest.Reports);
    }

    [Fact]
    public void Processors_that_are_paused_and_resumed_lose_no_interrupt()
    {
        // User-mode Linux pauses with one processor what runs on others. A host that is busy elsewhere may come too late for many.
        int wanted = GuestDevice.IsDriver ? 1 : 11;
        int rounds = 2000;
        for (int pauses; (pauses = PausesOf(rounds)) < wanted; rounds *= 2)
        {
            Assert.True(rounds < 1_000_000, $"{pauses} pauses in {rounds} rounds");
        }
    }

    private static int PausesOf(int rounds)
    {
        using RunningGuest guest = new(processorCount: 2);
        Load(guest, rounds);
        using Machine machine = new(guest.Loops);
        machine.Start();
        int pauses = 0;
        while (machine.IsRunning && pauses < 200)
        {
            machine.Pause();
            uint pings = guest.Partition.Memory.Read<uint>(PingsGpa);
            Thread.SpinWait(2000);
            Assert.Equal(pings, guest.Partition.Memory.Read<uint>(PingsGpa));
            machine.Resume();
            pauses++;
            Thread.SpinWait(20_000);
        }

        Assert.Equal(RunEnd.PowerOff, machine.WaitForEnd(RunningGuest.TooLong)?.Result.End);
        Assert.Equal([(uint)rounds, (uint)rounds], guest.Reports);
        return pauses;
    }

    private static void Load(RunningGuest guest, int rounds)
    {
        Write(guest, StartupGpa,
        [
            0xfa, // cli
            0x8c, 0xc8, // mov ax, cs
            0x8e, 0xd8, // mov ds, ax
            0x66, 0x0f, 0x01, 0x16, 0x80, 0x00, // lgdt [0x80]
            0x0f, 0x20, 0xc0, // mov eax, cr0
            0x0c, 0x01, // or al, 1
            0x0f, 0x22, 0xc0, // mov cr0, eax
            0x66, 0xea, 0x00, 0x40, 0x00, 0x00, 0x08, 0x00, // jmp 8:0x4000
        ]);
        WriteTableRegister(guest, StartupGpa + 0x80, GdtGpa, 0x1f);
        WriteTableRegister(guest, StartupGpa + 0x90, IdtGpa, 0x3ff);
        WriteGate(guest, PingVector, PingHandlerGpa);
        WriteGate(guest, PongVector, PongHandlerGpa);
        Write(guest, ProtectedGpa, RunningGuest.Assemble(32, a =>
        {
            Label again = a.CreateLabel();
            a.mov(eax, 16);
            a.mov(ds, ax);
            a.mov(es, ax);
            a.mov(ss, ax);
            a.mov(esp, 0x8000);
            a.lidt(__[(int)StartupGpa + 0x90]);
            a.mov(__dword_ptr[ApicBase + 0xf0], 0x1ff);
            a.@lock.inc(__dword_ptr[ReadyGpa]);
            a.Label(ref again);
            a.sti();
            a.hlt();
            a.jmp(again);
        }, ProtectedGpa));
        Write(guest, PingHandlerGpa, RunningGuest.Assemble(32, a =>
        {
            a.mov(__dword_ptr[ApicBase + 0xb0], 0);
            a.@lock.inc(__dword_ptr[PingsGpa]);
            SendInterrupt(a, 0, PongVector);
            a.iretd();
        }, PingHandlerGpa));
        Write(guest, PongHandlerGpa, RunningGuest.Assemble(32, a =>
        {
            a.mov(__dword_ptr[ApicBase + 0xb0], 0);
            a.@lock.inc(__dword_ptr[PongsGpa]);
            a.iretd();
        }, PongHandlerGpa));
        guest.Load(32, a => Boot(a, rounds));
    }

    private static void Boot(Assembler a, int rounds)
    {
        Label waitForSecond = a.CreateLabel();
        Label next = a.CreateLabel();
        Label wait = a.CreateLabel();
        Label answered = a.CreateLabel();
        a.lidt(__[(int)StartupGpa + 0x90]);
        a.mov(__dword_ptr[ApicBase + 0xf0], 0x1ff);
        a.mov(__dword_ptr[ApicBase + 0x310], 1 << 24);
        a.mov(__dword_ptr[ApicBase + 0x300], 0x4500); // INIT
        a.mov(__dword_ptr[ApicBase + 0x310], 1 << 24);
        a.mov(__dword_ptr[ApicBase + 0x300], 0x4600 | (int)(StartupGpa >> 12)); // startup interrupt
        a.Label(ref waitForSecond);
        a.pause();
        a.cmp(__dword_ptr[ReadyGpa], 1);
        a.jne(waitForSecond);
        a.mov(esi, 1);
        a.Label(ref next);
        SendInterrupt(a, 1, PingVector);
        a.Label(ref wait);
        a.cli();
        a.cmp(__dword_ptr[PongsGpa], esi);
        a.je(answered);
        a.sti();
        a.hlt();
        a.jmp(wait);
        a.Label(ref answered);
        a.sti();
        a.inc(esi);
        a.cmp(esi, rounds);
        a.jle(next);
        a.mov(eax, __dword_ptr[PingsGpa]);
        a.@out((byte)RunningGuest.ReportPort, eax);
        a.mov(eax, __dword_ptr[PongsGpa]);
        a.@out((byte)RunningGuest.ReportPort, eax);
        a.@out((byte)RunningGuest.EndPort, al);
    }

    private static void SendInterrupt(Assembler a, int processor, byte vector)
    {
        a.mov(__dword_ptr[ApicBase + 0x310], processor << 24);
        a.mov(__dword_ptr[ApicBase + 0x300], 0x4000 | vector);
    }

    private static void Write(RunningGuest guest, ulong gpa, ReadOnlySpan<byte> bytes) => guest.Partition.Memory.Write(gpa, bytes);

    private static void WriteTableRegister(RunningGuest guest, ulong gpa, ulong table, ushort limit)
    {
        guest.Partition.Memory.Write(gpa, limit);
        guest.Partition.Memory.Write(gpa + 2, (uint)table);
    }

    private static void WriteGate(RunningGuest guest, byte vector, ulong handler)
    {
        Span<byte> gate = stackalloc byte[8];
        gate.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(gate, (ushort)handler);
        BinaryPrimitives.WriteUInt16LittleEndian(gate[2..], 8);
        gate[5] = 0x8e;
        BinaryPrimitives.WriteUInt16LittleEndian(gate[6..], (ushort)(handler >> 16));
        guest.Partition.Memory.Write(IdtGpa + (8UL * vector), gate);
    }
}
