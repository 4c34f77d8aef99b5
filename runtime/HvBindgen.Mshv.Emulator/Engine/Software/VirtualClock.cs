namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>A clock of one machine that instructions move on, and that goes straight to the next timer when no processor has any to carry
/// out. Its counter counts nanoseconds.</summary>
/// <remarks>Instructions of all processors add up, as if they took turns on one core.</remarks>
/// <param name="instructionsPerSecond">How many instructions take a second.</param>
internal sealed class VirtualClock(ulong instructionsPerSecond) : MachineClock
{
    private static readonly ulong NanosecondScale = ScaleOf(NanosecondsPerSecond);

    private readonly Lock gate = new();
    private volatile Members members = new(0, []);
    private ulong skipped;

    internal override ulong Frequency => NanosecondsPerSecond;

    internal override bool IsOfCounter => true;

    internal override ulong Count => Nanoseconds;

    internal override ulong ReferenceTime => TimeOf(Nanoseconds);

    internal override ulong Nanoseconds =>
        Volatile.Read(ref skipped) + (ulong)((UInt128)(ulong)Instructions * NanosecondsPerSecond / instructionsPerSecond);

    internal override ulong Scale => NanosecondScale;

    /// <summary>Timers beside those of the processors.</summary>
    internal IClockTimers? Timers { get; set; }

    // What is gone has stopped counting, so that the sum is the same before and after.
    private long Instructions
    {
        get
        {
            Members present = members;
            long sum = present.Gone;
            foreach (IClockedProcessor processor in present.Processors)
            {
                sum += processor.InstructionCount;
            }

            return sum;
        }
    }

    internal void Add(IClockedProcessor processor)
    {
        lock (gate)
        {
            members = members with { Processors = [.. members.Processors, processor] };
        }
    }

    internal void Remove(IClockedProcessor processor)
    {
        lock (gate)
        {
            if (Array.IndexOf(members.Processors, processor) >= 0)
            {
                members = new Members(
                    members.Gone + processor.InstructionCount, [.. members.Processors.Where(each => each != processor)]);
            }
        }
    }

    /// <summary>How many instructions, with all processors together, bring the clock to a time.</summary>
    /// <returns>0 when it is past.</returns>
    internal long InstructionsUntil(ulong nanoseconds)
    {
        ulong before = Volatile.Read(ref skipped);
        if (nanoseconds <= before)
        {
            return 0;
        }

        UInt128 needed = (((UInt128)(nanoseconds - before) * instructionsPerSecond) + NanosecondsPerSecond - 1) / NanosecondsPerSecond;
        UInt128 done = (ulong)Instructions;
        return needed <= done ? 0 : (long)UInt128.Min(needed - done, long.MaxValue);
    }

    /// <summary>Goes to the next timer, if there is one and no processor executes.</summary>
    /// <param name="by">Who asks; the others are told.</param>
    /// <returns>Whether time has gone on, or a timer is due already.</returns>
    internal bool TrySkip(IClockedProcessor by)
    {
        // Outside the lock: timers have one of their own, inside which they look at the clock.
        ulong? due = Timers?.NextDue;
        IClockedProcessor[] all = members.Processors;
        lock (gate)
        {
            foreach (IClockedProcessor processor in all)
            {
                if (processor.IsExecuting)
                {
                    return false;
                }

                due = processor.TimerDue is { } own && !(due <= own) ? own : due;
            }

            if (due is not { } next)
            {
                return false;
            }

            ulong now = Nanoseconds;
            skipped += next > now ? next - now : 0;
        }

        Tell(all, by);
        return true;
    }

    /// <summary>Timers have changed: processors look anew when the next is due.</summary>
    internal void OnTimersChanged() => Tell(members.Processors, except: null);

    private static void Tell(IClockedProcessor[] processors, IClockedProcessor? except)
    {
        foreach (IClockedProcessor processor in processors)
        {
            if (processor != except)
            {
                processor.OnClockChanged();
            }
        }
    }

    private sealed record Members(long Gone, IClockedProcessor[] Processors);
}

/// <summary>A processor whose instructions are time.</summary>
internal interface IClockedProcessor
{
    /// <summary>How many it has carried out.</summary>
    long InstructionCount { get; }

    /// <summary>Whether it carries out more without waiting for anything, or will as soon as the client has answered it.</summary>
    bool IsExecuting { get; }

    /// <summary>When its own timer expires, in nanoseconds of the clock; null when it does not.</summary>
    ulong? TimerDue { get; }

    /// <summary>Time has gone on, or timers have changed. From any thread.</summary>
    void OnClockChanged();
}
