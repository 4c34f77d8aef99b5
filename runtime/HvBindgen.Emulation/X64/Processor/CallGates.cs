using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>Jumps and calls through call gates of 16, 32 and 64 bits (SDM volume 3, 5.8.3 to 5.8.5).</summary>
internal sealed class CallGates(
    X64Context context, X64AddressSpace space, X64Stack stack, DescriptorReader descriptors, TaskStacks stacks, CodeSegments segments)
{
    private const int Gate16 = 4;
    private const int MostParameters = 31;

    /// <summary>Passes a gate.</summary>
    /// <param name="gate">The gate, of whichever width the mode has.</param>
    /// <param name="isCall">Whether it is a call, which may gain privilege.</param>
    internal bool TryPass(in Descriptor gate, bool isCall)
    {
        bool isLong = (context.State.Efer & X64Bits.EferLma) != 0;
        ushort name = gate.Segment.Selector;
        int privilege = context.State.PrivilegeLevel;
        ulong upper = 0;

        if (gate.Segment.PrivilegeLevel < Math.Max(privilege, name & DescriptorReader.SelectorPrivilege))
        {
            return context.FaultWithCode(X64Bits.VectorGp, DescriptorReader.CodeOf(name));
        }

        if (!gate.Segment.IsPresent)
        {
            return context.FaultWithCode(X64Bits.VectorNp, DescriptorReader.CodeOf(name));
        }

        if (isLong && !TryReadUpper(in gate, out upper))
        {
            return false;
        }

        ushort selector = (ushort)(gate.Raw >> 16);
        ulong target = (gate.Raw & 0xFFFF) | ((gate.Raw >> 32) & 0xFFFF_0000) | (upper << 32);
        int size = isLong ? 8 : gate.Segment.Type == Gate16 ? 2 : 4;

        if (!TryReadTarget(selector, isCall, isLong, out Descriptor code))
        {
            return false;
        }

        if (isCall)
        {
            int parameters = isLong ? 0 : (int)(gate.Raw >> 32) & MostParameters;
            return TryCall(code, target, size, parameters);
        }

        code.Segment.Selector = Name(selector, privilege);
        return segments.TryEnter(code, target, size);
    }

    private static ushort Name(ushort selector, int privilege) =>
        (ushort)((selector & ~DescriptorReader.SelectorPrivilege) | privilege);

    // The type of the second half must be zero, so that no program takes it for a descriptor.
    private bool TryReadUpper(in Descriptor gate, out ulong upper)
    {
        const int TypeShift = 40;
        const ulong TypeMask = 0x1F;
        return descriptors.TryReadUpper(in gate, X64Bits.VectorGp, out upper)
            && (((upper >> TypeShift) & TypeMask) == 0
                || context.FaultWithCode(X64Bits.VectorGp, DescriptorReader.CodeOf(gate.Segment.Selector)));
    }

    private bool TryReadTarget(ushort selector, bool isCall, bool isLong, out Descriptor code)
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

        int privilege = context.State.PrivilegeLevel;
        bool isRightMode = !isLong || (code.Segment.IsLong && !code.Segment.IsBig);
        bool isAllowed = code.IsConforming || isCall
            ? code.Segment.PrivilegeLevel <= privilege
            : code.Segment.PrivilegeLevel == privilege;

        if (!code.IsCode || !isRightMode || !isAllowed)
        {
            return context.FaultWithCode(X64Bits.VectorGp, DescriptorReader.CodeOf(selector));
        }

        return code.Segment.IsPresent || context.FaultWithCode(X64Bits.VectorNp, DescriptorReader.CodeOf(selector));
    }

    private bool TryCall(Descriptor code, ulong target, int size, int parameters)
    {
        ref X64State state = ref context.State;
        int outer = state.PrivilegeLevel;
        int inner = code.IsConforming ? outer : code.Segment.PrivilegeLevel;
        bool changesStack = inner < outer;
        ushort stackBefore = state.Segments[X64SegmentFile.Ss].Selector;
        ushort codeBefore = state.Segments[X64SegmentFile.Cs].Selector;
        ulong pointer = state.Gpr[Gpr.Rsp];
        ulong returnAddress = context.NextRip;
        Span<ulong> copied = stackalloc ulong[MostParameters];
        copied = copied[..(changesStack ? parameters : 0)];

        if (!TryReadParameters(copied, size))
        {
            return false;
        }

        if (changesStack && !(size == 8 ? stacks.TrySwitchLong(inner, outer, 0, 0) : stacks.TrySwitch(inner, 0)))
        {
            return false;
        }

        code.Segment.Selector = Name(code.Segment.Selector, inner);

        if (!segments.TryEnter(code, target, size))
        {
            return false;
        }

        if (changesStack && !(stack.TryPush(stackBefore, size) && stack.TryPush(pointer, size)))
        {
            return stacks.FailToPush(changesStack, 0);
        }

        for (int index = copied.Length - 1; index >= 0; index--)
        {
            if (!stack.TryPush(copied[index], size))
            {
                return stacks.FailToPush(changesStack, 0);
            }
        }

        return (stack.TryPush(codeBefore, size) && stack.TryPush(returnAddress, size)) || stacks.FailToPush(changesStack, 0);
    }

    // In the order in which they lie on the stack that is left.
    private bool TryReadParameters(Span<ulong> values, int size)
    {
        for (int index = 0; index < values.Length; index++)
        {
            ulong address = context.State.Gpr[Gpr.Rsp] + (ulong)(index * size);

            if (!stack.TryMap(address, size, AccessKind.Read, out MappedMemory memory))
            {
                return false;
            }

            values[index] = space.Load(memory);
        }

        return !space.IsAbandoned || context.Abandon();
    }
}
