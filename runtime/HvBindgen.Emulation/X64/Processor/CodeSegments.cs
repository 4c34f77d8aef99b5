using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>Enters code segments and, with outer privilege, their stack segments, after the checks of who transfers control.</summary>
internal sealed class CodeSegments(X64Context context, X64AddressSpace space, DescriptorReader descriptors)
{
    // Jumps and calls, which do not change the privilege level.
    internal bool TryGo(ushort selector, ulong target, int size)
    {
        ref X64State state = ref context.State;

        if (!state.IsProtectedMode)
        {
            target = X64Value.Truncate(target, size);

            if (target > state.Segments[X64SegmentFile.Cs].Limit)
            {
                return context.FaultWithCode(X64Bits.VectorGp);
            }

            state.Segments[X64SegmentFile.Cs].Selector = selector;
            state.Segments[X64SegmentFile.Cs].Base = (ulong)selector << 4;
            context.NextRip = target;
            return true;
        }

        if (DescriptorReader.IsNull(selector))
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        if (!descriptors.TryRead(selector, X64Bits.VectorGp, 0, out Descriptor code))
        {
            return false;
        }

        int privilege = state.PrivilegeLevel;
        int requested = selector & DescriptorReader.SelectorPrivilege;
        bool isAllowed = code.IsConforming
            ? code.Segment.PrivilegeLevel <= privilege
            : requested <= privilege && code.Segment.PrivilegeLevel == privilege;

        if (!code.IsCode || !isAllowed || !IsMode(in code))
        {
            return context.FaultWithCode(X64Bits.VectorGp, DescriptorReader.CodeOf(selector));
        }

        code.Segment.Selector = (ushort)((selector & ~DescriptorReader.SelectorPrivilege) | privilege);
        return code.Segment.IsPresent
            ? TryEnter(code, target, size)
            : context.FaultWithCode(X64Bits.VectorNp, DescriptorReader.CodeOf(selector));
    }

    private bool IsMode(in Descriptor code) =>
        (context.State.Efer & X64Bits.EferLma) == 0 || !code.Segment.IsLong || !code.Segment.IsBig;

    internal bool TryReadReturn(ushort selector, int outer, out Descriptor code)
    {
        code = default;

        if (DescriptorReader.IsNull(selector))
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        if (!descriptors.TryRead(selector, X64Bits.VectorGp, 0, out code))
        {
            return false;
        }

        int inner = selector & DescriptorReader.SelectorPrivilege;
        bool isAllowed = inner >= outer
            && (code.IsConforming ? code.Segment.PrivilegeLevel <= inner : code.Segment.PrivilegeLevel == inner);

        if (!code.IsCode || !isAllowed || !IsMode(in code))
        {
            return context.FaultWithCode(X64Bits.VectorGp, DescriptorReader.CodeOf(selector));
        }

        return code.Segment.IsPresent || context.FaultWithCode(X64Bits.VectorNp, DescriptorReader.CodeOf(selector));
    }

    // SS of whom is returned to. 64-bit code that is privileged may have none.
    internal bool TryReadStack(ushort selector, in Descriptor code, out X64SegmentState segment)
    {
        segment = default;
        int inner = code.Segment.Selector & DescriptorReader.SelectorPrivilege;
        bool isLong = (context.State.Efer & X64Bits.EferLma) != 0 && code.Segment.IsLong;
        uint errorCode = DescriptorReader.CodeOf(selector);

        if (DescriptorReader.IsNull(selector))
        {
            if (!isLong || inner == 3 || (selector & DescriptorReader.SelectorPrivilege) != inner)
            {
                return context.FaultWithCode(X64Bits.VectorGp);
            }

            segment = new X64SegmentState { Selector = selector, PrivilegeLevel = inner };
            return true;
        }

        if (!descriptors.TryRead(selector, X64Bits.VectorGp, 0, out Descriptor found))
        {
            return false;
        }

        if ((selector & DescriptorReader.SelectorPrivilege) != inner || found.Segment.PrivilegeLevel != inner || !found.IsWritableData)
        {
            return context.FaultWithCode(X64Bits.VectorGp, errorCode);
        }

        if (!found.Segment.IsPresent)
        {
            return context.FaultWithCode(X64Bits.VectorSs, errorCode);
        }

        bool isMarked = descriptors.TryMarkAccessed(ref found);
        segment = found.Segment;
        return isMarked;
    }

    internal bool TryEnter(Descriptor code, ulong target, int size)
    {
        target = X64Value.Truncate(target, size);
        bool isLong = (context.State.Efer & X64Bits.EferLma) != 0 && code.Segment.IsLong;

        if (isLong ? !space.IsCanonical(target) : (uint)target > code.Segment.Limit)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        if (!descriptors.TryMarkAccessed(ref code))
        {
            return false;
        }

        context.State.Segments[X64SegmentFile.Cs] = code.Segment;
        context.FollowMode();
        context.NextRip = isLong ? target : (uint)target;
        return true;
    }
    internal int WidthOfPointer(int size) =>
        context.Is64BitMode ? 8 : context.State.Segments[X64SegmentFile.Ss].IsBig ? 4 : Math.Min(size, 2);

    // What a more privileged level has left in a segment register is not for an outer one.
    internal void DropPrivilegedSegments(int privilege)
    {
        ReadOnlySpan<int> data = [X64SegmentFile.Es, X64SegmentFile.Ds, X64SegmentFile.Fs, X64SegmentFile.Gs];

        foreach (int index in data)
        {
            ref X64SegmentState segment = ref context.State.Segments[index];
            Descriptor view = new(0, 0, segment);

            if (!(view.IsCode && view.IsConforming) && segment.PrivilegeLevel < privilege)
            {
                // The base stays, as processors keep it of FS and GS in 64-bit mode.
                segment = new X64SegmentState { Base = segment.Base };
            }
        }
    }
}
