using HvBindgen.Mshv.Interop;
using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Finds what the instruction at RIP cannot reach, where a processor has stopped in front of it: nothing of it is done.</summary>
internal sealed class FaultedAccess(
    ProcessorState state,
    InstructionReader reader,
    MemoryOperands operands,
    UnreadableCode code,
    EventDelivery delivery,
    TrialRun trial)
{
    // What another thread has mapped since is reached by the next try.
    private const int MaxTries = 100;

    private readonly MemoryExit exit = new();
    private ulong triedRip;
    private int tries;

    /// <summary>Finds the access.</summary>
    /// <returns>Null when there is nothing that the instruction does not reach now: the processor may try again.</returns>
    internal ProcessorExit? Recover()
    {
        tries = state.Rip == triedRip ? tries + 1 : 0;
        triedRip = state.Rip;
        bool isEvent = state.Events.IsInterruptionPending;
        Instruction instruction = default;
        MemoryExit? found = isEvent ? delivery.Find()
            : reader.TryDecode(state.Rip, out instruction) ? FindData(in instruction)
            : code.Find();
        if (found is not null)
        {
            tries = 0;
        }

        return found is not null || tries < MaxTries
            ? found
            : new FailedExit(
                Errno.EFAULT,
                $"KVM cannot reach what {(isEvent ? "the delivery of an event" : instruction.Code)} at RIP 0x{state.Rip:x} accesses, "
                + $"in {reader.BytesAround(state.Rip)}");
    }

    private MemoryExit? FindData(in Instruction instruction)
    {
        if (trial.Execute() is { } access)
        {
            exit.Gpa = access.Address;
            exit.Access = access.IsWrite ? MemoryAccess.Write : MemoryAccess.Read;
            exit.Gva = operands.TryFindAccess(in instruction, access.Address, out ulong gva) ? gva : null;
        }
        else if (operands.TryFindUnreachable(in instruction, out ulong linear, out ulong gpa, out bool isTable, out bool isWrite))
        {
            exit.Gpa = gpa;
            exit.Access = isWrite && !isTable ? MemoryAccess.Write : MemoryAccess.Read;
            exit.Gva = isTable ? null : linear;
        }
        else
        {
            return null;
        }

        reader.Describe(exit);
        exit.InstructionLength = 0; // the hypervisor gives bytes, not a length
        return exit;
    }
}
