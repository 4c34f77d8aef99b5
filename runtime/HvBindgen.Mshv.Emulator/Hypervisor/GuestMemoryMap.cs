using HvBindgen.Emulation;
using HvBindgen.Mshv.Emulator.Interop;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Guest-physical memory of a partition. Readers need no lock: the table is replaced as a whole.</summary>
internal sealed class GuestMemoryMap : IGuestPhysicalMemory
{
    internal const int PageShift = 12;

    private volatile MemoryRegion[] regions = [];

    /// <summary>All regions, by guest page.</summary>
    internal IReadOnlyList<MemoryRegion> Regions => regions;

    /// <remarks>The walk of page tables reads through the pointer: what the process has unmapped since must not be given to it.</remarks>
    public bool TryResolve(ulong gpa, out HostRange range)
    {
        if (Find(gpa) is { } region)
        {
            ulong offset = gpa - region.FirstGpa;
            if (region.FindPart(offset) is { } part && UserMemory.IsReadable(region.HostAddress + offset))
            {
                ulong left = part.OffsetBytes + part.SizeBytes - offset;
                range = new HostRange((nint)(region.HostAddress + offset), left, region.IsWritable);
                return true;
            }
        }

        range = default;
        return false;
    }

    /// <remarks>What processors write their engine records. The hypervisor's own writes, and instructions that it carries out in an
    /// engine's place, are noted here; they lie in one region.</remarks>
    public void NoteWrite(ulong gpa, ulong sizeBytes)
    {
        if (Find(gpa) is { Records: { } records } region)
        {
            ulong offset = gpa - region.FirstGpa;
            records.NoteWrite(offset >> PageShift, Math.Min(offset + sizeBytes, region.SizeBytes) - 1 >> PageShift);
        }
    }

    /// <summary>The region that contains an address.</summary>
    internal MemoryRegion? Find(ulong gpa) => SortedRanges.Find(regions, gpa);

    /// <summary>Whether pages can be addressed at all: an x86-64 processor has at most 52 bits of physical address.</summary>
    internal static bool IsInAddressSpace(ulong firstPage, ulong pageCount)
    {
        const ulong PageLimit = 1UL << (52 - PageShift);
        return firstPage < PageLimit && pageCount <= PageLimit - firstPage;
    }

    /// <summary>Whether any region has pages of a range. As the driver compares: a range whose end wraps around has none.</summary>
    internal bool Intersects(ulong firstPage, ulong pageCount)
    {
        foreach (MemoryRegion region in regions)
        {
            if (firstPage < region.FirstPage + region.PageCount && region.FirstPage < firstPage + pageCount)
            {
                return true;
            }
        }

        return false;
    }

    internal void Add(MemoryRegion region) => regions = [.. regions.Append(region).OrderBy(each => each.FirstPage)];

    internal void Remove(MemoryRegion region) => regions = [.. regions.Where(each => !ReferenceEquals(each, region))];
}
