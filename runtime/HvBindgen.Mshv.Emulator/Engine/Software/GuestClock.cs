using System.Diagnostics;
using HvBindgen.Mshv.Emulator.Interop;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>The time-stamp counter of a machine: the host's, as long as that is the one that reference time is made of, so that the two
/// never part; else one made of the host's clock.</summary>
/// <param name="frequency">How often it counts, in hertz.</param>
internal sealed class GuestClock(ulong frequency)
{
    private readonly ulong start = Count(frequency);

    /// <summary>The counter now.</summary>
    internal ulong Now => Count(frequency) - start;

    /// <summary>Time until the counter has a value; zero when it has passed.</summary>
    internal TimeSpan Until(ulong count)
    {
        ulong now = Now;
        return count <= now ? TimeSpan.Zero
            : TimeSpan.FromSeconds(Math.Min((count - now) / (double)frequency, TimeSpan.FromDays(1).TotalSeconds));
    }

    private static ulong Count(ulong frequency) => TimeStampCounter.IsReliable
        ? TimeStampCounter.Read()
        : (ulong)((UInt128)(ulong)Stopwatch.GetTimestamp() * frequency / (ulong)Stopwatch.Frequency);
}
