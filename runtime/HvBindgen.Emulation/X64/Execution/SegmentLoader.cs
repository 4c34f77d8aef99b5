namespace HvBindgen.Emulation.X64.Execution;

/// <summary>Loads segment registers: of numbers alone, or with what a descriptor table has about them.</summary>
internal sealed class SegmentLoader(X64Context context, X64AddressSpace space)
{
    private const int DescriptorBytes = 8;
    private const ushort PrivilegeBits = 3;
    private const ushort LocalBit = 4;
    private const int WritableOrReadable = 2;
    private const int Conforming = 4;
    private const int Code = 8;
    private const ulong AccessedBit = 1UL << 40;

    private X64DescriptorTable global;
    private X64DescriptorTable local;

    /// <summary>Where tables are; null: segments are loaded in real mode alone.</summary>
    internal IX64DescriptorTables? Tables { get; set; }

    /// <summary>Whether a segment register can be loaded at all. Known before its selector is read.</summary>
    internal bool MayLoad(int index) => index == X64SegmentFile.Cs ? context.Fault(X64Bits.VectorUd)
        : !context.State.IsProtectedMode
            || (Tables is not null && Tables.TryReadTables(out global, out local))
            || context.Unsupported(EmulationLimit.SegmentLoad);

    /// <summary>Loads a segment register that may be loaded.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="selector">Its new selector.</param>
    /// <param name="isAlone">Whether nothing else is loaded with it: after SS alone, the stack pointer must follow undisturbed.</param>
    internal bool TryLoad(int index, ushort selector, bool isAlone = true)
    {
        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        if (!context.State.IsProtectedMode)
        {
            context.State.Segments[index].Selector = selector;
            context.State.Segments[index].Base = (ulong)selector << 4;
        }
        else if ((selector & ~PrivilegeBits) == 0 ? !TryClear(index, selector) : !TryLoadDescriptor(index, selector))
        {
            return false;
        }

        context.LoadsStackSegment = index == X64SegmentFile.Ss && isAlone;
        return true;
    }

    // No segment: what is used of it faults. As a stack only 64-bit code of a privileged level may have it.
    private bool TryClear(int index, ushort selector)
    {
        int privilege = context.State.PrivilegeLevel;

        if (index == X64SegmentFile.Ss && (!context.Is64BitMode || privilege == 3 || selector != privilege))
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        context.State.Segments[index] = new X64SegmentState
        {
            Selector = selector,
            PrivilegeLevel = index == X64SegmentFile.Ss ? privilege : 0,
        };
        return true;
    }

    private bool TryLoadDescriptor(int index, ushort selector)
    {
        X64DescriptorTable table = (selector & LocalBit) != 0 ? local : global;
        uint offset = (uint)selector & ~7u;
        uint code = (uint)selector & ~(uint)PrivilegeBits;

        if (offset + DescriptorBytes - 1 > table.Limit)
        {
            return context.FaultWithCode(X64Bits.VectorGp, code);
        }

        ulong linear = table.Base + offset;

        if (!space.TryMapTable(linear, DescriptorBytes, AccessKind.Read, out MappedMemory entry))
        {
            return false;
        }

        ulong descriptor = space.Load(entry);

        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        X64SegmentState segment = Read(descriptor, selector);

        if (!IsAllowed(index, segment))
        {
            return context.FaultWithCode(X64Bits.VectorGp, code);
        }

        if (!segment.IsPresent)
        {
            return context.FaultWithCode(index == X64SegmentFile.Ss ? X64Bits.VectorSs : X64Bits.VectorNp, code);
        }

        if ((descriptor & AccessedBit) == 0)
        {
            if (!space.TryMapTable(linear, DescriptorBytes, AccessKind.Write, out MappedMemory target))
            {
                return false;
            }

            space.Store(target, descriptor | AccessedBit);
            segment.Type |= 1;
        }

        context.State.Segments[index] = segment;
        return true;
    }

    private bool IsAllowed(int index, in X64SegmentState segment)
    {
        int current = context.State.PrivilegeLevel;
        int requested = segment.Selector & PrivilegeBits;
        bool isCode = (segment.Type & Code) != 0;
        bool hasRight = (segment.Type & WritableOrReadable) != 0;

        if (index == X64SegmentFile.Ss)
        {
            return segment.IsCodeOrData && !isCode && hasRight && requested == current && segment.PrivilegeLevel == current;
        }

        bool isConforming = isCode && (segment.Type & Conforming) != 0;
        return segment.IsCodeOrData && (!isCode || hasRight)
            && (isConforming || segment.PrivilegeLevel >= Math.Max(current, requested));
    }

    /// <summary>What a descriptor says (SDM volume 3, 3.4.5).</summary>
    internal static X64SegmentState Read(ulong descriptor, ushort selector)
    {
        uint limit = (uint)(descriptor & 0xFFFF) | ((uint)(descriptor >> 32) & 0xF_0000);
        X64SegmentState segment = new()
        {
            Base = ((descriptor >> 16) & 0xFF_FFFF) | ((descriptor >> 32) & 0xFF00_0000),
            Selector = selector,
            Attributes = (ushort)((descriptor >> 40) & 0xF0FF),
        };
        segment.Limit = segment.IsGranular ? (limit << 12) | 0xFFF : limit;
        return segment;
    }
}
