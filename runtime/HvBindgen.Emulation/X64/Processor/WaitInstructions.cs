using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>HLT, MONITOR and MWAIT.</summary>
/// <remarks>Stores to what is monitored are not seen: MWAIT may wait for an interrupt, but no longer than a store may stay unnoticed, which
/// whoever runs the processor decides. Programs look again in any case, because processors wake without a reason too.</remarks>
internal sealed class WaitInstructions(
    X64Context context, X64AddressSpace space, ModelRegisters registers, ControlInstructions control)
{
    private bool isMonitoring;

    /// <summary>HLT.</summary>
    internal bool Halt()
    {
        if (context.State.PrivilegeLevel != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        control.Stop = ProcessorStop.Halt;
        return true;
    }

    /// <summary>MONITOR, which is a load of one byte as far as memory is concerned.</summary>
    internal bool Monitor()
    {
        if (context.State.PrivilegeLevel != 0 || !registers.IsMonitorEnabled)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        if ((uint)context.State.Gpr[Gpr.Rcx] != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        int addressBytes = context.Instruction.Code switch
        {
            Code.Monitorw => 2,
            Code.Monitord => 4,
            _ => 8,
        };
        Register named = context.Instruction.SegmentPrefix;
        int segment = named == Register.None ? X64SegmentFile.Ds : RegisterNames.SegmentIndex(named);
        isMonitoring = space.TryMap(segment, context.ReadGpr(Gpr.Rax, addressBytes), 1, 1, AccessKind.Read, out _);
        return isMonitoring;
    }

    /// <summary>MWAIT. Without MONITOR before it nothing is waited for.</summary>
    internal bool Wait()
    {
        const uint InterruptsEvenIfMasked = 1;

        if (context.State.PrivilegeLevel != 0 || !registers.IsMonitorEnabled)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        if (((uint)context.State.Gpr[Gpr.Rcx] & ~InterruptsEvenIfMasked) != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        control.Stop = isMonitoring ? ProcessorStop.Wait : null;
        isMonitoring = false;
        return true;
    }
}
