using System.Diagnostics;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>The time-stamp counter of a machine, made of the host's clock.</summary>
/// <param name="frequency">How often it counts, in hertz.</param>
internal sealed class GuestClock(ulong frequency)
{
    private readonly long start = Stopwatch.GetTimestamp();

    /// <summary>The counter now.</summary>
    internal ulong Now => CountOf((ulong)(Stopwatch.GetTimestamp() - start));

    /// <summary>Time until the counter has a value; zero when it has passed.</summary>
    internal TimeSpan Until(ulong count)
    {
        ulong now = Now;
        return count <= now ? TimeSpan.Zero
            : TimeSpan.FromSeconds(Math.Min((count - now) / (double)frequency, TimeSpan.FromDays(1).TotalSeconds));
    }

    private ulong CountOf(ulong ticks) => (ulong)((UInt128)ticks * frequency / (ulong)Stopwatch.Frequency);
}
