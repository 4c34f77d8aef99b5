using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>What leads from one task to another.</summary>
internal enum TaskSwitch
{
    /// <summary>A jump: the task that is left is no longer busy.</summary>
    Jump,

    /// <summary>A call: the new task knows whom to return to.</summary>
    Call,

    /// <summary>IRET with NT set: back to the task that the link names.</summary>
    Return,

    /// <summary>An exception or interrupt through a task gate, which is like a call.</summary>
    Event,
}

/// <summary>Switches between tasks of 32 and of 16 bits (SDM volume 3, 8.3).</summary>
/// <remarks>From where the new task's registers are loaded on, its segments are checked in its own name: a fault is its own, and what came
/// before it stays. <see cref="X64Context.KeepsProgress"/> says so.</remarks>
internal sealed class TaskSwitches(
    X64Context context, X64AddressSpace space, DescriptorReader descriptors, SystemRegisters system)
{
    private const int Available = 1;
    private const int Busy = 3;
    private const int WideBit = 8;
    private const int LocalBit = 4;
    private const int LocalTableType = 2;
    private const ulong BusyInDescriptor = 1UL << 41;
    private const ulong FlagsKnown = 0x3F_7FD5;

    // Words of a task of 32 bits that those of 16 bits lack: page tables lie in front of what is saved, the trap behind the LDT.
    private const int RootWord = -1;
    private const int TrapWord = 17;

    /// <summary>Size of a word of the present task.</summary>
    internal int WordBytes => LayoutOf(system.Tr).WordBytes;

    /// <summary>Goes to the task whose state segment, or gate, a jump or call names.</summary>
    /// <param name="named">The descriptor that it names.</param>
    /// <param name="isCall">Whether it is a call.</param>
    internal bool TryGo(in Descriptor named, bool isCall)
    {
        const int TaskGate = 5;
        ushort selector = named.Segment.Selector;
        int privilege = Math.Max(context.State.PrivilegeLevel, selector & DescriptorReader.SelectorPrivilege);

        if (named.Segment.PrivilegeLevel < privilege)
        {
            return context.FaultWithCode(X64Bits.VectorGp, DescriptorReader.CodeOf(selector));
        }

        if (named.Segment.Type == TaskGate)
        {
            if (!named.Segment.IsPresent)
            {
                return context.FaultWithCode(X64Bits.VectorNp, DescriptorReader.CodeOf(selector));
            }

            selector = (ushort)(named.Raw >> 16);
        }

        return TryEnter(selector, isCall ? TaskSwitch.Call : TaskSwitch.Jump, context.NextRip, 0, 0);
    }

    /// <summary>Goes back to the task that the link of this one names.</summary>
    internal bool TryReturn()
    {
        if (!space.TryMapTable(system.Tr.Base, sizeof(ushort), AccessKind.Read, out MappedMemory link))
        {
            return false;
        }

        ushort selector = (ushort)space.Load(link);
        return space.IsAbandoned ? context.Abandon() : TryEnter(selector, TaskSwitch.Return, context.NextRip, 0, 0);
    }

    /// <summary>Enters a task.</summary>
    /// <param name="selector">Selector of its state segment.</param>
    /// <param name="kind">What leads there.</param>
    /// <param name="returnAddress">Where the task that is left goes on.</param>
    /// <param name="flags">Flags to be set in what is saved of it.</param>
    /// <param name="external">Bit 0 of error codes.</param>
    internal bool TryEnter(ushort selector, TaskSwitch kind, ulong returnAddress, ulong flags, uint external)
    {
        byte vector = kind == TaskSwitch.Return ? X64Bits.VectorTs : X64Bits.VectorGp;
        uint errorCode = DescriptorReader.CodeOf(selector) | external;

        if ((selector & LocalBit) != 0 || DescriptorReader.IsNull(selector))
        {
            return context.FaultWithCode(vector, errorCode);
        }

        if (!descriptors.TryRead(selector, vector, external, out Descriptor task))
        {
            return false;
        }

        if (task.Segment.IsCodeOrData || (task.Segment.Type & ~WideBit) != (kind == TaskSwitch.Return ? Busy : Available))
        {
            return context.FaultWithCode(vector, errorCode);
        }

        if (!task.Segment.IsPresent)
        {
            return context.FaultWithCode(X64Bits.VectorNp, errorCode);
        }

        return task.Segment.Limit >= LayoutOf(task.Segment).SizeBytes - 1 && system.Tr.Limit >= LayoutOf(system.Tr).SizeBytes - 1
            ? TrySwitch(task, kind, returnAddress, flags, external)
            : context.FaultWithCode(X64Bits.VectorTs, errorCode);
    }

    private static TaskLayout LayoutOf(in X64SegmentState task) => (task.Type & WideBit) != 0 ? TaskLayout.Wide : TaskLayout.Narrow;

    private bool TrySwitch(Descriptor task, TaskSwitch kind, ulong returnAddress, ulong flags, uint external)
    {
        ref X64State state = ref context.State;
        TaskLayout layout = LayoutOf(task.Segment);
        TaskLayout left = LayoutOf(system.Tr);
        Span<byte> next = stackalloc byte[TaskLayout.Wide.SizeBytes];
        Span<byte> saved = stackalloc byte[TaskLayout.Wide.SavedBytes];
        next = next[..layout.SizeBytes];
        saved = saved[..left.SavedBytes];
        bool nests = kind is TaskSwitch.Call or TaskSwitch.Event;
        bool leaves = kind is TaskSwitch.Jump or TaskSwitch.Return;
        Descriptor before = default;

        if (!space.TryMapTable(task.Segment.Base, layout.SizeBytes, AccessKind.Read, out MappedMemory source)
            || !space.TryMapTable(task.Segment.Base, sizeof(ushort), AccessKind.Write, out MappedMemory link)
            || !space.TryMapTable(system.Tr.Base + (uint)left.FirstByte, left.SavedBytes, AccessKind.Write, out MappedMemory target)
            || (leaves && !descriptors.TryRead(system.Tr.Selector, X64Bits.VectorTs, external, out before)))
        {
            return false;
        }

        // A task that leads to itself reads what is saved of it.
        Save(left, saved, returnAddress, state.Rflags | flags, leavesNested: kind == TaskSwitch.Return);
        space.StoreBytes(target, saved);
        space.LoadBytes(source, next);

        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        if (leaves && !descriptors.TryWriteTable(before.Linear, before.Raw & ~BusyInDescriptor))
        {
            return false;
        }

        if (nests)
        {
            space.Store(link, system.Tr.Selector);
        }

        if (kind != TaskSwitch.Return && !descriptors.TryWriteTable(task.Linear, task.Raw | BusyInDescriptor))
        {
            return false;
        }

        task.Segment.Type |= Busy;
        system.Tr = task.Segment;
        LoadRegisters(layout, next, nests);
        system.Debug.BeginTask(layout == TaskLayout.Wide && (layout.Read(next, TrapWord) & 1) != 0);
        return TryLoadSegments(layout, next, external);
    }

    private void Save(TaskLayout layout, Span<byte> saved, ulong returnAddress, ulong flags, bool leavesNested)
    {
        flags = leavesNested ? flags & ~X64Bits.FlagNt : flags;
        layout.Write(saved, TaskLayout.Pointer, returnAddress);
        layout.Write(saved, TaskLayout.Flags, flags);

        for (int index = 0; index < 8; index++)
        {
            layout.Write(saved, TaskLayout.FirstGeneral + index, context.State.Gpr[index]);
        }

        for (int index = 0; index < layout.SegmentCount; index++)
        {
            layout.Write(saved, TaskLayout.FirstSegment + index, context.State.Segments[index].Selector);
        }
    }

    // The point of no return. Segments are there by name alone, with the privilege of CS.
    private void LoadRegisters(TaskLayout layout, ReadOnlySpan<byte> next, bool nests)
    {
        ref X64State state = ref context.State;

        if (layout == TaskLayout.Wide && (state.Cr0 & X64Bits.Cr0Pg) != 0)
        {
            state.Cr3 = layout.Read(next, RootWord);
            space.Pages.Kept?.Clear();
        }

        state.Cr0 |= X64Bits.Cr0Ts;
        state.Rip = context.NextRip = layout.Read(next, TaskLayout.Pointer);
        state.Rflags = (layout.Read(next, TaskLayout.Flags) & FlagsKnown) | 2 | (nests ? X64Bits.FlagNt : 0);

        for (int index = 0; index < 8; index++)
        {
            context.WriteGpr(index, layout.Read(next, TaskLayout.FirstGeneral + index), layout.WordBytes);
        }

        for (int index = X64SegmentFile.Es; index <= X64SegmentFile.Gs; index++)
        {
            state.Segments[index] = new X64SegmentState { Selector = SelectorOf(layout, next, index) };
        }

        state.Segments[X64SegmentFile.Ss].PrivilegeLevel = SelectorOf(layout, next, X64SegmentFile.Cs) & DescriptorReader.SelectorPrivilege;
        system.Ldtr = new X64SegmentState { Selector = (ushort)layout.Read(next, layout.LocalTable) };
        context.KeepsProgress = true;
        context.FollowMode();
    }

    private bool TryLoadSegments(TaskLayout layout, ReadOnlySpan<byte> next, uint external)
    {
        ref X64State state = ref context.State;

        if (!TryLoadLocalTable(external))
        {
            return false;
        }

        if ((state.Rflags & X64Bits.FlagVm) != 0)
        {
            for (int index = X64SegmentFile.Es; index <= X64SegmentFile.Gs; index++)
            {
                ushort selector = SelectorOf(layout, next, index);
                state.Segments[index] = new X64SegmentState
                {
                    Selector = selector,
                    Base = (ulong)selector << 4,
                    Limit = 0xFFFF,
                    Attributes = 0xF3,
                };
            }

            context.FollowMode();
            return true;
        }

        ReadOnlySpan<int> order =
        [
            X64SegmentFile.Cs, X64SegmentFile.Ss, X64SegmentFile.Ds, X64SegmentFile.Es, X64SegmentFile.Fs, X64SegmentFile.Gs,
        ];

        foreach (int index in order)
        {
            if (!TryLoadSegment(index, SelectorOf(layout, next, index), external))
            {
                return false;
            }
        }

        context.FollowMode();
        return state.Rip <= state.Segments[X64SegmentFile.Cs].Limit || context.FaultWithCode(X64Bits.VectorGp, external);
    }

    private bool TryLoadLocalTable(uint external)
    {
        ushort selector = system.Ldtr.Selector;

        if (DescriptorReader.IsNull(selector))
        {
            return true;
        }

        uint errorCode = DescriptorReader.CodeOf(selector) | external;

        if ((selector & LocalBit) != 0)
        {
            return context.FaultWithCode(X64Bits.VectorTs, errorCode);
        }

        if (!descriptors.TryRead(selector, X64Bits.VectorTs, external, out Descriptor table))
        {
            return false;
        }

        if (table.Segment.IsCodeOrData || table.Segment.Type != LocalTableType || !table.Segment.IsPresent)
        {
            return context.FaultWithCode(X64Bits.VectorTs, errorCode);
        }

        system.Ldtr = table.Segment;
        return true;
    }

    private bool TryLoadSegment(int index, ushort selector, uint external)
    {
        ref X64SegmentState segment = ref context.State.Segments[index];
        bool isData = index is not (X64SegmentFile.Cs or X64SegmentFile.Ss);

        if (DescriptorReader.IsNull(selector))
        {
            return isData || context.FaultWithCode(X64Bits.VectorTs, external);
        }

        if (!descriptors.TryRead(selector, X64Bits.VectorTs, external, out Descriptor found))
        {
            return false;
        }

        uint errorCode = DescriptorReader.CodeOf(selector) | external;

        if (!IsAllowed(index, selector, in found))
        {
            return context.FaultWithCode(X64Bits.VectorTs, errorCode);
        }

        if (!found.Segment.IsPresent)
        {
            return context.FaultWithCode(index == X64SegmentFile.Ss ? X64Bits.VectorSs : X64Bits.VectorNp, errorCode);
        }

        if (!descriptors.TryMarkAccessed(ref found))
        {
            return false;
        }

        segment = found.Segment;
        return true;
    }

    private bool IsAllowed(int index, ushort selector, in Descriptor found)
    {
        const int WritableOrReadable = 2;
        int privilege = context.State.PrivilegeLevel;
        int requested = selector & DescriptorReader.SelectorPrivilege;
        int level = found.Segment.PrivilegeLevel;

        return index switch
        {
            X64SegmentFile.Cs => found.IsCode && (found.IsConforming ? level <= requested : level == requested),
            X64SegmentFile.Ss => found.IsWritableData && level == privilege && requested == privilege,
            _ => found.Segment.IsCodeOrData
                && (!found.IsCode || (found.Segment.Type & WritableOrReadable) != 0)
                && ((found.IsCode && found.IsConforming) || level >= Math.Max(privilege, requested)),
        };
    }

    // Segments that a task does not have are null.
    private static ushort SelectorOf(TaskLayout layout, ReadOnlySpan<byte> next, int index) =>
        index < layout.SegmentCount ? (ushort)layout.Read(next, TaskLayout.FirstSegment + index) : default;
}
