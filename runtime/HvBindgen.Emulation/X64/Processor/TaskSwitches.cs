using System.Buffers.Binary;
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

/// <summary>Switches between tasks of 32 bits (SDM volume 3, 8.3). Tasks of 16 bits are refused.</summary>
/// <remarks>From where the new task's registers are loaded on, its segments are checked in its own name: a fault is its own, and what came
/// before it stays. <see cref="X64Context.KeepsProgress"/> says so.</remarks>
internal sealed class TaskSwitches(
    X64Context context, X64AddressSpace space, DescriptorReader descriptors, SystemRegisters system)
{
    private const int Available16 = 1;
    private const int Busy16 = 3;
    private const int Available = 9;
    private const int Busy = 11;
    private const int LocalBit = 4;
    private const int LocalTableType = 2;
    private const ulong BusyInDescriptor = 1UL << 41;
    private const ulong FlagsKnown = 0x3F_7FD5;

    // SDM volume 3, figure 8-2: offsets in the task's state.
    private const int TaskBytes = 104;
    private const int RootOffset = 0x1C;
    private const int SavedOffset = 0x20;
    private const int SavedBytes = 0x40;
    private const int FlagsInSaved = 4;
    private const int GeneralInSaved = 8;
    private const int SegmentsInSaved = 0x28;
    private const int LocalTableOffset = 0x60;
    private const int TrapOffset = 0x64;

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

        bool isKnown = !task.Segment.IsCodeOrData
            && task.Segment.Type == (kind == TaskSwitch.Return ? Busy : Available);
        bool isSmall = !task.Segment.IsCodeOrData
            && task.Segment.Type == (kind == TaskSwitch.Return ? Busy16 : Available16);

        if (!isKnown && !isSmall)
        {
            return context.FaultWithCode(vector, errorCode);
        }

        if (!task.Segment.IsPresent)
        {
            return context.FaultWithCode(X64Bits.VectorNp, errorCode);
        }

        if (isSmall || (system.Tr.Type & ~2) != Available)
        {
            return context.Unsupported(EmulationLimit.Instruction);
        }

        return task.Segment.Limit >= TaskBytes - 1 && system.Tr.Limit >= TaskBytes - 1
            ? TrySwitch(task, kind, returnAddress, flags, external)
            : context.FaultWithCode(X64Bits.VectorTs, errorCode);
    }

    private bool TrySwitch(Descriptor task, TaskSwitch kind, ulong returnAddress, ulong flags, uint external)
    {
        ref X64State state = ref context.State;
        Span<byte> next = stackalloc byte[TaskBytes];
        Span<byte> saved = stackalloc byte[SavedBytes];
        bool nests = kind is TaskSwitch.Call or TaskSwitch.Event;
        bool leaves = kind is TaskSwitch.Jump or TaskSwitch.Return;
        Descriptor before = default;

        if (!space.TryMapTable(task.Segment.Base, TaskBytes, AccessKind.Read, out MappedMemory source)
            || !space.TryMapTable(task.Segment.Base, sizeof(ushort), AccessKind.Write, out MappedMemory link)
            || !space.TryMapTable(system.Tr.Base + SavedOffset, SavedBytes, AccessKind.Write, out MappedMemory target)
            || (leaves && !descriptors.TryRead(system.Tr.Selector, X64Bits.VectorTs, external, out before)))
        {
            return false;
        }

        // A task that leads to itself reads what is saved of it.
        Save(saved, returnAddress, state.Rflags | flags, leavesNested: kind == TaskSwitch.Return);
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

        task.Segment.Type = Busy;
        system.Tr = task.Segment;
        LoadRegisters(next, nests);
        system.Debug.BeginTask((next[TrapOffset] & 1) != 0);
        return TryLoadSegments(next, external);
    }

    private void Save(Span<byte> saved, ulong returnAddress, ulong flags, bool leavesNested)
    {
        flags = leavesNested ? flags & ~X64Bits.FlagNt : flags;
        Write(saved, 0, returnAddress);
        Write(saved, FlagsInSaved, flags);

        for (int index = 0; index < 8; index++)
        {
            Write(saved, GeneralInSaved + (index * sizeof(uint)), context.State.Gpr[index]);
        }

        for (int index = X64SegmentFile.Es; index <= X64SegmentFile.Gs; index++)
        {
            Write(saved, SegmentsInSaved + (index * sizeof(uint)), context.State.Segments[index].Selector);
        }
    }

    // The point of no return. Segments are there by name alone, with the privilege of CS.
    private void LoadRegisters(ReadOnlySpan<byte> next, bool nests)
    {
        ref X64State state = ref context.State;
        ReadOnlySpan<byte> saved = next[SavedOffset..];

        if ((state.Cr0 & X64Bits.Cr0Pg) != 0)
        {
            state.Cr3 = Read(next, RootOffset);
            space.Pages.Kept?.Clear();
        }

        state.Cr0 |= X64Bits.Cr0Ts;
        state.Rip = context.NextRip = Read(saved, 0);
        state.Rflags = (Read(saved, FlagsInSaved) & FlagsKnown) | 2 | (nests ? X64Bits.FlagNt : 0);

        for (int index = 0; index < 8; index++)
        {
            state.Gpr[index] = Read(saved, GeneralInSaved + (index * sizeof(uint)));
        }

        for (int index = X64SegmentFile.Es; index <= X64SegmentFile.Gs; index++)
        {
            state.Segments[index] = new X64SegmentState { Selector = SelectorOf(next, index) };
        }

        state.Segments[X64SegmentFile.Ss].PrivilegeLevel = SelectorOf(next, X64SegmentFile.Cs) & DescriptorReader.SelectorPrivilege;
        system.Ldtr = new X64SegmentState { Selector = (ushort)Read(next, LocalTableOffset) };
        context.KeepsProgress = true;
        context.FollowMode();
    }

    private bool TryLoadSegments(ReadOnlySpan<byte> next, uint external)
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
                ushort selector = SelectorOf(next, index);
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
            if (!TryLoadSegment(index, SelectorOf(next, index), external))
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

    private static ushort SelectorOf(ReadOnlySpan<byte> next, int index) =>
        (ushort)Read(next, SavedOffset + SegmentsInSaved + (index * sizeof(uint)));

    private static uint Read(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static void Write(Span<byte> bytes, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], (uint)value);
}
