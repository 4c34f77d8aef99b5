namespace HvBindgen.Mshv.Memory;

/// <summary>The regions of an address space, in the order of addresses. It never changes: who reads works on the table that it has
/// seen.</summary>
internal readonly struct RegionTable(MemoryRegion[] regions)
{
    private const ulong PageBytes = Abi.Constants.MSHV_HV_PAGE_SIZE;

    /// <summary>The region that an address is in.</summary>
    /// <param name="gpa">Guest-physical address.</param>
    /// <returns>Null when no memory is mapped there.</returns>
    internal MemoryRegion? Find(ulong gpa)
    {
        int low = 0;
        int high = regions.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            MemoryRegion region = regions[middle];
            if (gpa < region.Gpa)
            {
                high = middle - 1;
            }
            else if (gpa - region.Gpa >= region.SizeBytes)
            {
                low = middle + 1;
            }
            else
            {
                return region;
            }
        }

        return null;
    }

    /// <summary>Where a new region goes.</summary>
    /// <param name="gpa">Its first guest-physical address.</param>
    /// <param name="sizeBytes">Its size.</param>
    /// <returns>Index of the first region behind it.</returns>
    /// <exception cref="ArgumentException">The place is taken by another region.</exception>
    internal int PlaceFor(ulong gpa, ulong sizeBytes)
    {
        int place = 0;
        foreach (MemoryRegion other in regions)
        {
            if (gpa < other.EndGpa && other.Gpa < gpa + sizeBytes)
            {
                throw new ArgumentException(
                    $"0x{sizeBytes:x} bytes at guest-physical address 0x{gpa:x} overlap the region of 0x{other.SizeBytes:x} bytes at "
                        + $"0x{other.Gpa:x}.",
                    nameof(gpa));
            }

            place += other.Gpa < gpa ? 1 : 0;
        }

        return place;
    }

    /// <summary>The regions with one more.</summary>
    /// <param name="place">Its place, by <see cref="PlaceFor"/>.</param>
    /// <param name="region">The region.</param>
    internal MemoryRegion[] With(int place, MemoryRegion region) => [.. regions.AsSpan(0, place), region, .. regions.AsSpan(place)];

    /// <summary>The regions without one of them.</summary>
    /// <param name="region">That one; the same object, for two regions may be equal.</param>
    /// <exception cref="ArgumentException">It is not among them.</exception>
    internal MemoryRegion[] Without(MemoryRegion region)
    {
        int place = Array.FindIndex(regions, each => ReferenceEquals(each, region));
        return place < 0
            ? throw new ArgumentException(
                $"The region at guest-physical address 0x{region.Gpa:x} is not mapped in this partition.", nameof(region))
            : [.. regions.AsSpan(0, place), .. regions.AsSpan(place + 1)];
    }

    /// <summary>Marks pages as written by the host, up to the first byte that is no memory.</summary>
    internal void MarkHostWrites(ulong gpa, ulong sizeBytes)
    {
        while (sizeBytes > 0 && Find(gpa) is { } region)
        {
            ulong offset = gpa - region.Gpa;
            ulong count = Math.Min(sizeBytes, region.SizeBytes - offset);
            region.HostWrites?.Mark(offset / PageBytes, (offset + count - 1) / PageBytes);
            gpa += count;
            sizeBytes -= count;
        }
    }

    /// <summary>Moves the marks of what the host has written into a bitmap.</summary>
    /// <param name="gpa">First guest-physical address, a multiple of 4096.</param>
    /// <param name="sizeBytes">Size, a multiple of 4096.</param>
    /// <param name="bitmap">Receives the marks, beside those that it has: bit 0 is the first page.</param>
    internal void TakeHostWrites(ulong gpa, ulong sizeBytes, Span<ulong> bitmap)
    {
        for (ulong done = 0; done < sizeBytes && Find(gpa + done) is { } region;)
        {
            ulong offset = gpa + done - region.Gpa;
            ulong count = Math.Min(sizeBytes - done, region.SizeBytes - offset);
            region.HostWrites?.Take(offset / PageBytes, (offset + count - 1) / PageBytes, bitmap, done / PageBytes);
            done += count;
        }
    }
}
