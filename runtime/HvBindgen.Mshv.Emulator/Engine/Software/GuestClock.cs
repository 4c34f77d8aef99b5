namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>The time-stamp counter of a machine, which counts from its creation as the one that reference time is made of.</summary>
/// <param name="source">The clock that it is read from.</param>
internal sealed class GuestClock(MachineClock source)
{
    private readonly ulong start = source.Count;

    /// <summary>The clock that it is read from.</summary>
    internal MachineClock Source => source;

    /// <summary>The counter now.</summary>
    internal ulong Now => source.Count - start;

    /// <summary>Nanoseconds until the counter has a value; 0 when it has passed.</summary>
    internal ulong NanosecondsUntil(ulong count)
    {
        ulong now = Now;
        if (count <= now)
        {
            return 0;
        }

        UInt128 whole = (((UInt128)(count - now) * MachineClock.NanosecondsPerSecond) + source.Frequency - 1) / source.Frequency;
        return (ulong)UInt128.Min(whole, (UInt128)TimeSpan.FromDays(1).TotalNanoseconds);
    }
}
