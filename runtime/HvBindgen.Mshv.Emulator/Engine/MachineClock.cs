namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>The clock that all is made of that the guests of a machine see of time: its time-stamp counter, reference time and every
/// timer.</summary>
internal abstract class MachineClock
{
    /// <summary>Units of reference time in a second.</summary>
    internal const ulong ReferenceFrequency = 10_000_000;

    internal const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>How often the counter counts, in hertz.</summary>
    internal abstract ulong Frequency { get; }

    /// <summary>The counter now, from no particular start.</summary>
    internal abstract ulong Count { get; }

    /// <summary>Whether reference time is what <see cref="TimeOf"/> makes of the counter, so that the two never part.</summary>
    internal abstract bool IsOfCounter { get; }

    /// <summary>Time in units of 100 ns, from no particular start.</summary>
    internal abstract ulong ReferenceTime { get; }

    /// <summary>Time in nanoseconds, from no particular start.</summary>
    internal abstract ulong Nanoseconds { get; }

    /// <summary>What a count is multiplied by, as a fraction of 64 bits, to give reference time.</summary>
    internal abstract ulong Scale { get; }

    /// <summary>The reference time that a count of the counter stands for.</summary>
    internal ulong TimeOf(ulong count) => Math.BigMul(count, Scale, out _);

    private protected static ulong ScaleOf(ulong frequency) => (ulong)(((UInt128)ReferenceFrequency << 64) / frequency);
}
