using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Emulator.Interop;

/// <summary>Signals for a thread that never blocks: kept waiting while it works, and looked for now and then.</summary>
/// <remarks>Only the signal that stops processors is kept waiting, unless the client has blocked signals for the request: any other reaches
/// its handler and is not seen here.</remarks>
internal readonly unsafe ref struct PendingSignals
{
    private const int Block = 0;
    private const int SetMask = 2;

    private readonly LibC.SignalSet before;
    private readonly bool isBlocked;

    private PendingSignals(int signal)
    {
        LibC.SignalSet added = new() { Signals = CallerSignals.SetOf(signal) };
        fixed (LibC.SignalSet* old = &before)
        {
            isBlocked = CLibrary.PthreadSigmask(Block, &added, old) == 0;
        }
    }

    /// <summary>Keeps signals waiting until the result is disposed.</summary>
    internal static PendingSignals Hold() => CallerSignals.Blocked is { } blocked ? new(blocked) : new(KickSignal.Number);

    private PendingSignals(ulong blocked) => before = new LibC.SignalSet { Signals = blocked };

    /// <summary>Whether one waits.</summary>
    internal bool IsAny
    {
        get
        {
            LibC.SignalSet blocked = before;
            LibC.TimeSpecification now = default;
            return LibC.PPoll(null, 0, &now, &blocked) < 0;
        }
    }

    internal void Dispose()
    {
        if (isBlocked)
        {
            LibC.SignalSet restored = before;
            _ = CLibrary.PthreadSigmask(SetMask, &restored, null);
        }
    }
}
