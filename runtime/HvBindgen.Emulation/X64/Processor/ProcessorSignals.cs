namespace HvBindgen.Emulation.X64.Processor;

/// <summary>What waits in front of a processor's next instruction: one look tells that there is nothing. From any thread.</summary>
internal sealed class ProcessorSignals
{
    /// <summary>Somebody wants the processor to stop.</summary>
    internal const int Attention = 1;

    /// <summary>There may be an interrupt to take.</summary>
    internal const int Interrupt = 2;

    /// <summary>An event is to be delivered.</summary>
    internal const int Event = 4;

    /// <summary>The processor is to stop as soon as an interrupt could be taken.</summary>
    internal const int Window = 8;

    /// <summary>Breakpoints are enabled: without them no instruction looks for any.</summary>
    internal const int Breakpoint = 16;

    /// <summary>An NMI waits.</summary>
    internal const int Nmi = 32;

    private const int Maskable = Interrupt | Window;

    private int raised;

    internal int Raised => Volatile.Read(ref raised);

    internal bool Has(int signal) => (Raised & signal) != 0;

    internal void Set(int signal, bool isOn) =>
        _ = isOn ? Interlocked.Or(ref raised, signal) : Interlocked.And(ref raised, ~signal);

    /// <summary>Which signals something would follow from, as long as IF stays what it is.</summary>
    internal static int Effective(ulong flags) => (flags & X64Bits.FlagIf) != 0 ? ~0 : ~Maskable;
}
