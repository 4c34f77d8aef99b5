using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>What a processor raises, on its way to the guest's handler or to whoever intercepts it.</summary>
/// <param name="context">The instruction under way.</param>
/// <param name="space">Memory.</param>
/// <param name="delivery">Delivers one event.</param>
/// <param name="system">Registers of the system.</param>
/// <param name="keep">Takes an event that cannot be delivered yet.</param>
internal sealed class RaisedEvents(
    X64Context context, X64AddressSpace space, EventDelivery delivery, SystemRegisters system, Action<ProcessorEvent> keep)
{
    /// <summary>Exceptions that stop the processor instead of being delivered: one bit for each vector.</summary>
    internal uint Intercepts { get; set; }

    /// <summary>The exception that stopped the processor.</summary>
    internal ProcessorEvent Intercepted { get; private set; }

    /// <summary>What the processor stops for where something neither ends nor faults.</summary>
    internal static ProcessorStop StopOf(in EmulationOutcome outcome) =>
        outcome.Result == EmulationResult.Abandoned ? ProcessorStop.Unanswered
        : outcome.Limit is EmulationLimit.CodeNotInMemory or EmulationLimit.PageTableNotInMemory ? ProcessorStop.NoMemory
        : ProcessorStop.Unsupported;

    /// <summary>Raises a debug exception behind an instruction, or in front of one with a breakpoint.</summary>
    /// <param name="cause">Bits of DR6, besides what was met on data and ports.</param>
    internal ProcessorStop? RaiseDebug(ulong cause)
    {
        system.Debug.Report(cause);
        system.InterruptShadow = false;
        return Raise(new ProcessorEvent(EventKind.Trap, X64Bits.VectorDb, null), 0);
    }

    // INT1, INT3 and INTO are exceptions, INT n is none. The processor stops in front of them. A gate need not allow INT1.
    internal ProcessorStop? RaiseByName(byte vector)
    {
        bool needsNoRight = context.Instruction.Mnemonic == Mnemonic.Int1;
        ProcessorEvent what = new(needsNoRight ? EventKind.Trap : EventKind.Software, vector, null);
        bool isException = context.Instruction.Mnemonic != Mnemonic.Int;
        return isException && IsIntercepted(vector) ? Stop(what) : Deliver(what, context.NextRip);
    }

    /// <summary>Raises an exception.</summary>
    /// <param name="what">The exception.</param>
    /// <param name="address">What CR2 becomes by a page fault.</param>
    internal ProcessorStop? Raise(ProcessorEvent what, ulong address)
    {
        if (IsIntercepted(what.Vector))
        {
            return Stop(what);
        }

        if (what.Vector == X64Bits.VectorPf)
        {
            context.State.Cr2 = address;
        }

        return Deliver(what, context.State.Rip);
    }

    private bool IsIntercepted(byte vector) => vector < 32 && ((Intercepts >> vector) & 1) != 0;

    private ProcessorStop Stop(ProcessorEvent what)
    {
        Intercepted = what;
        return ProcessorStop.Exception;
    }

    /// <summary>Delivers an event, or what comes of it.</summary>
    /// <returns>What the processor stops for; null: nothing.</returns>
    internal ProcessorStop? Deliver(ProcessorEvent what, ulong returnAddress)
    {
        ref X64State state = ref context.State;

        while (true)
        {
            X64State saved = state;
            context.BeginNext();
            space.Begin();

            if (delivery.TryDeliver(in what, returnAddress))
            {
                return null;
            }

            EmulationOutcome outcome = context.Outcome;

            // What faults in another task's name has come as far as that task.
            if (!context.KeepsProgress)
            {
                state = saved;
            }

            context.FollowMode();
            system.Debug.Watched.Hits = 0;

            if (outcome.Result != EmulationResult.Fault)
            {
                // What has no memory or device to be written to waits; an instruction that raises it is carried out again.
                if (what.Kind != EventKind.Software)
                {
                    keep(what);
                }

                return StopOf(in outcome);
            }

            bool isException = what.Kind is EventKind.Fault or EventKind.Trap;

            if (isException && what.Vector == X64Bits.VectorDf)
            {
                return ProcessorStop.Shutdown;
            }

            if (outcome.Vector == X64Bits.VectorPf)
            {
                state.Cr2 = outcome.FaultAddress;
            }

            what = isException && ProcessorEvent.MakesDoubleFault(what.Vector, outcome.Vector)
                ? new ProcessorEvent(EventKind.Fault, X64Bits.VectorDf, 0)
                : new ProcessorEvent(EventKind.Fault, outcome.Vector, outcome.ErrorCode);
            returnAddress = state.Rip;

            if (IsIntercepted(what.Vector))
            {
                return Stop(what);
            }
        }
    }
}
