namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Timers of a machine that its processors know nothing of, on a clock that waits for nobody.</summary>
internal interface IClockTimers
{
    /// <summary>When the next of them expires, in nanoseconds of the clock; null where none does.</summary>
    ulong? NextDue { get; }

    /// <summary>Lets those expire whose time has come.</summary>
    void Expire();
}
