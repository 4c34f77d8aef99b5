using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>IRET, of all modes.</summary>
internal sealed class InterruptReturns(
    X64Context context, X64Stack stack, CodeSegments code, SystemRegisters system, TaskSwitches tasks)
{
    private const ulong FlagsOfProgram =
        X64Bits.FlagsStatus | X64Bits.FlagTf | X64Bits.FlagDf | X64Bits.FlagNt | X64Bits.FlagRf | X64Bits.FlagAc | X64Bits.FlagId;

    private const ulong FlagsOfVirtualMode = X64Bits.FlagVif | X64Bits.FlagVip;

    /// <summary>IRET.</summary>
    internal bool ReturnFromInterrupt()
    {
        int size = context.Instruction.Code switch
        {
            Code.Iretw => 2,
            Code.Iretd => 4,
            _ => 8,
        };
        ref X64State state = ref context.State;
        bool isVirtual = (state.Cr0 & X64Bits.Cr0Pe) != 0 && (state.Rflags & X64Bits.FlagVm) != 0;

        if (isVirtual && (state.Rflags & X64Bits.FlagIopl) != X64Bits.FlagIopl)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        if (state.IsProtectedMode && (state.Rflags & X64Bits.FlagNt) != 0)
        {
            if ((state.Efer & X64Bits.EferLma) != 0)
            {
                return context.FaultWithCode(X64Bits.VectorGp);
            }

            bool isBack = tasks.TryReturn();
            system.NmiMasked &= !isBack;
            return isBack;
        }

        if (!stack.TryPop(size, out ulong target) || !stack.TryPop(size, out ulong selector) || !stack.TryPop(size, out ulong flags))
        {
            return false;
        }

        bool isReturned = !state.IsProtectedMode
            ? TryReturnReal((ushort)selector, target, flags, size, isVirtual)
            : (flags & X64Bits.FlagVm) != 0 && size == 4 && state.PrivilegeLevel == 0 && (state.Efer & X64Bits.EferLma) == 0
                ? TryReturnToVirtualMode((ushort)selector, target, flags)
                : TryReturnProtected((ushort)selector, target, flags, size);
        system.NmiMasked &= !isReturned;
        return isReturned;
    }

    private bool TryReturnReal(ushort selector, ulong target, ulong flags, int size, bool isVirtual)
    {
        ulong writable = FlagsOfProgram | X64Bits.FlagIf | (isVirtual ? 0 : X64Bits.FlagIopl);
        SetFlags(flags, writable, size);
        return code.TryGo(selector, target, size);
    }

    private bool TryReturnProtected(ushort selector, ulong target, ulong flags, int size)
    {
        ref X64State state = ref context.State;
        int outer = state.PrivilegeLevel;
        int inner = selector & DescriptorReader.SelectorPrivilege;
        int ioPrivilege = (int)((state.Rflags & X64Bits.FlagIopl) >> 12);
        X64SegmentState stackSegment = state.Segments[X64SegmentFile.Ss];
        ulong pointer = 0;
        bool hasStack = inner != outer || context.Is64BitMode;

        if (!code.TryReadReturn(selector, outer, out Descriptor segment))
        {
            return false;
        }

        if (hasStack
            && (!stack.TryPop(size, out pointer)
                || !stack.TryPop(size, out ulong stackSelector)
                || !code.TryReadStack((ushort)stackSelector, in segment, out stackSegment)))
        {
            return false;
        }

        if (!code.TryEnter(segment, target, size))
        {
            return false;
        }

        if (hasStack)
        {
            state.Segments[X64SegmentFile.Ss] = stackSegment;
            context.WriteGpr(Gpr.Rsp, pointer, code.WidthOfPointer(size));
        }

        ulong writable = FlagsOfProgram;
        writable |= outer <= ioPrivilege ? X64Bits.FlagIf : 0;
        writable |= outer == 0 ? X64Bits.FlagIopl | FlagsOfVirtualMode : 0;
        SetFlags(flags, writable, size);

        if (inner != outer)
        {
            code.DropPrivilegedSegments(inner);
        }

        return true;
    }

    private bool TryReturnToVirtualMode(ushort selector, ulong target, ulong flags)
    {
        const int SlotBytes = 4;
        ref X64State state = ref context.State;
        Span<ushort> selectors = stackalloc ushort[6];
        ReadOnlySpan<int> order = [X64SegmentFile.Ss, X64SegmentFile.Es, X64SegmentFile.Ds, X64SegmentFile.Fs, X64SegmentFile.Gs];
        selectors[X64SegmentFile.Cs] = selector;

        if (!stack.TryPop(SlotBytes, out ulong pointer))
        {
            return false;
        }

        foreach (int segment in order)
        {
            if (!stack.TryPop(SlotBytes, out ulong value))
            {
                return false;
            }

            selectors[segment] = (ushort)value;
        }

        for (int segment = X64SegmentFile.Es; segment <= X64SegmentFile.Gs; segment++)
        {
            state.Segments[segment] = new X64SegmentState
            {
                Selector = selectors[segment],
                Base = (ulong)selectors[segment] << 4,
                Limit = 0xFFFF,
                Attributes = 0xF3,
            };
        }

        SetFlags(flags, FlagsOfProgram | X64Bits.FlagIf | X64Bits.FlagIopl | X64Bits.FlagVm | FlagsOfVirtualMode, SlotBytes);
        state.Gpr[Gpr.Rsp] = (uint)pointer;
        context.NextRip = (ushort)target;
        context.FollowMode();
        return true;
    }

    private void SetFlags(ulong flags, ulong writable, int size)
    {
        writable = X64Value.Truncate(writable, size);
        context.State.Rflags = (context.State.Rflags & ~writable) | (flags & writable) | 2;
    }
}
