using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>The stacks that a task's state has for privilege levels further in.</summary>
internal sealed class TaskStacks(
    X64Context context, X64AddressSpace space, X64Stack stack, DescriptorReader descriptors, SystemRegisters system)
{
    // A fault of the stack, of which a push knows only that it is one, tells whose stack it is.
    internal bool FailToPush(bool changesStack, uint external)
    {
        if (context.Outcome is { Result: EmulationResult.Fault, Vector: X64Bits.VectorSs })
        {
            uint selector = changesStack ? DescriptorReader.CodeOf(context.State.Segments[X64SegmentFile.Ss].Selector) : 0;
            return context.FaultWithCode(X64Bits.VectorSs, selector | external);
        }

        return false;
    }

    // SDM volume 3, 6.14.2 to 6.14.5: RSP of the new privilege level, or of the gate's entry; SS null.
    internal bool TrySwitchLong(int inner, int outer, int stackTable, uint external)
    {
        const int FirstPointer = 4;
        const int FirstTableEntry = 0x24;
        ref X64State state = ref context.State;

        if (stackTable != 0 || inner < outer)
        {
            int offset = stackTable != 0 ? FirstTableEntry + ((stackTable - 1) * 8) : FirstPointer + (inner * 8);

            if (!TryReadTaskState(offset, 8, external, out ulong pointer))
            {
                return false;
            }

            if (!space.IsCanonical(pointer))
            {
                return context.FaultWithCode(X64Bits.VectorSs, external);
            }

            state.Gpr[Gpr.Rsp] = pointer;
        }

        if (inner < outer)
        {
            state.Segments[X64SegmentFile.Ss] = new X64SegmentState { Selector = (ushort)inner, PrivilegeLevel = inner };
        }

        return true;
    }

    // SDM volume 3, 6.12.1: SS:ESP of the new privilege level, from the task state.
    internal bool TrySwitch(int inner, uint external)
    {
        const int Wide = 8;
        ref X64State state = ref context.State;
        int size = (system.Tr.Type & Wide) != 0 ? 4 : 2;
        int offset = size + (inner * 2 * size);

        if (!TryReadTaskState(offset, size, external, out ulong pointer)
            || !TryReadTaskState(offset + size, 2, external, out ulong selector))
        {
            return false;
        }

        uint errorCode = DescriptorReader.CodeOf((ushort)selector) | external;

        if (DescriptorReader.IsNull((ushort)selector))
        {
            return context.FaultWithCode(X64Bits.VectorTs, external);
        }

        if (!descriptors.TryRead((ushort)selector, X64Bits.VectorTs, external, out Descriptor segment))
        {
            return false;
        }

        if (((int)selector & DescriptorReader.SelectorPrivilege) != inner
            || segment.Segment.PrivilegeLevel != inner
            || !segment.IsWritableData)
        {
            return context.FaultWithCode(X64Bits.VectorTs, errorCode);
        }

        if (!segment.Segment.IsPresent)
        {
            return context.FaultWithCode(X64Bits.VectorSs, errorCode);
        }

        if (!descriptors.TryMarkAccessed(ref segment))
        {
            return false;
        }

        state.Segments[X64SegmentFile.Ss] = segment.Segment;
        context.WriteGpr(Gpr.Rsp, pointer, stack.AddressSizeBytes);
        return true;
    }

    private bool TryReadTaskState(int offset, int sizeBytes, uint external, out ulong value)
    {
        value = 0;

        if ((uint)(offset + sizeBytes - 1) > system.Tr.Limit)
        {
            return context.FaultWithCode(X64Bits.VectorTs, DescriptorReader.CodeOf(system.Tr.Selector) | external);
        }

        if (!space.TryMapTable(system.Tr.Base + (uint)offset, sizeBytes, AccessKind.Read, out MappedMemory memory))
        {
            return false;
        }

        value = space.Load(memory);
        return !space.IsAbandoned || context.Abandon();
    }
}
