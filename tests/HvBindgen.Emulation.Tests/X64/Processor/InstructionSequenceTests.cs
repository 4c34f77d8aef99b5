using System.Globalization;
using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64.Processor;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64.Processor;

public sealed class InstructionSequenceTests
{
    private const int Sequences = 40_000;

    [Fact]
    public void Random_sequences_leave_what_the_processor_leaves()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the oracle is an x64 processor");
        Assert.SkipWhen(
            HostProcessor.MissingForOracle.Any(),
            $"the oracle needs a processor with {string.Join(" and ", HostProcessor.MissingForOracle)}");
        string? chosen = Environment.GetEnvironmentVariable("HVBINDGEN_SEED");
        int seed = chosen is null ? 20_261_129 : (int)ulong.Parse(chosen, CultureInfo.InvariantCulture);
        using OracleProcess oracle = OracleProcess.Start();
        using OracleMachine machine = new();
        InstructionSequences sequences = new(seed);
        SequenceProcessor processor = new(machine);
        int rounds = (FuzzRounds.IsLong ? 24 : Requirement.IsSweep ? 3 : 1) * Sequences / OracleProcess.MaxBatch;
        long instructions = 0;

        for (int round = 0; round < rounds; round++)
        {
            instructions += Compare(oracle, processor, sequences);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"seed {seed}: {rounds * OracleProcess.MaxBatch} sequences, {instructions} instructions "
                + $"of {InstructionSequences.EncodingCount} encodings");
    }

    private static long Compare(OracleProcess oracle, SequenceProcessor processor, InstructionSequences sequences)
    {
        OracleCase[] cases = new OracleCase[OracleProcess.MaxBatch];
        OracleResult[] results = new OracleResult[OracleProcess.MaxBatch];
        ulong[] undefined = new ulong[OracleProcess.MaxBatch];
        string[] texts = new string[OracleProcess.MaxBatch];
        long instructions = 0;

        for (int index = 0; index < cases.Length; index++)
        {
            cases[index] = sequences.Next();
            undefined[index] = sequences.UndefinedFlags;
            texts[index] = string.Join("; ", sequences.Instructions);
            instructions += sequences.Instructions.Count;
        }

        oracle.Run(cases, results);

        for (int index = 0; index < cases.Length; index++)
        {
            string difference = processor.Compare(in cases[index], in results[index], undefined[index]);
            Assert.True(difference.Length == 0, $"{texts[index]}: {difference}");
        }

        return instructions;
    }

    /// <summary>A processor in software in the surroundings of the oracle. It stops at every exception.</summary>
    private sealed class SequenceProcessor(OracleMachine machine)
    {
        private const ulong ResumeFlag = 1 << 16;
        private const byte Breakpoint = 3;
        private const int OracleVectorBytes = 64;
        private X64Processor? processor;

        /// <summary>Runs a sequence, and tells what differs.</summary>
        internal string Compare(in OracleCase test, in OracleResult real, ulong undefinedFlags)
        {
            processor ??= new X64Processor(machine, machine, new NoSurroundings()) { InterceptedExceptions = uint.MaxValue };
            machine.Load(in test);
            processor.State = OracleMachine.StateOf(in test);
            processor.OnStateChanged();
            LoadVectors(in test);
            ProcessorStop stop = processor.Run(1000);
            List<string> found = [];

            if (stop != ProcessorStop.Exception || processor.Intercepted.Vector != real.Trap || real.Trap != Breakpoint)
            {
                found.Add(
                    $"trap {real.Trap} at {real.Rip:x}, software {stop} {processor.Intercepted} "
                        + $"{processor.Outcome} at {processor.State.Rip:x}");
            }

            // The breakpoint of the processor reports behind itself.
            Expect(found, "RIP", real.Rip - 1, processor.State.Rip);
            ulong mask = ~(undefinedFlags | ResumeFlag);
            Expect(found, "flags", real.Flags & mask, processor.State.Rflags & mask);

            for (int index = 0; index < 16; index++)
            {
                Expect(found, $"register {index}", real.Gpr[index], processor.State.Gpr[index]);
            }

            if (!((ReadOnlySpan<byte>)real.Window).SequenceEqual(machine.Window))
            {
                found.Add("memory differs");
            }

            CompareVectors(found, in real);
            Expect(found, "writes beside the window", real.Strayed, machine.Clean(in test) ? 1u : 0);
            return string.Join(", ", found);
        }

        private void LoadVectors(in OracleCase test)
        {
            processor!.Vectors.WriteFloatingPoint(test.FloatingPoint);

            for (int index = 0; index < VectorFile.Count; index++)
            {
                ((ReadOnlySpan<byte>)test.Vectors).Slice(index * OracleVectorBytes, VectorFile.LowBytes)
                    .CopyTo(processor.Vectors.Low(index));
                ((ReadOnlySpan<byte>)test.Vectors).Slice((index * OracleVectorBytes) + VectorFile.LowBytes, VectorFile.LowBytes)
                    .CopyTo(processor.Vectors.High(index));
            }
        }

        private void CompareVectors(List<string> found, in OracleResult real)
        {
            ReadOnlySpan<byte> image = processor!.Vectors.FloatingPoint;
            Expect(found, "MXCSR", BitConverter.ToUInt32(((ReadOnlySpan<byte>)real.FloatingPoint)[24..]), processor.Vectors.Mxcsr);
            Expect(found, "x87", BitConverter.ToUInt32(real.FloatingPoint), BitConverter.ToUInt32(image));
            Expect(found, "x87 tags", real.FloatingPoint[4], image[4]);

            for (int index = 0; index < 8; index++)
            {
                Range number = (32 + (index * 16))..(42 + (index * 16));
                ExpectBytes(found, $"st{index}", ((ReadOnlySpan<byte>)real.FloatingPoint)[number], image[number]);
            }

            for (int index = 0; index < VectorFile.Count; index++)
            {
                ReadOnlySpan<byte> whole = ((ReadOnlySpan<byte>)real.Vectors).Slice(index * OracleVectorBytes, VectorFile.RegisterBytes);
                ExpectBytes(found, $"xmm{index}", whole[..VectorFile.LowBytes], processor.Vectors.Low(index));
                ExpectBytes(found, $"upper half {index}", whole[VectorFile.LowBytes..], processor.Vectors.High(index));
            }
        }

        private static void ExpectBytes(List<string> found, string what, ReadOnlySpan<byte> real, ReadOnlySpan<byte> mine)
        {
            if (!real.SequenceEqual(mine))
            {
                found.Add($"{what} {Convert.ToHexString(real)}, software {Convert.ToHexString(mine)}");
            }
        }

        private static void Expect(List<string> found, string what, ulong real, ulong mine)
        {
            if (real != mine)
            {
                found.Add($"{what} {real:x}, software {mine:x}");
            }
        }
    }
}
