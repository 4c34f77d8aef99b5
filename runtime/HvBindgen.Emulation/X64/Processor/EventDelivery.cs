using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>Delivers exceptions and interrupts: through the vectors of real mode, and through 16-bit, 32-bit and 64-bit gates.</summary>
/// <remarks>Works on the state in place: what fails half way is for the caller to put back, but for another task's state.</remarks>
internal sealed class EventDelivery(
    X64Context context,
    X64AddressSpace space,
    X64Stack stack,
    DescriptorReader descriptors,
    SystemRegisters system,
    TaskStacks stacks,
    TaskSwitches tasks)
{
    private const int GateTypeMask = 0xF;
    private const int TaskGate = 5;
    private const int InterruptGate16 = 6;
    private const int TrapGate16 = 7;
    private const int InterruptGate = 14;
    private const int TrapGate = 15;
    private const uint IdtBit = 2;
    private const ulong FlagsCleared = X64Bits.FlagTf | X64Bits.FlagNt | X64Bits.FlagRf | X64Bits.FlagVm;

    /// <summary>Delivers an event.</summary>
    /// <param name="what">The event.</param>
    /// <param name="returnAddress">Where the handler returns to.</param>
    /// <returns>False when it could not be: the context's outcome then says why.</returns>
    internal bool TryDeliver(in ProcessorEvent what, ulong returnAddress) =>
        (context.State.Cr0 & X64Bits.Cr0Pe) == 0 ? TryDeliverReal(in what, returnAddress) : TryDeliverByGate(in what, returnAddress);

    private bool TryDeliverReal(in ProcessorEvent what, ulong returnAddress)
    {
        uint offset = what.Vector * 4u;

        if (offset + 3 > system.Idtr.Limit)
        {
            return context.Fault(X64Bits.VectorGp);
        }

        if (!space.TryMapTable(system.Idtr.Base + offset, 4, AccessKind.Read, out MappedMemory entry))
        {
            return false;
        }

        ulong vector = space.Load(entry);
        ref X64SegmentState code = ref context.State.Segments[X64SegmentFile.Cs];

        if (space.IsAbandoned
            || !stack.TryPush(context.State.Rflags & 0xFFFF, 2)
            || !stack.TryPush(code.Selector, 2)
            || !stack.TryPush(returnAddress & 0xFFFF, 2)
            || space.IsAbandoned)
        {
            return space.IsAbandoned ? context.Abandon() : false;
        }

        code.Selector = (ushort)(vector >> 16);
        code.Base = (ulong)code.Selector << 4;
        context.State.Rip = (ushort)vector;
        context.State.Rflags &= ~(X64Bits.FlagIf | X64Bits.FlagTf | X64Bits.FlagAc | X64Bits.FlagRf);
        return true;
    }

    private bool TryDeliverByGate(in ProcessorEvent what, ulong returnAddress)
    {
        bool isLong = (context.State.Efer & X64Bits.EferLma) != 0;
        uint external = what.Kind == EventKind.Software ? 0 : 1u;
        uint gateCode = ((uint)what.Vector << 3) | IdtBit | external;
        uint gateBytes = isLong ? 16u : 8;
        uint offset = what.Vector * gateBytes;

        if (offset + gateBytes - 1 > system.Idtr.Limit)
        {
            return context.FaultWithCode(X64Bits.VectorGp, gateCode);
        }

        ulong upper = 0;

        if (!descriptors.TryReadTable(system.Idtr.Base + offset, out ulong gate)
            || (isLong && !descriptors.TryReadTable(system.Idtr.Base + offset + 8, out upper)))
        {
            return false;
        }

        X64SegmentState view = SegmentLoader.Read(gate, 0);
        bool isGate = !view.IsCodeOrData
            && (view.Type is InterruptGate or TrapGate || (!isLong && view.Type is TaskGate or InterruptGate16 or TrapGate16));

        if (!isGate || (what.Kind == EventKind.Software && view.PrivilegeLevel < context.State.PrivilegeLevel))
        {
            return context.FaultWithCode(X64Bits.VectorGp, gateCode);
        }

        if (!view.IsPresent)
        {
            return context.FaultWithCode(X64Bits.VectorNp, gateCode);
        }

        if (view.Type == TaskGate)
        {
            return TryEnterTask(in what, (ushort)(gate >> 16), returnAddress, external);
        }

        ulong target = (gate & 0xFFFF) | ((gate >> 32) & 0xFFFF_0000) | (upper << 32);
        int stackTable = isLong ? (int)(gate >> 32) & 7 : 0;
        return TryReadTarget((ushort)(gate >> 16), external, isLong, out Descriptor code)
            && TryEnter(in what, ref code, target, returnAddress, view.Type & GateTypeMask, stackTable);
    }

    private bool TryEnterTask(in ProcessorEvent what, ushort selector, ulong returnAddress, uint external)
    {
        ulong resume = what.Kind == EventKind.Fault ? X64Bits.FlagRf : 0;

        if (!tasks.TryEnter(selector, TaskSwitch.Event, returnAddress, resume, external))
        {
            return false;
        }

        if (what.ErrorCode is { } errorCode && !stack.TryPush(errorCode, tasks.WordBytes))
        {
            return false;
        }

        return !space.IsAbandoned || context.Abandon();
    }

    private bool TryReadTarget(ushort selector, uint external, bool isLong, out Descriptor code)
    {
        code = default;

        if (DescriptorReader.IsNull(selector))
        {
            return context.FaultWithCode(X64Bits.VectorGp, external);
        }

        if (!descriptors.TryRead(selector, X64Bits.VectorGp, external, out code))
        {
            return false;
        }

        uint errorCode = DescriptorReader.CodeOf(selector) | external;
        bool isRightMode = !isLong || (code.Segment.IsLong && !code.Segment.IsBig);

        if (!code.IsCode || code.Segment.PrivilegeLevel > context.State.PrivilegeLevel || !isRightMode)
        {
            return context.FaultWithCode(X64Bits.VectorGp, errorCode);
        }

        return code.Segment.IsPresent || context.FaultWithCode(X64Bits.VectorNp, errorCode);
    }

    private bool TryEnter(
        in ProcessorEvent what, ref Descriptor code, ulong target, ulong returnAddress, int gateType, int stackTable)
    {
        ref X64State state = ref context.State;
        uint external = what.Kind == EventKind.Software ? 0 : 1u;
        bool isLong = (state.Efer & X64Bits.EferLma) != 0;
        bool isVirtual = (state.Rflags & X64Bits.FlagVm) != 0;
        int outer = state.PrivilegeLevel;
        int inner = code.IsConforming ? outer : code.Segment.PrivilegeLevel;
        int slotBytes = isLong ? 8 : gateType is InterruptGate16 or TrapGate16 ? 2 : 4;
        ulong flags = state.Rflags | (what.Kind == EventKind.Fault ? X64Bits.FlagRf : 0);
        X64SegmentFile before = state.Segments;
        ulong pointer = state.Gpr[Gpr.Rsp];

        if (isVirtual && inner != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp, DescriptorReader.CodeOf(code.Segment.Selector) | external);
        }

        if (!descriptors.TryMarkAccessed(ref code))
        {
            return false;
        }

        bool changesStack = inner < outer;
        state.Rflags &= ~X64Bits.FlagVm;

        if (isLong ? !stacks.TrySwitchLong(inner, outer, stackTable, external) : changesStack && !stacks.TrySwitch(inner, external))
        {
            return false;
        }

        // SDM volume 3, 6.14.2: the frame is aligned.
        state.Gpr[Gpr.Rsp] &= isLong ? ~0xFUL : ulong.MaxValue;

        code.Segment.Selector = (ushort)((code.Segment.Selector & ~DescriptorReader.SelectorPrivilege) | inner);
        state.Segments[X64SegmentFile.Cs] = code.Segment;
        context.FollowMode();

        if (isVirtual
            && !(stack.TryPush(before[X64SegmentFile.Gs].Selector, slotBytes)
                && stack.TryPush(before[X64SegmentFile.Fs].Selector, slotBytes)
                && stack.TryPush(before[X64SegmentFile.Ds].Selector, slotBytes)
                && stack.TryPush(before[X64SegmentFile.Es].Selector, slotBytes)))
        {
            return stacks.FailToPush(changesStack, external);
        }

        if ((isLong || changesStack)
            && !(stack.TryPush(before[X64SegmentFile.Ss].Selector, slotBytes) && stack.TryPush(pointer, slotBytes)))
        {
            return stacks.FailToPush(changesStack, external);
        }

        if (!stack.TryPush(flags, slotBytes)
            || !stack.TryPush(before[X64SegmentFile.Cs].Selector, slotBytes)
            || !stack.TryPush(returnAddress, slotBytes)
            || (what.ErrorCode is { } errorCode && !stack.TryPush(errorCode, slotBytes)))
        {
            return stacks.FailToPush(changesStack, external);
        }

        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        return TryGoTo(target, slotBytes, isVirtual, gateType is InterruptGate or InterruptGate16, external);
    }

    private bool TryGoTo(ulong target, int slotBytes, bool wasVirtual, bool masksInterrupts, uint external)
    {
        ref X64State state = ref context.State;
        target = slotBytes == 2 ? (ushort)target : target;

        if (context.Is64BitMode ? !space.IsCanonical(target) : target > state.Segments[X64SegmentFile.Cs].Limit)
        {
            return context.FaultWithCode(X64Bits.VectorGp, external);
        }

        if (wasVirtual)
        {
            for (int segment = X64SegmentFile.Es; segment <= X64SegmentFile.Gs; segment++)
            {
                if (segment is not (X64SegmentFile.Cs or X64SegmentFile.Ss))
                {
                    state.Segments[segment] = default;
                }
            }
        }

        state.Rip = target;
        state.Rflags &= ~(FlagsCleared | (masksInterrupts ? X64Bits.FlagIf : 0));
        return true;
    }
}
