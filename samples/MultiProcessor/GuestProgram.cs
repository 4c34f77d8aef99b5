using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace MultiProcessor;

/// <summary>
/// The guest: processor 0 starts processor 1 and sends it an interrupt; from then on each answers the other's interrupt with one of
/// its own. In between both wait in HLT. 16-bit code, as that is what a processor starts in.
/// </summary>
internal static class GuestProgram
{
    /// <summary>Where processor 0 starts.</summary>
    public const ulong BootGpa = 0x1000;

    /// <summary>A write to this port switches the machine off.</summary>
    public const byte PowerPort = 0xf4;

    // What the processors share with each other and with the host: dwords.
    private const int Pings = 0x5000;
    private const int Pongs = 0x5004;
    private const int Limit = 0x5008;
    private const int SecondApicId = 0x500c;
    private const int SecondIsUp = 0x5010;

    // Each routine lies at the start of a segment of its own, so that its offset is zero.
    private const ulong PingGpa = 0x2000;
    private const ulong PongGpa = 0x3000;
    private const ulong SecondGpa = 0x8000;
    private const ushort FirstStack = 0x7000;
    private const ushort SecondStack = 0x7800;
    private const byte PingVector = 0x40;
    private const byte PongVector = 0x41;

    private const uint ApicBaseMsr = 0x1b;
    private const uint ApicIdMsr = 0x802;
    private const uint ApicEndOfInterruptMsr = 0x80b;
    private const uint ApicSpuriousMsr = 0x80f;
    private const uint ApicCommandMsr = 0x830;

    // Commands: delivery mode in bits 8 to 10, the level bit, and a vector; of a start-up the page where it begins.
    private const uint Asserted = 1 << 14;
    private const uint Init = Asserted | (5 << 8);
    private const uint StartUp = Asserted | (6 << 8) | (uint)(SecondGpa >> 12);

    /// <summary>What the guest has counted in memory.</summary>
    /// <param name="Pings">Interrupts that processor 1 took.</param>
    /// <param name="Pongs">Interrupts that processor 0 took.</param>
    /// <param name="SecondApicId">APIC id that processor 1 found when it started; null before that.</param>
    public readonly record struct Counts(uint Pings, uint Pongs, uint? SecondApicId);

    /// <summary>Places the program and its interrupt table.</summary>
    /// <param name="memory">Guest memory, zeroed.</param>
    public static void Load(GuestAddressSpace memory)
    {
        Place(memory, BootGpa, Boot);
        Place(memory, SecondGpa, Second);
        Place(memory, PingGpa, OnPing);
        Place(memory, PongGpa, OnPong);
        memory.Write(4 * PingVector, (uint)(PingGpa >> 4) << 16); // segment and offset
        memory.Write(4 * PongVector, (uint)(PongGpa >> 4) << 16);
        SetLimit(memory, uint.MaxValue);
    }

    /// <summary>Tells the guest when to switch itself off.</summary>
    /// <param name="memory">Guest memory.</param>
    /// <param name="pongs">Number of interrupts that processor 0 takes before.</param>
    public static void SetLimit(GuestAddressSpace memory, uint pongs) => memory.Write(Limit, pongs);

    /// <summary>Reads what the guest has counted; it may be counting on meanwhile.</summary>
    /// <param name="memory">Guest memory.</param>
    public static Counts ReadCounts(GuestAddressSpace memory) => new(
        memory.Read<uint>(Pings),
        memory.Read<uint>(Pongs),
        memory.Read<uint>(SecondIsUp) == 0 ? null : memory.Read<uint>(SecondApicId));

    private static void Place(GuestAddressSpace memory, ulong gpa, Action<Assembler> write)
    {
        Assembler assembler = new(16);
        write(assembler);
        MemoryStream code = new();
        assembler.Assemble(new StreamCodeWriter(code), 0);
        FlatImage.Load(memory, gpa, code.ToArray());
    }

    private static void Boot(Assembler a)
    {
        Label wait = a.CreateLabel();
        Prepare(a, FirstStack);
        Send(a, 1, Init);
        Send(a, 1, StartUp);
        a.Label(ref wait);
        a.pause();
        a.cmp(__dword_ptr[SecondIsUp], 0);
        a.je(wait);
        Send(a, 1, PingVector);
        Idle(a);
    }

    private static void Second(Assembler a)
    {
        Prepare(a, SecondStack);
        a.mov(ecx, ApicIdMsr);
        a.rdmsr();
        a.mov(__dword_ptr[SecondApicId], eax);
        a.mov(__dword_ptr[SecondIsUp], 1);
        Idle(a);
    }

    private static void OnPing(Assembler a)
    {
        a.inc(ebx);
        a.inc(__dword_ptr[Pings]);
        EndInterrupt(a);
        Send(a, 0, PongVector);
        a.iret();
    }

    private static void OnPong(Assembler a)
    {
        Label off = a.CreateLabel();
        a.inc(ebx);
        a.inc(__dword_ptr[Pongs]);
        EndInterrupt(a);
        a.mov(eax, __dword_ptr[Limit]);
        a.cmp(__dword_ptr[Pongs], eax);
        a.jae(off);
        Send(a, 1, PingVector);
        a.iret();
        a.Label(ref off);
        a.@out(PowerPort, al);
        a.hlt();
    }

    // Data and stack in the first 64 KiB; EBX counts; the APIC in x2APIC mode, where its registers are MSRs, and on.
    private static void Prepare(Assembler a, ushort stack)
    {
        a.cli();
        a.xor(ebx, ebx);
        a.mov(ds, bx);
        a.mov(ss, bx);
        a.mov(sp, stack);
        a.mov(ecx, ApicBaseMsr);
        a.rdmsr();
        a.or(eax, 0xc00);
        a.wrmsr();
        a.mov(ecx, ApicSpuriousMsr);
        a.mov(eax, 0x1ff);
        a.xor(edx, edx);
        a.wrmsr();
    }

    private static void Send(Assembler a, uint apicId, uint command)
    {
        a.mov(ecx, ApicCommandMsr);
        a.mov(edx, apicId);
        a.mov(eax, command);
        a.wrmsr();
    }

    private static void EndInterrupt(Assembler a)
    {
        a.mov(ecx, ApicEndOfInterruptMsr);
        a.xor(eax, eax);
        a.xor(edx, edx);
        a.wrmsr();
    }

    // Only the interrupts use registers, so they need not save any.
    private static void Idle(Assembler a)
    {
        Label idle = a.CreateLabel();
        a.Label(ref idle);
        a.sti();
        a.hlt();
        a.jmp(idle);
    }
}
