using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>Reads descriptors for what loads CS, SS and the system's segments: without the checks, which depend on who asks.</summary>
internal sealed class DescriptorReader(X64Context context, X64AddressSpace space, SystemRegisters system)
{
    internal const int SelectorPrivilege = 3;
    private const int LocalBit = 4;
    private const int DescriptorBytes = 8;
    private const ulong AccessedBit = 1UL << 40;

    /// <summary>Whether a selector names no segment.</summary>
    internal static bool IsNull(ushort selector) => (selector & ~SelectorPrivilege) == 0;

    /// <summary>A selector as an error code tells it.</summary>
    internal static uint CodeOf(ushort selector) => (uint)selector & ~(uint)SelectorPrivilege;

    /// <summary>Reads a descriptor.</summary>
    /// <param name="selector">Its selector, which is not null.</param>
    /// <param name="vector">What a selector beyond the table raises.</param>
    /// <param name="external">Bit 0 of the error code: whether the event that asks came from outside the program.</param>
    /// <param name="descriptor">The descriptor.</param>
    internal bool TryRead(ushort selector, byte vector, uint external, out Descriptor descriptor)
    {
        descriptor = default;
        bool isLocal = (selector & LocalBit) != 0;
        ulong @base = isLocal ? system.Ldtr.Base : system.Gdtr.Base;
        uint limit = isLocal ? system.Ldtr.Limit : system.Gdtr.Limit;
        uint offset = (uint)selector & ~7u;

        if ((isLocal && !system.Ldtr.IsPresent) || offset + DescriptorBytes - 1 > limit)
        {
            return context.FaultWithCode(vector, CodeOf(selector) | external);
        }

        ulong linear = @base + offset;

        if (!TryReadTable(linear, out ulong low))
        {
            return false;
        }

        descriptor = new Descriptor(linear, low, SegmentLoader.Read(low, selector));
        return true;
    }

    /// <summary>Reads the second half of a descriptor of 16 bytes, which the system's segments have in long mode.</summary>
    internal bool TryReadUpper(in Descriptor descriptor, byte vector, out ulong upper)
    {
        upper = 0;
        ushort selector = descriptor.Segment.Selector;
        uint limit = (selector & LocalBit) != 0 ? system.Ldtr.Limit : system.Gdtr.Limit;
        return ((uint)selector & ~7u) + (2 * DescriptorBytes) - 1 <= limit
            ? TryReadTable(descriptor.Linear + DescriptorBytes, out upper)
            : context.FaultWithCode(vector, CodeOf(selector));
    }

    /// <summary>Sets the accessed bit of a descriptor that is about to be loaded.</summary>
    internal bool TryMarkAccessed(ref Descriptor descriptor)
    {
        if ((descriptor.Raw & AccessedBit) != 0)
        {
            return true;
        }

        descriptor.Segment.Type |= 1;
        return TryWriteTable(descriptor.Linear, descriptor.Raw | AccessedBit);
    }

    /// <summary>Reads eight bytes of a table of the processor's own.</summary>
    internal bool TryReadTable(ulong linear, out ulong value)
    {
        value = 0;

        if (!space.TryMapTable(linear, DescriptorBytes, AccessKind.Read, out MappedMemory memory))
        {
            return false;
        }

        value = space.Load(memory);
        return !space.IsAbandoned || context.Abandon();
    }

    /// <summary>Writes eight bytes of a table of the processor's own.</summary>
    internal bool TryWriteTable(ulong linear, ulong value)
    {
        if (!space.TryMapTable(linear, DescriptorBytes, AccessKind.Write, out MappedMemory memory))
        {
            return false;
        }

        space.Store(memory, value);
        return !space.IsAbandoned || context.Abandon();
    }
}

/// <summary>A descriptor, and where it lies.</summary>
/// <param name="linear">Linear address.</param>
/// <param name="raw">Its eight bytes.</param>
/// <param name="segment">What they say.</param>
internal struct Descriptor(ulong linear, ulong raw, X64SegmentState segment)
{
    private const int CodeType = 8;
    private const int ConformingType = 4;
    private const int WritableType = 2;

    internal X64SegmentState Segment = segment;

    internal ulong Linear { get; } = linear;

    internal ulong Raw { get; } = raw;

    internal readonly bool IsCode => Segment.IsCodeOrData && (Segment.Type & CodeType) != 0;

    internal readonly bool IsConforming => (Segment.Type & ConformingType) != 0;

    internal readonly bool IsWritableData => Segment.IsCodeOrData && (Segment.Type & (CodeType | WritableType)) == WritableType;
}
