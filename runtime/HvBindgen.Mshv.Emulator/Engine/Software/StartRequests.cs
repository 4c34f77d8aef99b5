using HvBindgen.Emulation.X64.Processor;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>What others ask of a processor until its thread does it: to wait for its start, and to start. From any thread.</summary>
internal sealed class StartRequests
{
    private const int NoPage = -1;

    private volatile bool isReset;
    private int page = NoPage;
    private StartContext? context;

    /// <summary>Whether anything was asked.</summary>
    internal bool IsAny => isReset || Volatile.Read(ref page) != NoPage || Volatile.Read(ref context) is not null;

    /// <summary>INIT.</summary>
    internal void Reset() => isReset = true;

    /// <summary>A startup interrupt.</summary>
    internal void StartAt(byte number) => _ = Interlocked.CompareExchange(ref page, number, NoPage);

    /// <summary>A hypercall that starts the processor.</summary>
    /// <returns>False when another one has done that already.</returns>
    internal bool TryStart(in hv_init_vp_context from) => Interlocked.CompareExchange(ref context, new StartContext(from), null) is null;

    /// <summary>Takes an INIT.</summary>
    internal bool TakeReset()
    {
        bool isTaken = isReset;
        isReset = false;
        return isTaken;
    }

    /// <summary>Takes what starts the processor.</summary>
    /// <param name="state">Receives what it starts with.</param>
    /// <param name="stored">Receives the rest of it.</param>
    /// <param name="isTaken">Whether the processor waits for it; otherwise it is lost.</param>
    /// <returns>Whether the processor starts.</returns>
    internal bool TryTake(ProcessorState state, IStoredState stored, bool isTaken)
    {
        int number = Interlocked.Exchange(ref page, NoPage);
        StartContext? from = Interlocked.Exchange(ref context, null);
        if (!isTaken || (from is null && number == NoPage))
        {
            return false;
        }

        if (from is null)
        {
            state.StartAt((byte)number);
            return true;
        }

        state.StartWith(in from.Registers);
        _ = stored.TryWriteMsr(ModelRegisters.Pat, from.Registers.msr_cr_pat);
        return true;
    }

    private sealed class StartContext(in hv_init_vp_context registers)
    {
        internal readonly hv_init_vp_context Registers = registers;
    }
}
