using HvBindgen.Emulation.X64;
using HvBindgen.Emulation.X64.Processor;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>Ends the instruction that a run stopped in front of, where the hypervisor answers it and not the client.</summary>
/// <param name="state">The processor's registers at hand.</param>
/// <param name="processor">The processor.</param>
/// <param name="pages">Its memory, which is as it was: the client has not been asked.</param>
internal sealed class InstructionAnswers(ProcessorState state, X64Processor processor, KeptPages pages)
{
    /// <summary>RDMSR or WRMSR.</summary>
    internal void OfMsr(in MsrAccess access, ulong value, bool faults)
    {
        if (faults)
        {
            Fault(X64Bits.VectorGp, errorCode: 0);
            return;
        }

        if (!access.IsWrite)
        {
            state.General[ProcessorState.Rax] = (uint)value;
            state.General[ProcessorState.Rdx] = value >> 32;
        }

        Complete();
    }

    /// <summary>VMCALL.</summary>
    internal void OfHypercall(bool faults)
    {
        if (faults)
        {
            Fault(X64Bits.VectorUd, errorCode: null);
            return;
        }

        Complete();
    }

    private void Fault(byte vector, uint? errorCode)
    {
        pages.StayForOneRun();
        state.Events.InjectException(vector, errorCode);
        state.EventsChanged = true;
    }

    private void Complete()
    {
        pages.StayForOneRun();
        state.Rip = state.CodeOffset(state.Rip + (uint)processor.Outcome.InstructionSizeBytes);
        state.GeneralChanged = true;
    }
}
