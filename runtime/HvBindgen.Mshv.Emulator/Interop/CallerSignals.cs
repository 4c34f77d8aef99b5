using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Interop;

/// <summary>
/// The signals that the client had blocked when it made the request that this thread executes. The kernel looks for signals all through a
/// request; here they are blocked until something blocks, and let in there together with the start of the wait, so that none falls between.
/// </summary>
internal static unsafe class CallerSignals
{
    private const int BlockSignals = 0; // SIG_BLOCK
    private const ulong Faults = 0b100_1101_1000; // SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV: what a thread does itself

    /// <summary>Bit 0 is signal 1; null where nobody has blocked signals for the request.</summary>
    [field: ThreadStatic]
    internal static ulong? Blocked { get; set; }

    /// <summary>The set that has one signal.</summary>
    internal static ulong SetOf(int signal) => 1UL << (signal - 1);

    /// <summary>No signal of the client's reaches the calling thread from now on.</summary>
    internal static void BlockAll()
    {
        LibC.SignalSet all = new() { Signals = ~(Faults | SetOf(CLibrary.FirstRealTimeSignal())) }; // which is .NET's
        _ = CLibrary.PthreadSigmask(BlockSignals, (byte*)&all, null);
    }

    /// <summary>Takes a signal that waits for this thread: one that the client has blocked would end every wait from now on.</summary>
    internal static void Take(int signal)
    {
        LibC.SignalSet set = new() { Signals = SetOf(signal) };
        LibC.TimeSpecification now = default;
        _ = LibC.SigTimedWait(&set, null, &now);
    }
}
