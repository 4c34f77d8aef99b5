using HvBindgen.Emulation.X64;
using HvBindgen.Emulation.X64.Processor;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64.Processor;

/// <summary>Whole processors in states that nobody would set up: control registers, tables, pages and code made up at random.</summary>
public sealed class HostileSystemTests(ITestOutputHelper output)
{
    private const int ProgramsOfARound = 24;
    private const int TamePrograms = 10;
    private const int MostInstructions = 600;
    private const int MostStops = 40;
    private const int MadeUpBytes = 512;

    // Prefixes and the escapes of each map of opcodes: 0F, 0F 38, 0F 3A, VEX in two bytes and three, EVEX, XOP.
    private static readonly byte[][] Beginnings =
    [
        [], [], [], [0x0F], [0x0F], [0x0F, 0x38], [0x0F, 0x3A], [0x66, 0x0F], [0xF3, 0x0F], [0xF2, 0x0F], [0x66, 0x0F, 0x38],
        [0x66, 0x0F, 0x3A], [0xF3, 0x0F, 0x38], [0xF2, 0x0F, 0x38], [0xC5], [0xC4], [0x62], [0x8F], [0x48], [0x66], [0x67], [0xF0],
        [0xF3, 0x48, 0x0F], [0xF0, 0x48, 0x0F], [0xF3], [0xF2], [0x2E], [0x64], [0x65], [0xD9], [0xDB], [0xDD], [0xDF],
    ];

    // Instructions of the system, which noise alone seldom comes to: their first bytes, the rest is noise.
    private static readonly byte[][] OfTheSystem =
    [
        [0x0F, 0x00], [0x0F, 0x01], [0x0F, 0x02], [0x0F, 0x03], [0x0F, 0x05], [0x0F, 0x07], [0x0F, 0x20], [0x0F, 0x22], [0x0F, 0x21],
        [0x0F, 0x23], [0x0F, 0x30], [0x0F, 0x32], [0x0F, 0x34], [0x0F, 0x35], [0x0F, 0xA1], [0x0F, 0xA9], [0x0F, 0xAE], [0x0F, 0xC7],
        [0x0F, 0xB2], [0x8E], [0xCF], [0xCB], [0xCA], [0xCD], [0xCC], [0xEA], [0x9A], [0xFF], [0xF4], [0xFB], [0x9D], [0x17], [0x1F],
        [0x48, 0xCF], [0x48, 0xCB], [0x0F, 0x01, 0xD1], [0x0F, 0x01, 0xF8], [0x0F, 0x09], [0x0F, 0xA2],
    ];

    public static TheoryData<int> Seeds => [.. FuzzRounds.Seeds];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_state_of_a_system_throws_hangs_or_leaves_its_memory(int seed)
    {
        int[] stops = new int[Enum.GetValues<ProcessorStop>().Length];
        long instructions = 0;

        FuzzRounds.Repeat(seed, 24, 20_000, random =>
        {
            using ProcessorRig rig = new(bits: random.Next(3) switch { 0 => 16, 1 => 32, _ => 64 });
            X64State initial = rig.State;
            SystemTables tables = new(rig.Processor.System);

            for (int program = 0; program < ProgramsOfARound; program++)
            {
                if (program < TamePrograms)
                {
                    // On the tables and pages that its forerunners have left, which come further than those of noise.
                    rig.State = initial;
                    tables.ApplyTo(rig.Processor.System);
                    MakeUpCode(rig.Memory.Bytes.Slice((int)ProcessorRig.Code, MadeUpBytes), random);
                    MakeUpGeneral(ref rig.State, random);
                    rig.Processor.OnStateChanged();
                }
                else
                {
                    MakeUp(rig, random);
                }

                rig.Bus.Log.Clear();
                Run(rig, random, stops);
                Assert.True(rig.Memory.IsIntact, "memory outside the guest's has changed");
            }

            instructions += rig.Processor.InstructionCount;
        }, output.WriteLine);

        output.WriteLine($"{instructions} instructions, stops {string.Join(' ', stops)}");
        Assert.NotEqual(0, stops[(int)ProcessorStop.Unanswered]);
        Assert.NotEqual(0, stops[(int)ProcessorStop.Shutdown]);
        Assert.NotEqual(0, stops[(int)ProcessorStop.NoMemory]);
        Assert.True(instructions > 1000, $"only {instructions} instructions are carried out");
    }

    // As the client does: a stop is answered, or passed over, and the processor goes on.
    private static void Run(ProcessorRig rig, Random random, int[] counts)
    {
        X64Processor processor = rig.Processor;

        for (int stops = 0; stops < MostStops; stops++)
        {
            rig.Bus.Answer = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            rig.Bus.Patience = random.Next(6);
            rig.TimestampCounter += (uint)random.Next();
            long before = processor.InstructionCount;
            ProcessorStop stop = processor.Run(MostInstructions);
            counts[(int)stop]++;
            Assert.InRange(processor.InstructionCount - before, 0, MostInstructions);

            if (stop is ProcessorStop.Limit or ProcessorStop.Shutdown)
            {
                return;
            }

            if (random.Next(4) == 0)
            {
                rig.Interrupts.Enqueue((byte)random.Next(256));
                processor.NoticeInterrupt();
            }

            if (random.Next(16) == 0)
            {
                processor.NmiPending = true;
            }

            processor.Pending = random.Next(16) == 0
                ? new ProcessorEvent((EventKind)random.Next(4), (byte)random.Next(256), random.Next(2) == 0 ? null : (uint)random.Next())
                : processor.Pending;
            rig.State.Rip += (ulong)random.Next(1, 4);
        }
    }

