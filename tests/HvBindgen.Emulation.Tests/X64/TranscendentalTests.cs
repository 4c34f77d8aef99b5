using System.Buffers.Binary;
using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Powers, logarithms and angles of x87: makers promise less than one unit of the last place, and differ below it.</summary>
public sealed class TranscendentalTests
{
    private const int Batches = 4;
    private const int Bias = 16383;
    private const int FirstRegister = 32;
    private const int SlotBytes = 16;
    private const byte PowerLessOne = 0xF0;
    private const byte LogarithmOfOneAnd = 0xF9;

    // Rounding, and whether there was any, is below what is promised; so is whether a result is just too small.
    private const int ComparedStatus = 0xFFFF & ~0x0230;

    private static readonly byte[] Operations = [PowerLessOne, 0xF1, 0xF2, 0xF3, LogarithmOfOneAnd, 0xFB, 0xFE, 0xFF];

    [Fact]
    public void Powers_logarithms_and_angles_are_within_a_unit_of_the_processors()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the oracle is an x64 processor");
        Assert.SkipWhen(
            HostProcessor.MissingForOracle.Any(),
            $"the oracle needs a processor with {string.Join(" and ", HostProcessor.MissingForOracle)}");
        using OracleProcess oracle = OracleProcess.Start();
        using OracleMachine machine = new();
        Random random = new(20_261_129);
        OracleCase[] cases = new OracleCase[OracleProcess.MaxBatch];
        OracleResult[] results = new OracleResult[OracleProcess.MaxBatch];
        List<string> differences = [];

        for (int batch = 0; batch < Batches; batch++)
        {
            for (int index = 0; index < cases.Length; index++)
            {
                cases[index] = Case(random);
            }

            oracle.Run(cases, results);

            for (int index = 0; index < cases.Length; index++)
            {
                if (Difference(machine, in cases[index], in results[index]) is { } difference)
                {
                    differences.Add(difference);
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Batches * cases.Length} instances");
        Assert.True(
            differences.Count == 0, $"{differences.Count} of {Batches * cases.Length}:\n{string.Join('\n', differences.Take(30))}");
    }

    private static OracleCase Case(Random random)
    {
        OracleCase test = default;
        test.Flags = 0x202;
        test.Segments[X64SegmentFile.Cs] = OracleMachine.Flat64Code;
        test.Segments[X64SegmentFile.Ss] = OracleMachine.FlatData;
        test.CodeAddress = test.Rip = OracleMachine.CodeBase + 0x800;
        test.CodeSizeBytes = 2;
        test.Code[0] = 0xD9;
        test.Code[1] = Operations[random.Next(Operations.Length)];
        Span<byte> image = test.FloatingPoint;
        FloatingPointCases.Fill(random, image);

        // Mostly two numbers of usual size, and what is defined for them.
        bool isSmall = test.Code[1] is PowerLessOne or LogarithmOfOneAnd;

        if (isSmall || random.Next(4) != 0)
        {
            image[4] |= 0xFF;
            WriteUsual(random, image[FirstRegister..], isSmall);
            WriteUsual(random, image[(FirstRegister + SlotBytes)..], isSmall: false);
        }

        return test;
    }

    private static void WriteUsual(Random random, Span<byte> slot, bool isSmall)
    {
        int exponent = isSmall ? random.Next(-70, -2) : random.Next(8) == 0 ? random.Next(-70, 62) : random.Next(-4, 5);
        ulong significand = (1UL << 63) | (ulong)random.NextInt64() << (random.Next(4) == 0 ? random.Next(60) : 0);
        BinaryPrimitives.WriteUInt64LittleEndian(slot, significand);
        BinaryPrimitives.WriteUInt16LittleEndian(slot[8..], (ushort)(Bias + exponent | (random.Next(2) << 15)));
    }

    private static string? Difference(OracleMachine machine, in OracleCase test, in OracleResult real)
    {
        machine.Load(in test);
        X64State state = OracleMachine.StateOf(in test);
        EmulationOutcome outcome = machine.Emulator.Execute(ref state, new EmulationInput());
        _ = machine.Clean(in test);
        ReadOnlySpan<byte> expected = real.FloatingPoint;
        ReadOnlySpan<byte> found = machine.FloatingPoint;
        int status = BinaryPrimitives.ReadUInt16LittleEndian(expected[2..]);
        int mine = BinaryPrimitives.ReadUInt16LittleEndian(found[2..]);
        bool hasFaulted = outcome.Result == EmulationResult.Fault;
        bool isSame = (real.Trap != 3) == hasFaulted && (status & ComparedStatus) == (mine & ComparedStatus) && expected[4] == found[4];

        for (int index = 0; index < 8; index++)
        {
            int at = FirstRegister + (index * SlotBytes);
            isSame &= AreNear(expected[at..], found[at..]);
        }

        ReadOnlySpan<byte> before = test.FloatingPoint;
        return isSame ? null : $"{test.Code[1]:x2} of {Number(before[32..])} and {Number(before[48..])}, "
            + $"x87 {Convert.ToHexString(before[..5])}: trap {real.Trap} {status:x} {Number(expected[32..])} {Number(expected[48..])}, "
            + $"emulator {outcome.Result} {mine:x} {Number(found[32..])} {Number(found[48..])}";
    }

    // A unit of the last place, also across powers of two; signs and what are no numbers must be the same.
    private static bool AreNear(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> found)
    {
        Int128 distance = Place(expected) - Place(found);
        return expected[..10].SequenceEqual(found[..10])
            || ((expected[9] & 0x80) == (found[9] & 0x80) && distance >= -1 && distance <= 1);
    }

    private static Int128 Place(ReadOnlySpan<byte> number) =>
        ((Int128)(BinaryPrimitives.ReadUInt16LittleEndian(number[8..]) & 0x7FFF) << 63)
            | (Int128)(BinaryPrimitives.ReadUInt64LittleEndian(number) & long.MaxValue);

    private static string Number(ReadOnlySpan<byte> number) =>
        $"{BinaryPrimitives.ReadUInt16LittleEndian(number[8..]):x4}:{BinaryPrimitives.ReadUInt64LittleEndian(number):x16}";
}
