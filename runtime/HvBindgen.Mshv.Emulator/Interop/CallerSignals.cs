namespace HvBindgen.Mshv.Emulator.Interop;

/// <summary>
/// The signals that the client had blocked when it made the request that this thread executes. The kernel looks for signals all through a
/// request; here they are blocked until something blocks, and let in there together with the start of the wait, so that none falls between.
/// </summary>
internal static unsafe class CallerSignals
{
    /// <summary>Bit 0 is signal 1; null where nobody has blocked signals for the request.</summary>
    [field: ThreadStatic]
    internal static ulong? Blocked { get; set; }

    /// <summary>The set that has one signal.</summary>
    internal static ulong SetOf(int signal) => 1UL << (signal - 1);

    /// <summary>Takes a signal that waits for this thread: one that the client has blocked would end every wait from now on.</summary>
    internal static void Take(int signal)
    {
        LibC.SignalSet set = new() { Signals = SetOf(signal) };
        LibC.TimeSpecification now = default;
        _ = LibC.SigTimedWait(&set, null, &now);
    }
}
