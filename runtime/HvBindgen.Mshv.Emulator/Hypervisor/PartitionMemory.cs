using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>A partition's memory in its engine, and which of its pages were written.</summary>
internal sealed class PartitionMemory(IMachineEngine engine, Refusals refusals)
{
    /// <summary>Largest region that an engine takes: KVM counts its pages in 31 bits.</summary>
    internal const ulong MaxRegionPages = int.MaxValue;

    private readonly Lock writtenLock = new();
    private readonly Stack<uint> freeSlots = new();
    private uint nextSlot;

    /// <summary>Where memory is.</summary>
    internal GuestMemoryMap Map { get; } = new();

    /// <summary>Whether writes to pages are recorded.</summary>
    internal bool TracksWrites { get; private set; }

    /// <summary>Maps a region; the caller has made sure that it overlaps none.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int Add(MemoryRegion region)
    {
        uint slot = freeSlots.TryPop(out uint free) ? free : nextSlot++;
        region = region with { Slot = slot };
        int errno = engine.MapMemory(SlotOf(region));
        if (errno != 0)
        {
            freeSlots.Push(slot);
            return errno;
        }

        region.WrittenPages = TracksWrites ? AllWritten(region) : null;
        Map.Add(region);
        return 0;
    }

    /// <summary>Takes a region away.</summary>
    internal int Remove(MemoryRegion region)
    {
        int errno = engine.UnmapMemory(region.Slot);
        if (errno == 0)
        {
            Map.Remove(region);
            freeSlots.Push(region.Slot);
        }

        return errno;
    }

    /// <summary>Starts or ends recording writes.</summary>
    /// <returns>A status.</returns>
    internal int SetWriteTracking(bool isOn)
    {
        if (isOn == TracksWrites)
        {
            return Hv.HV_STATUS_SUCCESS;
        }

        TracksWrites = isOn;
        foreach (MemoryRegion region in Map.Regions)
        {
            if (engine.MapMemory(SlotOf(region)) != 0)
            {
                return Hv.HV_STATUS_OPERATION_FAILED;
            }

            // What was written before anyone looked is not known: all of it may have been.
            region.WrittenPages = isOn ? AllWritten(region) : null;
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    /// <summary>Reads which pages of a range were written, and changes what is recorded of them.</summary>
    /// <param name="written">Whether writes are asked for; accesses of any kind are not recorded.</param>
    /// <param name="operation">What becomes of the record.</param>
    /// <param name="firstPage">First guest page.</param>
    /// <param name="pageCount">Number of pages.</param>
    /// <param name="bitmap">Receives one bit per page.</param>
    /// <returns>A status.</returns>
    internal int AccessPages(bool written, PageRecord operation, ulong firstPage, ulong pageCount, Span<byte> bitmap)
    {
        if (!TracksWrites)
        {
            return Hv.HV_STATUS_INVALID_PARTITION_STATE;
        }

        if (!written)
        {
            refusals.Report("KVM records which pages were written, not which were accessed");
            return Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED;
        }

        lock (writtenLock)
        {
            foreach (MemoryRegion region in Map.Regions)
            {
                ulong start = Math.Max(firstPage, region.FirstPage);
                ulong end = Math.Min(firstPage + pageCount, region.FirstPage + region.PageCount);
                if (start >= end || region.WrittenPages is not { } pages)
                {
                    continue;
                }

                Collect(region, pages);
                for (ulong page = start; page < end; page++)
                {
                    ulong inRegion = page - region.FirstPage;
                    ulong inBitmap = page - firstPage;
                    ulong bit = 1UL << (int)(inRegion % 64);
                    ref ulong word = ref pages[inRegion / 64];
                    if ((word & bit) != 0)
                    {
                        bitmap[(int)(inBitmap / 8)] |= (byte)(1 << (int)(inBitmap % 8));
                    }

                    word = operation switch
                    {
                        PageRecord.Clear => word & ~bit,
                        PageRecord.Set => word | bit,
                        _ => word,
                    };
                }
            }
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    private MemorySlot SlotOf(MemoryRegion region) =>
        new(region.Slot, region.FirstGpa, region.SizeBytes, (nint)region.HostAddress, region.IsWritable, TracksWrites);

    private static ulong[] AllWritten(MemoryRegion region)
    {
        ulong[] pages = new ulong[(region.PageCount + 63) / 64];
        Array.Fill(pages, ulong.MaxValue);
        return pages;
    }

    private void Collect(MemoryRegion region, ulong[] pages)
    {
        ulong[] fresh = new ulong[pages.Length];
        if (engine.TakeDirtyPages(region.Slot, fresh) != 0)
        {
            return;
        }

        for (int index = 0; index < pages.Length; index++)
        {
            pages[index] |= fresh[index];
        }
    }
}

/// <summary>What becomes of the record that a page was written.</summary>
internal enum PageRecord
{
    /// <summary>It stays.</summary>
    Keep,

    /// <summary>It is taken away.</summary>
    Clear,

    /// <summary>It is made.</summary>
    Set,
}
