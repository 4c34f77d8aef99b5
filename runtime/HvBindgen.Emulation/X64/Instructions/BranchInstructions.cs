using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>What transfers control within a segment.</summary>
internal sealed class BranchInstructions(X64Context context, X64AddressSpace space, X64Operands operands, X64Stack stack)
{
    internal bool JumpOnCondition() =>
        !ConditionalInstructions.Holds(context.Instruction.ConditionCode, context.State.Rflags)
        || BranchTo(context.Instruction.NearBranchTarget, BranchSizeBytes());

    internal bool Jump() => TryReadTarget(out ulong target, out int size) && BranchTo(target, size);

    internal bool Call()
    {
        int size = stack.ItemSizeBytes;
        ulong returnAddress = context.NextRip;

        // A device is read only once it is known that the return address can be stored.
        if (context.Instruction.IsCallFarIndirect || context.Instruction.IsCallFar)
        {
            return context.Unsupported(EmulationLimit.SegmentLoad);
        }

        if (operands.IsMemory(0) && !operands.TryMap(size, AccessKind.Read, out _))
        {
            return false;
        }

        if (!stack.TryMap(context.State.Gpr[Gpr.Rsp] - (uint)size, size, AccessKind.Write, out MappedMemory memory)
            || !TryReadTarget(out ulong target, out int targetSize))
        {
            return false;
        }

        // A target that is not canonical, or beyond CS, faults when the return address has been stored; the stack pointer has not moved.
        space.Store(memory, returnAddress);

        if (!BranchTo(target, targetSize))
        {
            return false;
        }

        stack.MovePointer(-size);
        return true;
    }

    internal bool Return()
    {
        int released = context.Instruction.OpCount == 1 ? context.Instruction.Immediate16 : 0;
        int size = stack.ItemSizeBytes - released;

        if (!stack.TryPop(size, out ulong target) || !BranchTo(target, size))
        {
            return false;
        }

        stack.MovePointer(released);
        return true;
    }

    internal bool JumpOnCount()
    {
        int size = CountSizeBytes();
        ulong count = context.ReadGpr(Gpr.Rcx, size);

        Mnemonic mnemonic = context.Instruction.Mnemonic;

        if (mnemonic is Mnemonic.Jcxz or Mnemonic.Jecxz or Mnemonic.Jrcxz)
        {
            return count != 0 || BranchTo(context.Instruction.NearBranchTarget, BranchSizeBytes());
        }

        count = X64Value.Truncate(count - 1, size);
        bool zero = (context.State.Rflags & X64Bits.FlagZf) != 0;
        bool jumps = count != 0 && (mnemonic == Mnemonic.Loop || zero == (mnemonic == Mnemonic.Loope));

        if (jumps && !BranchTo(context.Instruction.NearBranchTarget, BranchSizeBytes()))
        {
            return false;
        }

        context.WriteGpr(Gpr.Rcx, count, size);
        return true;
    }

    private int BranchSizeBytes() => context.Instruction.Op0Kind switch
    {
        OpKind.NearBranch16 => 2,
        OpKind.NearBranch32 => 4,
        _ => 8,
    };

    private bool BranchTo(ulong target, int sizeBytes)
    {
        target = X64Value.Truncate(target, sizeBytes);
        bool isValid = context.Is64BitMode ? space.IsCanonical(target) : target <= context.State.Segments[X64SegmentFile.Cs].Limit;

        if (!isValid)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        context.NextRip = target;
        return true;
    }

    private bool TryReadTarget(out ulong target, out int sizeBytes)
    {
        target = 0;

        if (context.Instruction.Op0Kind is OpKind.NearBranch16 or OpKind.NearBranch32 or OpKind.NearBranch64)
        {
            target = context.Instruction.NearBranchTarget;
            sizeBytes = BranchSizeBytes();
            return true;
        }

        if (context.Instruction.Op0Kind is not (OpKind.Register or OpKind.Memory)
            || context.Instruction.IsJmpFarIndirect || context.Instruction.IsCallFarIndirect)
        {
            sizeBytes = 0;
            return context.Unsupported(EmulationLimit.SegmentLoad);
        }

        sizeBytes = operands.SizeBytes(0);
        return operands.TryRead(0, sizeBytes, out target);
    }

    private int CountSizeBytes()
    {
        switch (context.Instruction.Code)
        {
            case Code.Jcxz_rel8_16:
            case Code.Jcxz_rel8_32:
            case Code.Loop_rel8_16_CX:
            case Code.Loop_rel8_32_CX:
            case Code.Loope_rel8_16_CX:
            case Code.Loope_rel8_32_CX:
            case Code.Loopne_rel8_16_CX:
            case Code.Loopne_rel8_32_CX:
                return 2;
            case Code.Jrcxz_rel8_16:
            case Code.Jrcxz_rel8_64:
            case Code.Loop_rel8_16_RCX:
            case Code.Loop_rel8_64_RCX:
            case Code.Loope_rel8_16_RCX:
            case Code.Loope_rel8_64_RCX:
            case Code.Loopne_rel8_16_RCX:
            case Code.Loopne_rel8_64_RCX:
                return 8;
            default:
                return 4;
        }
    }
}
