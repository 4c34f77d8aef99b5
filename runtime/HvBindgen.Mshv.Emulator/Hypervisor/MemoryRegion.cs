using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>A region of guest memory, as the client mapped it.</summary>
/// <param name="FirstPage">First guest page.</param>
/// <param name="SizeBytes">Size.</param>
/// <param name="HostAddress">Host memory.</param>
/// <param name="IsWritable">Whether the guest may write.</param>
/// <param name="IsExecutable">Whether the guest may execute; KVM does not look at it.</param>
internal sealed record MemoryRegion(ulong FirstPage, ulong SizeBytes, ulong HostAddress, bool IsWritable, bool IsExecutable)
    : IRange
{
    /// <summary>What the driver faults in at once: 512 pages, counted from the region's start, all of them or none.</summary>
    internal const ulong ChunkBytes = 512UL << GuestMemoryMap.PageShift;

    private volatile BackedPart[] parts = [];
    private volatile PageRecords? records;

    internal ulong FirstGpa => FirstPage << GuestMemoryMap.PageShift;

    ulong IRange.Start => FirstGpa;

    internal ulong PageCount => SizeBytes >> GuestMemoryMap.PageShift;

    /// <summary>Parts that the guest can access, in order. Readers need no lock: the table is replaced as a whole.</summary>
    internal IReadOnlyList<BackedPart> Parts => parts;

    /// <summary>Which pages were accessed and written, where tracking is on.</summary>
    internal PageRecords? Records
    {
        get => records;
        set => records = value;
    }

    /// <summary>The part that an offset is in.</summary>
    internal BackedPart? FindPart(ulong offsetBytes) => SortedRanges.Find(parts, offsetBytes);

    internal void Add(BackedPart part) => parts = [.. parts.Append(part).OrderBy(each => each.OffsetBytes)];

    internal void Remove(BackedPart part) => parts = [.. parts.Where(each => each != part)];

    /// <summary>Whether the guest may access the region in a way.</summary>
    internal bool Allows(MemoryAccess access) => access switch
    {
        MemoryAccess.Read => true,
        MemoryAccess.Write => IsWritable,
        _ => IsExecutable,
    };
}

/// <summary>Whole chunks of a region that memory of the process backs.</summary>
/// <param name="OffsetBytes">Where in the region.</param>
/// <param name="SizeBytes">Size.</param>
/// <param name="Slot">Slot in the engine.</param>
internal sealed record BackedPart(ulong OffsetBytes, ulong SizeBytes, uint Slot) : IRange
{
    ulong IRange.Start => OffsetBytes;
}
