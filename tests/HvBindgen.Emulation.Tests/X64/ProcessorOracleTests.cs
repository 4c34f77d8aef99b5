using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64.Instructions;
using Iced.Intel;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

public sealed class ProcessorOracleTests
{
    private const int Instances = 60_000;

    // A million instances of each kind where there is half an hour; a sweep has minutes for everything.
    private static readonly int Rounds = FuzzRounds.IsLong ? 16 : Requirement.IsSweep ? 3 : 1;

    // A processor that is virtual itself may need a quarter of an hour for them.
    private static readonly TimeSpan Time = TimeSpan.FromMinutes(4);

    [Fact]
    public void Random_instructions_leave_what_the_processor_leaves() => Compare(isWanted: null, Instances, 64, 32, 16);

    [Fact]
    public void Arithmetic_on_numbers_of_all_kinds_leaves_what_the_processor_leaves() =>
        Compare(NumberCases.IsArithmetic, Instances, 64, 64, 64, 32);

    [Fact]
    public void X87_with_numbers_of_all_kinds_leaves_what_the_processor_leaves()
    {
        HashSet<Mnemonic> mnemonics = [.. X87Table.Entries.SelectMany(entry => entry.Mnemonics)];
        Compare(info => mnemonics.Contains(info.Mnemonic), Instances, 64, 32);
    }

    private static void Compare(Func<OpCodeInfo, bool>? isWanted, int instances, params ReadOnlySpan<int> modes)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the oracle is an x64 processor");
        Assert.SkipWhen(
            HostProcessor.MissingForOracle.Any(),
            $"the oracle needs a processor with {string.Join(" and ", HostProcessor.MissingForOracle)}");
        string? chosen = Environment.GetEnvironmentVariable("HVBINDGEN_SEED");
        ulong seed = chosen is null ? 20_261_122 : ulong.Parse(chosen, CultureInfo.InvariantCulture);
        Stopwatch watch = Stopwatch.StartNew();
        for (uint round = 0; round == 0 || (round < Rounds && watch.Elapsed < Time); round++)
        {
            using ProcessorComparison comparison = new(seed + round, isWanted);

            comparison.Run(instances, modes);

            TestContext.Current.TestOutputHelper?.WriteLine(comparison.Summary());
            Assert.True(comparison.DifferenceCount == 0, comparison.Summary() + "\n" + string.Join('\n', comparison.Differences));
            Assert.True(comparison.Silent.Count == 0, $"write memory and do not say so: {string.Join(", ", comparison.Silent)}");
        }
    }
}