    private static void MakeUp(ProcessorRig rig, Random random)
    {
        // Sometimes the memory that the last program left behind goes on.
        if (random.Next(4) != 0)
        {
            MakeUpMemory(rig, random);
        }

        string mode = ((ReadOnlySpan<string>)["none", "32-bit", "PAE", "4-level", "5-level"])[random.Next(5)];
        ref X64State state = ref rig.State;
        PagingState paging = RandomPaging.Registers(mode, random, 46);
        state.Cr0 = paging.Cr0 ^ (random.Next(3) == 0 ? (ulong)random.NextInt64() & 0xE005_003F : 0);
        state.Cr3 = paging.Cr3 ^ (random.Next(8) == 0 ? (ulong)random.NextInt64() : 0);
        state.Cr4 = paging.Cr4 | 0x4_0600 ^ (random.Next(3) == 0 ? (ulong)random.NextInt64() & 0x37_FFFF : 0);
        state.Efer = paging.Efer ^ (random.Next(4) == 0 ? (ulong)random.NextInt64() & 0xD01 : 0);
        state.Xcr0 = random.Next(3) == 0 ? (ulong)random.Next(8) : 7;
        state.Cr8 = (ulong)random.Next(16);
        state.Rflags = (ulong)random.NextInt64() & 0x3F_7FD7 | 2;
        state.Rip = random.Next(4) == 0 ? (ulong)random.NextInt64(long.MinValue, long.MaxValue) : ProcessorRig.Code;

        MakeUpGeneral(ref state, random);

        for (int segment = X64SegmentFile.Es; segment <= X64SegmentFile.Gs; segment++)
        {
            state.Segments[segment] = MakeUpSegment(random);
        }

        rig.Processor.System.Tr = MakeUpSegment(random);
        rig.Processor.System.Ldtr = MakeUpSegment(random);
        rig.Processor.System.Gdtr = MakeUpTable(random, ProcessorRig.Gdt);
        rig.Processor.System.Idtr = MakeUpTable(random, ProcessorRig.Idt);
        rig.Processor.InterceptedExceptions = random.Next(4) == 0 ? (uint)random.Next() : 0;
        rig.Processor.OnStateChanged();
    }

    private static void MakeUpGeneral(ref X64State state, Random random)
    {
        for (int register = 0; register < 16; register++)
        {
            state.Gpr[register] = random.Next(3) switch
            {
                0 => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
                1 => (ulong)random.Next(-64, 64),
                _ => (ulong)random.Next(X64Machine.RamBytes),
            };
        }
    }

    private static void MakeUpMemory(ProcessorRig rig, Random random)
    {
        int kind = random.Next(4);
        RandomPaging.FillTables(rig.Memory.Bytes[..0x1_0000], random, hasReserved: kind == 0, isPae: kind == 1, is32Bit: kind == 2);
        random.NextBytes(rig.Memory.Bytes.Slice((int)ProcessorRig.Gdt, 0x3000));

        foreach (ref ulong descriptor in rig.Memory.Words.Slice((int)(ProcessorRig.Gdt / 8), 0x3000 / 8))
        {
            // Present, most of them.
            descriptor |= random.Next(4) == 0 ? 0 : 1UL << 47;
        }

        for (ulong page = 0; page < X64Machine.RamBytes / 0x1000; page += (ulong)random.Next(1, 24))
        {
            MakeUpCode(rig.Memory.Bytes.Slice((int)page * 0x1000, MadeUpBytes), random);
        }

        MakeUpCode(rig.Memory.Bytes.Slice((int)ProcessorRig.Code, MadeUpBytes), random);
    }

    private static void MakeUpCode(Span<byte> code, Random random)
    {
        random.NextBytes(code);

        for (int at = 0; at < code.Length - 16; at += random.Next(1, 12))
        {
            byte[][] from = random.Next(3) == 0 ? OfTheSystem : Beginnings;
            byte[] beginning = from[random.Next(from.Length)];
            beginning.CopyTo(code[at..]);
            at += beginning.Length;
        }
    }

    private static X64SegmentState MakeUpSegment(Random random) => new()
    {
        Base = random.Next(2) == 0 ? 0 : (ulong)random.NextInt64(long.MinValue, long.MaxValue),
        Limit = random.Next(2) == 0 ? uint.MaxValue : (uint)random.Next(0x2_0000),
        Selector = (ushort)random.Next(0x1_0000),
        Attributes = random.Next(3) switch { 0 => (ushort)random.Next(0x1_0000), 1 => 0xC09B, _ => 0xA093 },
    };

    private static X64DescriptorTable MakeUpTable(Random random, ulong usual) => new(
        random.Next(4) == 0 ? (ulong)random.NextInt64(long.MinValue, long.MaxValue) : usual, (ushort)random.Next(0x1_0000));

    /// <summary>What registers of tables hold.</summary>
    private readonly struct SystemTables(SystemRegisters system)
    {
        private readonly X64DescriptorTable global = system.Gdtr;
        private readonly X64DescriptorTable interrupts = system.Idtr;
        private readonly X64SegmentState local = system.Ldtr;
        private readonly X64SegmentState task = system.Tr;

        internal void ApplyTo(SystemRegisters system)
        {
            system.Gdtr = global;
            system.Idtr = interrupts;
            system.Ldtr = local;
            system.Tr = task;
        }
    }
}
