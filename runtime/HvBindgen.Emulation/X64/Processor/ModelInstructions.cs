using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>CPUID, RDMSR, WRMSR, VMCALL, the time-stamp counter, random numbers, and the bases of FS and GS.</summary>
internal sealed class ModelInstructions(
    X64Context context, X64AddressSpace space, X64Operands operands, ModelRegisters registers, IX64Surroundings surroundings)
{
    /// <summary>What the instruction stopped for, where that is for whoever runs the processor.</summary>
    internal ProcessorStop? StopsFor { get; set; }

    internal bool Identify()
    {
        if (surroundings.InterceptsIdentification((uint)context.State.Gpr[Gpr.Rax]))
        {
            StopsFor = ProcessorStop.Identification;
            return context.Abandon();
        }

        X64Identification result = surroundings.Identify((uint)context.State.Gpr[Gpr.Rax], (uint)context.State.Gpr[Gpr.Rcx]);
        context.State.Gpr[Gpr.Rax] = result.Eax;
        context.State.Gpr[Gpr.Rbx] = result.Ebx;
        context.State.Gpr[Gpr.Rcx] = result.Ecx;
        context.State.Gpr[Gpr.Rdx] = result.Edx;
        return true;
    }

    internal bool ReadMsr()
    {
        if (context.State.PrivilegeLevel != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        MsrAnswer answer = surroundings.ReadMsr((uint)context.State.Gpr[Gpr.Rcx], out ulong value);
        return TryFinish(answer) && WriteWide(value);
    }

    internal bool WriteMsr()
    {
        if (context.State.PrivilegeLevel != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        ulong value = (context.State.Gpr[Gpr.Rdx] << 32) | (uint)context.State.Gpr[Gpr.Rax];
        return TryFinish(surroundings.WriteMsr((uint)context.State.Gpr[Gpr.Rcx], value));
    }

    /// <summary>VMCALL: a call of the hypervisor, if there is one, by protected mode's highest privilege.</summary>
    internal bool CallHypervisor()
    {
        if (!surroundings.TakesHypercalls || !context.State.IsProtectedMode || context.State.PrivilegeLevel != 0)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        StopsFor = ProcessorStop.Hypercall;
        return context.Abandon();
    }

    /// <summary>VMMCALL: the other vendor's call, which processors of this one do not know.</summary>
    internal bool RefuseOtherVendor() => context.Fault(X64Bits.VectorUd);

    /// <summary>RDPMC: there are no counters.</summary>
    internal bool ReadCounter() => context.FaultWithCode(X64Bits.VectorGp);

    /// <summary>RDTSC and RDTSCP.</summary>
    internal bool ReadTimestamp()
    {
        if ((context.State.Cr4 & X64Bits.Cr4Tsd) != 0 && context.State.PrivilegeLevel != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        if (context.Instruction.Mnemonic == Mnemonic.Rdtscp)
        {
            context.State.Gpr[Gpr.Rcx] = surroundings.TimestampAux;
        }

        return WriteWide(surroundings.TimestampCounter);
    }

    /// <summary>RDRAND and RDSEED, which always have a number.</summary>
    internal bool ReadRandom()
    {
        context.WriteRegister(context.Instruction.Op0Register, surroundings.NextRandom());
        context.State.Rflags = (context.State.Rflags & ~X64Bits.FlagsStatus) | X64Bits.FlagCf;
        return true;
    }

    internal bool ReadProcessorId()
    {
        context.WriteRegister(context.Instruction.Op0Register, surroundings.TimestampAux);
        return true;
    }

    internal bool SwapGs()
    {
        if (!context.Is64BitMode)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        if (context.State.PrivilegeLevel != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        ref ulong @base = ref context.State.Segments[X64SegmentFile.Gs].Base;
        (registers.KernelGsBase, @base) = (@base, registers.KernelGsBase);
        return true;
    }

    internal bool ReadBase(int segment)
    {
        if (!MayUseBases)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        context.WriteRegister(context.Instruction.Op0Register, context.State.Segments[segment].Base);
        return true;
    }

    internal bool WriteBase(int segment)
    {
        if (!MayUseBases)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        ulong value = X64Value.Truncate(context.ReadRegister(context.Instruction.Op0Register), operands.SizeBytesOfRegister(0));

        if (!space.IsCanonical(value))
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        context.State.Segments[segment].Base = value;
        return true;
    }

    private bool MayUseBases => context.Is64BitMode && (context.State.Cr4 & X64Bits.Cr4Fsgsbase) != 0;

    private bool TryFinish(MsrAnswer answer)
    {
        switch (answer)
        {
            case MsrAnswer.Done:
                return true;
            case MsrAnswer.Fault:
                return context.FaultWithCode(X64Bits.VectorGp);
            default:
                StopsFor = ProcessorStop.Msr;
                return context.Abandon();
        }
    }

    private bool WriteWide(ulong value)
    {
        context.State.Gpr[Gpr.Rax] = (uint)value;
        context.State.Gpr[Gpr.Rdx] = value >> 32;
        return true;
    }
}
