using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Outside;

/// <summary>Guest memory as the hypervisor is told of it: page by page, each a page of the machine, or there without access.</summary>
internal sealed unsafe class GuestPages(VirtualPartition partition, MachineMemory machine)
{
    // The kernel's half of addresses: nothing of a process is there, so a region there has no memory.
    private const ulong Nowhere = 0xffff_8000_0000_0000;
    private const ulong LargePages = 512;

    private readonly PartitionMemory memory = partition.Memory;

    /// <summary>HvCallMapGpaPages.</summary>
    /// <returns>A status.</returns>
    internal int Map(ref HypercallFrame frame)
    {
        hv_input_map_gpa_pages input = frame.Read<hv_input_map_gpa_pages>();
        bool isLarge = (input.map_flags & Hv.HV_MAP_GPA_LARGE_PAGE) != 0;
        ulong stride = isLarge ? LargePages : 1;
        ulong first = input.target_gpa_base + ((ulong)frame.RepsCompleted * stride);
        ReadOnlySpan<ulong> given = hv_input_map_gpa_pages.source_gpa_page_list(frame.Input)[frame.RepsCompleted..frame.Reps];
        ulong count = (ulong)given.Length * stride;
        if (!GuestMemoryMap.IsInAddressSpace(first, count))
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        ulong[] frames = new ulong[count];
        for (ulong page = 0; page < count; page++)
        {
            frames[page] = given[(int)(page / stride)] + (page % stride);
        }

        bool hasAccess = (input.map_flags & Hv.HV_MAP_GPA_NO_ACCESS) == 0 && (input.map_flags & Hv.HV_MAP_GPA_READABLE) != 0;
        MemoryRegion region = new(
            first,
            count << GuestMemoryMap.PageShift,
            hasAccess ? (ulong)machine.MapPages(frames) : Nowhere,
            (input.map_flags & Hv.HV_MAP_GPA_WRITABLE) != 0,
            (input.map_flags & Hv.HV_MAP_GPA_EXECUTABLE) != 0);
        int errno = 0;
        WithProcessorsStopped(0, () => errno = Replace(first, count, region));
        frame.RepsCompleted = frame.Reps;
        return errno == 0 ? Hv.HV_STATUS_SUCCESS : Refuse(errno);
    }

    /// <summary>HvCallUnmapGpaPages.</summary>
    /// <returns>A status.</returns>
    internal int Unmap(ref HypercallFrame frame)
    {
        hv_input_unmap_gpa_pages input = frame.Read<hv_input_unmap_gpa_pages>();
        ulong stride = (input.unmap_flags & Hv.HV_UNMAP_GPA_LARGE_PAGE) != 0 ? LargePages : 1;
        ulong first = input.target_gpa_base + ((ulong)frame.RepsCompleted * stride);
        ulong count = (ulong)(frame.Reps - frame.RepsCompleted) * stride;
        if (!GuestMemoryMap.IsInAddressSpace(first, count))
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        int errno = 0;
        WithProcessorsStopped(0, () => errno = Replace(first, count, null));
        frame.RepsCompleted = frame.Reps;
        return errno == 0 ? Hv.HV_STATUS_SUCCESS : Refuse(errno);
    }

    /// <summary>Takes all memory away; no processor runs any more.</summary>
    internal void Clear() => _ = Replace(0, ulong.MaxValue >> GuestMemoryMap.PageShift, null);

    private static int Refuse(int errno)
    {
        Console.Error.WriteLine($"guest memory: errno {errno}");
        return Hv.HV_STATUS_OPERATION_FAILED;
    }

    // No processor may meet a page that is taken away and put back.
    private void WithProcessorsStopped(int from, Action change)
    {
        if (from == partition.Processors.Count)
        {
            change();
            return;
        }

        using EngineGate.Stop stop = partition.Processors[from].StopForAccess();
        WithProcessorsStopped(from + 1, change);
    }

    private int Replace(ulong first, ulong count, MemoryRegion? replacement)
    {
        HashSet<ulong> written = WrittenPages(first, count, out HashSet<ulong> known);
        ulong end = first + count;
        foreach (MemoryRegion region in memory.Map.Regions)
        {
            ulong regionEnd = region.FirstPage + region.PageCount;
            ulong start = Math.Max(first, region.FirstPage);
            ulong stop = Math.Min(end, regionEnd);
            if (start >= stop)
            {
                continue;
            }

            HashSet<ulong> kept = WrittenPages(region.FirstPage, region.PageCount, out HashSet<ulong> all);
            int errno = memory.Remove(region);
            errno = errno != 0 ? errno : Add(Part(region, region.FirstPage, start), kept, all);
            errno = errno != 0 ? errno : Add(Part(region, stop, regionEnd), kept, all);
            if (errno != 0)
            {
                return errno;
            }

            if (region.HostAddress != Nowhere)
            {
                _ = CLibrary.Munmap(
                    (void*)(region.HostAddress + ((start - region.FirstPage) << GuestMemoryMap.PageShift)),
                    (nuint)((stop - start) << GuestMemoryMap.PageShift));
            }
        }

        return Add(replacement, written, known);
    }

    private static MemoryRegion? Part(MemoryRegion region, ulong first, ulong end) => first == end ? null : region.HostAddress == Nowhere
        ? new MemoryRegion(first, (end - first) << GuestMemoryMap.PageShift, Nowhere, region.IsWritable, region.IsExecutable)
        : new MemoryRegion(
            first,
            (end - first) << GuestMemoryMap.PageShift,
            region.HostAddress + ((first - region.FirstPage) << GuestMemoryMap.PageShift),
            region.IsWritable,
            region.IsExecutable);

    // What is newly there counts as written; what only changes its access is as it was.
    private int Add(MemoryRegion? region, HashSet<ulong> written, HashSet<ulong> known)
    {
        int errno = region is null ? 0 : memory.Add(region);
        Span<byte> bit = stackalloc byte[1];
        for (ulong page = 0; region is not null && page < region.PageCount && known.Count > 0; page++)
        {
            ulong frame = region.FirstPage + page;
            if (known.Contains(frame) && !written.Contains(frame))
            {
                _ = memory.AccessPages(written: true, PageRecord.Clear, frame, 1, bit);
            }
        }

        return errno;
    }

    // Which pages of a range were written, where that is recorded.
    private HashSet<ulong> WrittenPages(ulong first, ulong count, out HashSet<ulong> known)
    {
        known = [];
        HashSet<ulong> written = [];
        if (!memory.TracksWrites)
        {
            return written;
        }

        foreach (MemoryRegion region in memory.Map.Regions)
        {
            ulong end = Math.Min(first + count, region.FirstPage + region.PageCount);
            byte[] bit = new byte[1];
            for (ulong page = Math.Max(first, region.FirstPage); page < end; page++)
            {
                bit[0] = 0;
                _ = known.Add(page);
                if (memory.AccessPages(written: true, PageRecord.Keep, page, 1, bit) == Hv.HV_STATUS_SUCCESS && bit[0] != 0)
                {
                    _ = written.Add(page);
                }
            }
        }

        return written;
    }
}
