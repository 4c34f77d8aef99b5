using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>Jumps, calls and returns between segments.</summary>
internal sealed class FarTransfers(
    X64Context context,
    X64AddressSpace space,
    X64Operands operands,
    X64Stack stack,
    CodeSegments code,
    DescriptorReader descriptors,
    CallGates gates,
    TaskSwitches tasks)
{
    /// <summary>JMP to another segment.</summary>
    internal bool Jump()
    {
        if (!TryReadPointer(out ushort selector, out ulong target, out int size))
        {
            return false;
        }

        return IsOfSystem(selector, out Descriptor found) ? TryPass(in found, isCall: false) : code.TryGo(selector, target, size);
    }

    /// <summary>CALL of another segment.</summary>
    internal bool Call()
    {
        if (!TryReadPointer(out ushort selector, out ulong target, out int size))
        {
            return false;
        }

        if (IsOfSystem(selector, out Descriptor found))
        {
            return TryPass(in found, isCall: true);
        }

        ushort before = context.State.Segments[X64SegmentFile.Cs].Selector;
        ulong returnAddress = context.NextRip;

        // The target is looked at before the return address is stored, which the processor does in the mode it comes from.
        X64SegmentFile segments = context.State.Segments;

        if (!code.TryGo(selector, target, size))
        {
            return false;
        }

        X64SegmentFile after = context.State.Segments;
        context.State.Segments = segments;
        context.FollowMode();

        if (!stack.TryPush(before, size) || !stack.TryPush(returnAddress, size))
        {
            return false;
        }

        context.State.Segments = after;
        context.FollowMode();
        return true;
    }

    // Gates and tasks. What cannot be read is a fault that the way to a code segment raises.
    private bool IsOfSystem(ushort selector, out Descriptor found)
    {
        found = default;
        return context.State.IsProtectedMode
            && !DescriptorReader.IsNull(selector)
            && descriptors.TryRead(selector, X64Bits.VectorGp, 0, out found)
            && !found.Segment.IsCodeOrData;
    }

    private bool TryPass(in Descriptor found, bool isCall)
    {
        bool isLong = (context.State.Efer & X64Bits.EferLma) != 0;

        return found.Segment.Type switch
        {
            4 when !isLong => gates.TryPass(in found, isCall),
            12 => gates.TryPass(in found, isCall),
            1 or 5 or 9 when !isLong => tasks.TryGo(in found, isCall),
            _ => context.FaultWithCode(X64Bits.VectorGp, DescriptorReader.CodeOf(found.Segment.Selector)),
        };
    }

    /// <summary>RET to another segment.</summary>
    internal bool Return()
    {
        int size = context.Instruction.Code switch
        {
            Code.Retfw or Code.Retfw_imm16 => 2,
            Code.Retfd or Code.Retfd_imm16 => 4,
            _ => 8,
        };
        int released = context.Instruction.OpCount == 1 ? context.Instruction.Immediate16 : 0;

        if (!stack.TryPop(size, out ulong target) || !stack.TryPop(size, out ulong selector))
        {
            return false;
        }

        if (!context.State.IsProtectedMode)
        {
            stack.MovePointer(released);
            return code.TryGo((ushort)selector, target, size);
        }

        int outer = context.State.PrivilegeLevel;

        if (!code.TryReadReturn((ushort)selector, outer, out Descriptor segment))
        {
            return false;
        }

        stack.MovePointer(released);
        int inner = (int)selector & DescriptorReader.SelectorPrivilege;

        if (inner == outer)
        {
            return code.TryEnter(segment, target, size);
        }

        if (!stack.TryPop(size, out ulong pointer)
            || !stack.TryPop(size, out ulong stackSelector)
            || !code.TryReadStack((ushort)stackSelector, in segment, out X64SegmentState stackSegment)
            || !code.TryEnter(segment, target, size))
        {
            return false;
        }

        context.State.Segments[X64SegmentFile.Ss] = stackSegment;
        context.WriteGpr(Gpr.Rsp, pointer, code.WidthOfPointer(size));
        stack.MovePointer(released);
        code.DropPrivilegedSegments(inner);
        return true;
    }

    private bool TryReadPointer(out ushort selector, out ulong target, out int size)
    {
        size = context.Instruction.Code switch
        {
            Code.Jmp_ptr1616 or Code.Call_ptr1616 or Code.Jmp_m1616 or Code.Call_m1616 => 2,
            Code.Jmp_ptr1632 or Code.Call_ptr1632 or Code.Jmp_m1632 or Code.Call_m1632 => 4,
            _ => 8,
        };

        switch (context.Instruction.Op0Kind)
        {
            case OpKind.FarBranch16:
                target = context.Instruction.FarBranch16;
                selector = context.Instruction.FarBranchSelector;
                return true;
            case OpKind.FarBranch32:
                target = context.Instruction.FarBranch32;
                selector = context.Instruction.FarBranchSelector;
                return true;
            default:
                target = 0;
                selector = 0;

                if (!operands.TryMap(size, AccessKind.Read, out MappedMemory offset)
                    || !operands.TryMap(2, AccessKind.Read, size, out MappedMemory segment))
                {
                    return false;
                }

                target = space.Load(offset);
                selector = (ushort)space.Load(segment);
                return !space.IsAbandoned || context.Abandon();
        }
    }
}
