using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

public sealed class X64EmulatorFuzzTests
{
    private const int Rounds = 300_000;
    private const int MaxIterations = 16;

    [Fact]
    public void Hostile_bytes_registers_and_page_tables_neither_crash_nor_escape_nor_hang()
    {
        Random random = new(20_261_122);
        using FlatMemory memory = new(RandomPaging.MemoryBytes);
        CountingBus bus = new();
        X64Emulator emulator = new(memory, bus, bus);
        byte[] code = new byte[16];
        int[] results = new int[5];
        string[] modes = ["none", "32-bit", "PAE", "4-level", "5-level"];

        for (int round = 0; round < Rounds; round++)
        {
            string mode = modes[round / 64 % modes.Length];

            if (round % 4096 == 0)
            {
                RandomPaging.FillTables(memory.Bytes, random, hasReserved: true, isPae: true, is32Bit: round % 8192 == 0);
            }

            random.NextBytes(code);
            X64State state = RandomState(mode, random);
            bus.Accesses = 0;
            EmulationInput input = new()
            {
                InstructionBytes = code.AsSpan(0, random.Next(code.Length + 1)),
                MaxIterations = MaxIterations,
                PortAccessIsGranted = random.Next(2) == 0,
                HasKnownTranslation = random.Next(4) == 0,
                KnownGva = state.Gpr[3],
                KnownGpa = (ulong)random.Next(1 << 22),
                KnownTranslationIsForWrite = random.Next(2) == 0,
            };

            EmulationOutcome outcome = emulator.Execute(ref state, input);

            results[(int)outcome.Result]++;
            Assert.InRange(bus.Accesses, 0, 4 * MaxIterations);
            Assert.True(
                outcome.Result != EmulationResult.Fault
                    || outcome.Vector is 0 or 5 or 6 or 7 or 12 or 13 or 14 or 17, $"vector {outcome.Vector}");
        }

        Assert.True(memory.IsIntact, "memory outside the guest's has changed");
        Assert.All(results, count => Assert.NotEqual(0, count));
    }

    private static X64State RandomState(string mode, Random random)
    {
        PagingState paging = RandomPaging.Registers(mode, random, 46);
        X64State state = new()
        {
            Rip = random.Next(2) == 0 ? (ulong)random.Next() : RandomPaging.Address(mode, random),
            Rflags = (ulong)random.NextInt64() & 0x3F_7FD7 | 2,
            Cr0 = paging.Cr0 & ~(random.Next(4) == 0 ? 1UL : 0) | (ulong)random.Next(16) & 0xE,
            Cr3 = paging.Cr3,
            Cr4 = paging.Cr4 | 0x4_0600,
            Efer = paging.Efer,
            Xcr0 = (ulong)random.Next(8),
        };

        for (int index = 0; index < 16; index++)
        {
            state.Gpr[index] = random.Next(3) switch
            {
                0 => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
                1 => (ulong)random.Next(RandomPaging.MemoryBytes + 0x2000),
                _ => (ulong)random.Next(-16, 64),
            };
        }

        for (int index = 0; index < 6; index++)
        {
            state.Segments[index] = new X64SegmentState
            {
                Base = random.Next(2) == 0 ? 0 : (ulong)random.NextInt64(long.MinValue, long.MaxValue),
                Limit = random.Next(2) == 0 ? uint.MaxValue : (uint)random.Next(),
                Attributes = (ushort)random.Next(0x10000),
            };
        }

        return state;
    }

    private sealed class CountingBus : IX64Bus, IX64VectorRegisters
    {
        public int Accesses { get; set; }

        public bool TryReadMemory(ulong gpa, Span<byte> data)
        {
            Accesses++;
            data.Fill((byte)gpa);
            return gpa % 7 != 0;
        }

        public bool TryWriteMemory(ulong gpa, ReadOnlySpan<byte> data) => ++Accesses % 5 != 0;

        public bool TryReadPort(ushort port, int sizeBytes, out uint value)
        {
            Accesses++;
            value = uint.MaxValue;
            return true;
        }

        public bool TryWritePort(ushort port, int sizeBytes, uint value) => ++Accesses % 5 != 0;

        public void ReadVector(int index, Span<byte> value) => value.Fill((byte)index);

        public void WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper)
        {
        }
    }
}
