using System.Diagnostics;

namespace HvBindgen.Generator;

/// <summary>
/// What a run spends its time on. Stages run beside each other where they can, so together they may take longer than the run.
/// </summary>
/// <param name="origin">Time from which the stages' beginnings are counted, as <see cref="Stopwatch.GetTimestamp"/> gives it.</param>
public sealed class StageTimes(long origin)
{
    private readonly Lock gate = new();
    private readonly List<StageTime> stages = [];

    /// <summary>The stages that have ended, in the order of their beginnings.</summary>
    public IReadOnlyList<StageTime> Ended
    {
        get
        {
            lock (gate)
            {
                return [.. stages.OrderBy(stage => stage.Begin)];
            }
        }
    }

    /// <summary>Begins to measure stages that follow each other without a gap, on one thread.</summary>
    /// <returns>Told at the end of each of them.</returns>
    public StageLaps Begin() => new(this);

    /// <summary>Time since the origin.</summary>
    /// <returns>A time.</returns>
    public TimeSpan Elapsed() => Stopwatch.GetElapsedTime(origin);

    internal void Add(StageTime stage)
    {
        lock (gate)
        {
            stages.Add(stage);
        }
    }
}

/// <summary>A stage that has ended.</summary>
/// <param name="Name">What was done, in words.</param>
/// <param name="Begin">When it began.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Note">How much there was to do; null where nobody counts.</param>
public sealed record StageTime(string Name, TimeSpan Begin, TimeSpan Duration, string? Note);

/// <summary>Stages of one thread; each begins where the one before it ends.</summary>
public sealed class StageLaps
{
    private readonly StageTimes times;
    private TimeSpan begin;

    internal StageLaps(StageTimes times)
    {
        this.times = times;
        begin = times.Elapsed();
    }

    /// <summary>Ends a stage and begins the next one.</summary>
    /// <param name="name">What was done, in words.</param>
    /// <param name="note">How much there was to do.</param>
    public void End(string name, string? note = null)
    {
        TimeSpan end = times.Elapsed();
        times.Add(new StageTime(name, begin, end - begin, note));
        begin = end;
    }
}
