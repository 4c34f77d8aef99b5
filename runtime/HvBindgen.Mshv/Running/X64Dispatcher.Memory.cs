using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;

namespace HvBindgen.Mshv.Running;

/// <content>Accesses that take the instruction itself to understand: device memory and string port I/O.</content>
internal sealed partial class X64Dispatcher
{
    private const byte VectorUndefinedOpcode = 6;

    private Treatment OnMemory(in MemoryIntercept memory, bool isUnaccepted)
    {
        if (memory.Access > InterceptAccess.Execute)
        {
            return End(RunEnd.MalformedMessage, $"memory access of type {(byte)memory.Access}");
        }

        // What cannot be executed cannot be emulated either; and unaccepted pages are the caller's own affair.
        MemoryAction action = isUnaccepted || memory.Access == InterceptAccess.Execute ? MemoryAction.Unhandled : MemoryAction.Emulate;
        if (handlers.Memory is { } handler)
        {
            action = handler.OnMemoryIntercept(Processor.Index, memory.Gpa, memory.Access, isUnaccepted);
        }

        switch (action)
        {
            case MemoryAction.Retry:
                return Treatment.Retried;
            case MemoryAction.Emulate:
                return Emulate(in memory.Header, new EmulationInput
                {
                    InstructionBytes = memory.InstructionBytes,
                    HasKnownTranslation = memory.IsTranslated,
                    KnownTranslationIsForWrite = memory.Access == InterceptAccess.Write,
                    KnownGva = memory.Gva,
                    KnownGpa = memory.Gpa,
                    MaxIterations = options.MaxStringIterations,
                    IsInterrupted = IsInterrupted,
                });
            default:
                return End(RunEnd.Unhandled, memory.Access == InterceptAccess.Execute
                    ? $"the guest executes at 0x{memory.Gpa:x}, where no memory is that it may execute"
                    : $"memory access at 0x{memory.Gpa:x}");
        }
    }

    private Treatment OnStringIo(in IoPortIntercept io) => Emulate(in io.Header, new EmulationInput
    {
        InstructionBytes = io.InstructionBytes,
        PortAccessIsGranted = true,
        MaxIterations = options.MaxStringIterations,
        IsInterrupted = IsInterrupted,
    });

    private Treatment Emulate(ref readonly hv_x64_intercept_message_header header, in EmulationInput input)
    {
        // The access was made while an event was delivered: the instruction at RIP has nothing to do with it.
        if (header.execution_state.interruption_pending != 0)
        {
            return EndAsInterrupted();
        }

        HypercallResult read = reader.Read(ref before);
        if (!read.IsSuccess)
        {
            return EndAsRefused("Reading registers for the emulation of an instruction", in read);
        }

        vectors.Begin();
        EmulationOutcome outcome;
        try
        {
            outcome = emulator.Execute(in before, ref after, in input);
        }
        catch
        {
            // The run ends with the handler's exception, and a next one takes a repeated instruction up where this one left it.
            _ = CommitProgress();
            throw;
        }

        if (outcome.Result is not (EmulationResult.Unsupported or EmulationResult.Abandoned))
        {
            return Finish(in header, in outcome);
        }

        if (outcome.Result == EmulationResult.Unsupported && RaisedFor(outcome.Limit) is { } vector)
        {
            registers.Clear();
            registers.SetChanges(in before, in after);
            return InjectFault(in header, vector, vector == VectorGeneralProtection ? 0u : null, parameter: 0);
        }

        HypercallResult written = CommitProgress();
        return !written.IsSuccess ? EndAsRefused("Writing the progress of a repeated instruction", in written)
            : outcome.Result == EmulationResult.Abandoned ? End(RunEnd.Unhandled, bus.Unclaimed)
            : End(RunEnd.UnsupportedInstruction, $"{outcome.InstructionName} ({outcome.Limit})");
    }

    // What the guest gets for an instruction that is not carried out; null: the run ends.
    private byte? RaisedFor(EmulationLimit limit) => limit is EmulationLimit.CodeNotInMemory or EmulationLimit.PageTableNotInMemory ? null
        : options.UnsupportedInstructions switch
        {
            UnsupportedInstruction.RaiseUndefinedOpcode => VectorUndefinedOpcode,
            UnsupportedInstruction.RaiseGeneralProtection => VectorGeneralProtection,
            _ => null,
        };

    // Of an instruction that did not end: nothing, or the iterations that a repeated one has done.
    private HypercallResult CommitProgress()
    {
        registers.Clear();
        registers.SetChanges(in before, in after);
        return registers.Commit();
    }

    private Treatment Finish(ref readonly hv_x64_intercept_message_header header, in EmulationOutcome outcome)
    {
        if (vectors.Errno != 0)
        {
            registers.Clear();
            return EndAsRefused("Reading or writing vector registers", vectors.Errno);
        }

        registers.SetChanges(in before, in after);
        if (outcome.Result == EmulationResult.Fault)
        {
            return InjectFault(in header, outcome.Vector, outcome.ErrorCode, outcome.FaultAddress);
        }

        if (outcome.SingleStepIsDue)
        {
            StageStep();
        }

        bool hasShadow = header.execution_state.interrupt_shadow != 0;
        if (outcome.Result == EmulationResult.Completed && hasShadow != outcome.LoadsStackSegment)
        {
            return CommitWithInterruptShadow(outcome.LoadsStackSegment);
        }

        // A string instruction that makes no step would otherwise be entered for ever.
        return registers.Count == 0 ? Treatment.Retried : Commit();
    }
}
