using System.Diagnostics;
using System.Globalization;
using HvBindgen.Mshv.Emulator.Interop;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>The host's clock: its time-stamp counter where that can be relied on.</summary>
internal sealed class HostClock : MachineClock
{
    private static readonly TimeSpan MeasuringTime = TimeSpan.FromMilliseconds(50);

    private readonly Lazy<ulong> frequency = new(Measure);
    private readonly Lazy<ulong> scale;

    private HostClock() => scale = new Lazy<ulong>(() => ScaleOf(Frequency));

    /// <summary>The one there is.</summary>
    internal static HostClock Instance { get; } = new();

    internal override ulong Frequency => frequency.Value;

    internal override bool IsOfCounter => TimeStampCounter.IsReliable;

    internal override ulong Count => IsOfCounter
        ? TimeStampCounter.Read()
        : (ulong)((UInt128)(ulong)Stopwatch.GetTimestamp() * Frequency / (ulong)Stopwatch.Frequency);

    internal override ulong ReferenceTime =>
        IsOfCounter ? TimeOf(TimeStampCounter.Read()) : (ulong)Stopwatch.GetElapsedTime(0, Stopwatch.GetTimestamp()).Ticks;

    internal override ulong Nanoseconds =>
        (ulong)((UInt128)(ulong)Stopwatch.GetTimestamp() * NanosecondsPerSecond / (ulong)Stopwatch.Frequency);

    internal override ulong Scale => scale.Value;

    // Where the counter itself cannot be read, what the kernel says of the processor is as good.
    private static ulong Measure()
    {
        if (TimeStampCounter.IsReliable)
        {
            return MeasureCounter();
        }

        foreach (string line in File.ReadLines("/proc/cpuinfo"))
        {
            if (line.StartsWith("cpu MHz", StringComparison.Ordinal)
                && double.TryParse(
                    line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture, out double megahertz))
            {
                return (ulong)(megahertz * 1_000_000);
            }
        }

        return (ulong)Stopwatch.Frequency;
    }

    private static ulong MeasureCounter()
    {
        long start = Stopwatch.GetTimestamp();
        ulong first = TimeStampCounter.Read();
        Thread.Sleep(MeasuringTime);
        long end = Stopwatch.GetTimestamp();
        ulong last = TimeStampCounter.Read();
        return (ulong)((last - first) / Stopwatch.GetElapsedTime(start, end).TotalSeconds);
    }
}
