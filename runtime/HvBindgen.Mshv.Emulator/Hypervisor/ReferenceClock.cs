using System.Diagnostics;
using HvBindgen.Mshv.Emulator.Interop;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>
/// The clock of the host that reference time is made of, in units of 100 ns: its time-stamp counter where that can be relied on, so that
/// what a guest computes from its own counter never parts from what the hypervisor says.
/// </summary>
internal static class ReferenceClock
{
    /// <summary>Units in a second.</summary>
    internal const ulong Frequency = 10_000_000;

    private static readonly TimeSpan MeasuringTime = TimeSpan.FromMilliseconds(50);

    private static readonly Lazy<ulong> CounterFrequency = new(Measure);
    private static readonly Lazy<ulong> CounterScale = new(() => (ulong)(((UInt128)Frequency << 64) / HostProperties.ClockFrequency));

    /// <summary>The time now, from no particular start.</summary>
    internal static ulong Now =>
        TimeStampCounter.IsReliable ? TimeOf(TimeStampCounter.Read()) : (ulong)Stopwatch.GetElapsedTime(0, Stopwatch.GetTimestamp()).Ticks;

    /// <summary>What a count is multiplied by, as a fraction of 64 bits, to give time.</summary>
    internal static ulong Scale => CounterScale.Value;

    /// <summary>Frequency of the time-stamp counter in Hz, where it is reliable.</summary>
    internal static ulong MeasuredFrequency => CounterFrequency.Value;

    /// <summary>The time that a count of the counter stands for.</summary>
    internal static ulong TimeOf(ulong count) => Math.BigMul(count, Scale, out _);

    private static ulong Measure()
    {
        long start = Stopwatch.GetTimestamp();
        ulong first = TimeStampCounter.Read();
        Thread.Sleep(MeasuringTime);
        long end = Stopwatch.GetTimestamp();
        ulong last = TimeStampCounter.Read();
        return (ulong)((last - first) / Stopwatch.GetElapsedTime(start, end).TotalSeconds);
    }
}
