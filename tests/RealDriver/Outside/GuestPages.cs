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
        Dictionary<ulong, hv_gpa_page_access_state> before = StatesOf(first, count);
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

            Dictionary<ulong, hv_gpa_page_access_state> kept = StatesOf(region.FirstPage, region.PageCount);
            int errno = memory.Remove(region);
            errno = errno != 0 ? errno : Add(Part(region, region.FirstPage, start), kept);
            errno = errno != 0 ? errno : Add(Part(region, stop, regionEnd), kept);
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

        return Add(replacement, before);
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
    private int Add(MemoryRegion? region, Dictionary<ulong, hv_gpa_page_access_state> before)
    {
        int errno = region is null ? 0 : memory.Add(region);
        for (ulong page = 0; region is not null && page < region.PageCount && before.Count > 0; page++)
        {
            ulong frame = region.FirstPage + page;
            if (before.TryGetValue(frame, out hv_gpa_page_access_state state) && (state.accessed == 0 || state.dirty == 0))
            {
                PageRecordChange change = new(Cleared(state.accessed == 0), Cleared(state.dirty == 0));
                _ = memory.AccessPages(change, frame, 1, [], []);
            }
        }

        return errno;
    }

    private static PageRecord Cleared(bool isOn) => isOn ? PageRecord.Clear : PageRecord.Keep;

    // What is recorded of the pages of a range, where anything is.
    private Dictionary<ulong, hv_gpa_page_access_state> StatesOf(ulong first, ulong count)
    {
        Dictionary<ulong, hv_gpa_page_access_state> states = [];
        foreach (MemoryRegion region in memory.TracksWrites ? memory.Map.Regions : [])
        {
            ulong start = Math.Max(first, region.FirstPage);
            ulong end = Math.Min(first + count, region.FirstPage + region.PageCount);
            if (start >= end)
            {
                continue;
            }

            byte[] written = new byte[(end - start + 7) / 8];
            byte[] accessed = memory.RecordsAccesses ? new byte[written.Length] : [];
            _ = memory.AccessPages(default, start, end - start, accessed, written);
            for (ulong page = start; page < end; page++)
            {
                int place = (int)((page - start) / 8);
                int bit = (int)((page - start) % 8);
                states[page] = new hv_gpa_page_access_state
                {
                    accessed = (byte)((accessed.Length == 0 ? written : accessed)[place] >> bit & 1),
                    dirty = (byte)(written[place] >> bit & 1),
                };
            }
        }

        return states;
    }
}
