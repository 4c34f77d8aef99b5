using Xunit;

namespace HvBindgen.Mshv.Tests.Guests.Programs;

/// <summary>
/// Whole programs that access devices, on the emulated device and in software alone: the same accesses with the same values in the same
/// order, the same registers and the same memory.
/// </summary>
/// <remarks>
/// Random ones: 10 programs of 100 accessing instructions for each seed and processor; in .ci/fuzz.sh more than a million instructions.
/// </remarks>
public sealed class ProgramComparisons(ITestOutputHelper output)
{
    private const int Rounds = 10;
    private const int LongRounds = 450; // of 8 seeds, on one processor and on two: 1,080,000 instructions

    // Where the host does not stop in front of a store, a few cannot be told from others by what they did.
    private const double MostRefused = 0.2;

    public static TheoryData<int, int> Seeds
    {
        get
        {
            TheoryData<int, int> seeds = [];
            foreach (int seed in FuzzRounds.Seeds)
            {
                seeds.Add(seed, 1);
                seeds.Add(seed, 2);
            }

            return seeds;
        }
    }

    public static TheoryData<string, int> Levels
    {
        get
        {
            TheoryData<string, int> levels = [];
            foreach (string level in (ReadOnlySpan<string>)["-O0", "-O1", "-O2", "-O3", "-Os"])
            {
                levels.Add(level, 1);
                levels.Add(level, 2);
            }

            return levels;
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_random_program_does_what_the_software_alone_does(int seed, int processors)
    {
        using ComparedGuest guest = new(processors);
        int programs = 0;
        int refused = 0;
        FuzzRounds.Repeat(
            seed,
            Rounds,
            LongRounds,
            random =>
            {
                (byte[] Code, ulong Shared)[] made =
                    [.. Enumerable.Range(0, processors).Select(each => RandomProgram.Create(random, new ProgramPlace(each)))];
                ulong shared = made.Aggregate(0ul, (sum, each) => sum + each.Shared);
                string[] differences = guest.Compare(random, [.. made.Select(each => each.Code)], shared, out bool isRefused);
                Assert.True(differences.Length == 0, string.Join("; ", differences));
                programs++;
                refused += isRefused ? 1 : 0;
            },
            output.WriteLine);
        output.WriteLine(
            $"{programs} programs on {processors} processors, {RandomProgram.DeviceInstructions} instructions each, {refused} refused "
            + $"before their end; {guest.Accesses} accesses compared");
        Assert.True(refused <= (Emulator.ExactStops.AreThere ? 0 : MostRefused * programs), guest.Refusals);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void A_compiled_loop_does_what_the_software_alone_does(string level, int processors)
    {
        using ComparedGuest guest = new(processors);
        foreach (uint fill in (uint[])[0xa5a5a5a5, 0xab5057aa])
        {
            byte[][] programs =
                [.. Enumerable.Range(0, processors).Select(each => CompiledLoops.Compile(level, fill, new ProgramPlace(each)))];

            string[] differences = guest.Compare(new Random((int)fill), programs, shared: null, out bool isRefused);

            Assert.Empty(differences);
            Assert.False(isRefused, guest.Refusals);
        }
    }
}
