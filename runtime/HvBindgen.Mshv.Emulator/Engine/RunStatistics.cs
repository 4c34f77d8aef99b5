using System.Diagnostics;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>
/// Where the time of runs goes, for the benchmarks, which tell KVM's share from the emulator's; costs a look at a flag when off.
/// Times are ticks of <see cref="Stopwatch"/>.
/// </summary>
internal sealed class RunStatistics
{
    private long runs;
    private long engineEntries;
    private long runTime;
    private long engineTime;
    private long registerPageTime;

    /// <summary>Whether runs are counted.</summary>
    internal bool IsOn { get; set; }

    /// <summary>Runs that ended.</summary>
    internal long Runs => Interlocked.Read(ref runs);

    /// <summary>Entries into the engine: more than runs, because half-done instructions are completed.</summary>
    internal long EngineEntries => Interlocked.Read(ref engineEntries);

    /// <summary>Whole time of runs.</summary>
    internal long RunTime => Interlocked.Read(ref runTime);

    /// <summary>Share of the engine: guest code and the kernel below.</summary>
    internal long EngineTime => Interlocked.Read(ref engineTime);

    /// <summary>Share of filling the register page.</summary>
    internal long RegisterPageTime => Interlocked.Read(ref registerPageTime);

    /// <summary>The time now, or 0 when off.</summary>
    internal long Start() => IsOn ? Stopwatch.GetTimestamp() : 0;

    internal void AddRun(long start) => Add(ref runTime, ref runs, start);

    internal void AddEntry(long start) => Add(ref engineTime, ref engineEntries, start);

    internal void AddRegisterPage(long start)
    {
        if (start != 0)
        {
            _ = Interlocked.Add(ref registerPageTime, Stopwatch.GetTimestamp() - start);
        }
    }

    private static void Add(ref long time, ref long count, long start)
    {
        if (start != 0)
        {
            _ = Interlocked.Add(ref time, Stopwatch.GetTimestamp() - start);
            _ = Interlocked.Increment(ref count);
        }
    }
}
