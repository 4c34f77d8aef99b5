using HvBindgen.Emulation.X64.Processor;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>A guest's accesses to model-specific registers: those that the processor answers, and those that its client does.</summary>
internal sealed class MsrAccesses(SoftwareMachine machine, SoftwareMsrs msrs)
{
    /// <summary>The access that was last left to the client.</summary>
    internal MsrAccess Last { get; private set; }

    /// <summary>Reads a register.</summary>
    internal MsrAnswer Read(uint index, out ulong value)
    {
        value = 0;
        bool isIntercepted = machine.IsIntercepted(index, isWrite: false);
        if (!isIntercepted && msrs.TryRead(index, out value))
        {
            return MsrAnswer.Done;
        }

        Last = new MsrAccess(index, 0, IsWrite: false, isIntercepted);
        return MsrAnswer.Stop;
    }

    /// <summary>Writes a register.</summary>
    internal MsrAnswer Write(uint index, ulong value)
    {
        bool isIntercepted = machine.IsIntercepted(index, isWrite: true);
        bool? isTaken = isIntercepted ? null : msrs.TryWrite(index, value);
        if (isTaken is not null)
        {
            return isTaken.Value ? MsrAnswer.Done : MsrAnswer.Fault;
        }

        Last = new MsrAccess(index, value, IsWrite: true, isIntercepted);
        return MsrAnswer.Stop;
    }
}
