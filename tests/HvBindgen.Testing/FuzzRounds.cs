using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace HvBindgen.Testing;

/// <summary>
/// From which seeds fuzzers start, and how long they go on: a few rounds from seeds that are always the same; in the sweep for seconds,
/// from seeds that nobody had before; where HVBINDGEN_FUZZ is 1, thousands of rounds for half an hour, or as many as go into
/// HVBINDGEN_FUZZ_SECONDS for each seed. HVBINDGEN_SEED chooses the first.
/// </summary>
public static class FuzzRounds
{
    private const int LongSeeds = 8;
    private const long MostBytes = 4L << 30;
    private const int RoundsOfASeed = 1_000_000;
    private const int MaxSeed = int.MaxValue / RoundsOfASeed;

    private static readonly TimeSpan SweepTime = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LongTime =
        double.TryParse(Environment.GetEnvironmentVariable("HVBINDGEN_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out double seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.MaxValue;

    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(60);

    private static readonly int First =
        int.TryParse(Environment.GetEnvironmentVariable("HVBINDGEN_SEED"), CultureInfo.InvariantCulture, out int chosen)
            ? Math.Max(1, chosen % (MaxSeed - LongSeeds))
            : Requirement.IsSweep ? Random.Shared.Next(100, MaxSeed - LongSeeds) : 1;

    /// <summary>Whether this is the long run.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("HVBINDGEN_FUZZ") == "1";

    /// <summary>The seeds of this run.</summary>
    public static IReadOnlyList<int> Seeds => [.. Enumerable.Range(First, IsLong ? LongSeeds : 2)];

    /// <summary>Does rounds from a seed. The one of a round that goes wrong is in the message.</summary>
    /// <param name="seed">Seed, one of <see cref="Seeds"/>.</param>
    /// <param name="rounds">Rounds that are always done.</param>
    /// <param name="longRounds">Rounds of the long run.</param>
    /// <param name="round">One round.</param>
    /// <param name="tell">Is told the seed, and in the end how many rounds there were.</param>
    public static void Repeat(int seed, int rounds, int longRounds, Action<Random> round, Action<string> tell)
    {
        tell($"from seed {seed}");
        Stopwatch all = Stopwatch.StartNew();
        int number = 0;
        for (; IsDue(); number++)
        {
            int own = (seed * RoundsOfASeed) + number;
            Task done = Task.Run(() => round(new Random(own)));
            try
            {
                Assert.True(done.Wait(RoundTime), $"not done within {RoundTime}");
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"round {own}: {fault.Message}", fault);
            }

            Assert.True(Environment.WorkingSet < MostBytes, $"round {own}: {Environment.WorkingSet} bytes");
        }

        tell($"seed {seed}: {number} rounds, the largest {Environment.WorkingSet >> 20} MB");

        bool IsDue() => number < rounds
            || (IsLong && number < longRounds && all.Elapsed < LongTime)
            || (Requirement.IsSweep && number < RoundsOfASeed && all.Elapsed < SweepTime);
    }
}
