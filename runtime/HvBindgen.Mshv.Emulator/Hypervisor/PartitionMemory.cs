using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Interop;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>A partition's memory in its engine, and which of its pages were accessed and written.</summary>
internal sealed class PartitionMemory(IMachineEngine engine, Refusals refusals)
{
    /// <summary>Largest region that an engine takes: KVM counts its pages in 31 bits.</summary>
    internal const ulong MaxRegionPages = int.MaxValue;

    // No guest reaches what lies above a processor's physical addresses, and KVM with page tables in hardware takes no memory there.
    private readonly ulong addressableBytes = 1UL << (int)ProcessorFeatures.PhysicalAddressBits(engine.SupportedCpuid);

    private readonly Lock gate = new();
    private readonly Stack<uint> freeSlots = new();
    private uint nextSlot;

    /// <summary>Where memory is.</summary>
    internal GuestMemoryMap Map { get; } = new();

    /// <summary>Whether writes to pages are recorded, and accesses where the engine can.</summary>
    internal bool TracksWrites { get; private set; }

    /// <summary>Whether the engine records accesses of any kind.</summary>
    internal bool RecordsAccesses => engine.RecordsAccesses;

    /// <summary>Maps a region; the caller has made sure that it overlaps none.</summary>
    /// <remarks>
    /// The driver faults memory in when the guest first accesses it, by chunks and for writing. That is done here at once for the chunks
    /// that could be; an access to another one shows whether it can be by then.
    /// </remarks>
    /// <returns>An error number, 0 if none.</returns>
    internal int Add(MemoryRegion region)
    {
        lock (gate)
        {
            ulong reachableBytes = Math.Min(region.SizeBytes, addressableBytes - Math.Min(addressableBytes, region.FirstGpa));
            foreach ((ulong start, ulong end) in UserMemory.WritableRanges(region.HostAddress, reachableBytes))
            {
                ulong firstChunk = (start + MemoryRegion.ChunkBytes - 1) / MemoryRegion.ChunkBytes * MemoryRegion.ChunkBytes;
                ulong lastChunk = end == reachableBytes ? end : end / MemoryRegion.ChunkBytes * MemoryRegion.ChunkBytes;
                int errno = firstChunk < lastChunk ? Back(region, firstChunk, lastChunk - firstChunk) : 0;
                if (errno != 0)
                {
                    _ = Unback(region);
                    return errno;
                }
            }

            region.Records = TracksWrites ? new PageRecords(region.PageCount) : null;
            Map.Add(region);
            return 0;
        }
    }

    /// <summary>Takes a region away.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int Remove(MemoryRegion region)
    {
        lock (gate)
        {
            int errno = Unback(region);
            if (errno == 0)
            {
                Map.Remove(region);
            }

            return errno;
        }
    }

    /// <summary>Faults memory in that the guest has accessed.</summary>
    /// <returns>False when the access is the client's: no region, one that does not allow it, or no such memory in the process.</returns>
    internal bool TryFaultIn(ulong gpa, MemoryAccess access)
    {
        if (Map.Find(gpa) is not { } found || !found.Allows(access))
        {
            return false;
        }

        lock (gate)
        {
            // It may have been replaced meanwhile.
            if (!ReferenceEquals(Map.Find(gpa), found))
            {
                return true;
            }

            ulong offset = (gpa - found.FirstGpa) / MemoryRegion.ChunkBytes * MemoryRegion.ChunkBytes;
            ulong size = Math.Min(MemoryRegion.ChunkBytes, found.SizeBytes - offset);
            return UserMemory.CanPin(found.HostAddress + offset, size)
                && (found.FindPart(offset) is not null || Back(found, offset, size) == 0);
        }
    }

    /// <summary>Starts or ends recording writes and accesses.</summary>
    /// <returns>A status.</returns>
    internal int SetWriteTracking(bool isOn)
    {
        lock (gate)
        {
            if (isOn == TracksWrites)
            {
                return Hv.HV_STATUS_SUCCESS;
            }

            TracksWrites = isOn;
            foreach (MemoryRegion region in Map.Regions)
            {
                foreach (BackedPart part in region.Parts)
                {
                    if (engine.MapMemory(SlotOf(region, part)) != 0)
                    {
                        return Hv.HV_STATUS_OPERATION_FAILED;
                    }
                }

                // What was written before anyone looked is not known: all of it may have been.
                region.Records = isOn ? new PageRecords(region.PageCount) : null;
            }

            return Hv.HV_STATUS_SUCCESS;
        }
    }

    /// <summary>Reads which pages of a range were accessed and written, and changes what is recorded of them.</summary>
    /// <param name="change">What becomes of the records.</param>
    /// <param name="firstPage">First guest page.</param>
    /// <param name="pageCount">Number of pages.</param>
    /// <param name="accessed">Receives one bit for each page that was accessed; empty where that is not asked.</param>
    /// <param name="written">Receives one bit for each page that was written; empty where that is not asked.</param>
    /// <returns>A status.</returns>
    internal int AccessPages(PageRecordChange change, ulong firstPage, ulong pageCount, Span<byte> accessed, Span<byte> written)
    {
        if (!TracksWrites)
        {
            return Hv.HV_STATUS_INVALID_PARTITION_STATE;
        }

        if (!RecordsAccesses && !accessed.IsEmpty)
        {
            refusals.Report("KVM records which pages were written, not which were accessed");
            return Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED;
        }

        lock (gate)
        {
            foreach (MemoryRegion region in Map.Regions)
            {
                ulong start = Math.Max(firstPage, region.FirstPage);
                ulong end = Math.Min(firstPage + pageCount, region.FirstPage + region.PageCount);
                if (start >= end || region.Records is not { } records)
                {
                    continue;
                }

                Collect(region, records, withAccesses: !accessed.IsEmpty || change.Accessed == PageRecord.Clear);
                for (ulong page = start; page < end; page++)
                {
                    bool isAccessed = records.Access(page - region.FirstPage, change.Accessed);
                    bool isWritten = records.Write(page - region.FirstPage, change.Written);
                    int inBitmap = (int)((page - firstPage) / 8);
                    byte bit = (byte)(1 << (int)((page - firstPage) % 8));
                    if (isAccessed && !accessed.IsEmpty)
                    {
                        accessed[inBitmap] |= bit;
                    }

                    if (isWritten && !written.IsEmpty)
                    {
                        written[inBitmap] |= bit;
                    }
                }
            }
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    private int Back(MemoryRegion region, ulong offsetBytes, ulong sizeBytes)
    {
        uint slot = freeSlots.TryPop(out uint free) ? free : nextSlot++;
        BackedPart part = new(offsetBytes, sizeBytes, slot);
        int errno = engine.MapMemory(SlotOf(region, part));
        if (errno == 0)
        {
            region.Add(part);
        }
        else
        {
            freeSlots.Push(slot);
        }

        return errno;
    }

    private int Unback(MemoryRegion region)
    {
        foreach (BackedPart part in region.Parts)
        {
            int errno = engine.UnmapMemory(part.Slot);
            if (errno != 0)
            {
                return errno;
            }

            region.Remove(part);
            freeSlots.Push(part.Slot);
        }

        return 0;
    }

    private MemorySlot SlotOf(MemoryRegion region, BackedPart part) => new(
        part.Slot,
        region.FirstGpa + part.OffsetBytes,
        part.SizeBytes,
        (nint)(region.HostAddress + part.OffsetBytes),
        region.IsWritable,
        region.IsExecutable,
        TracksWrites);

    private void Collect(MemoryRegion region, PageRecords records, bool withAccesses)
    {
        foreach (BackedPart part in region.Parts)
        {
            // Parts begin with a chunk, whose pages fill whole words.
            int first = (int)(part.OffsetBytes >> GuestMemoryMap.PageShift) / 64;
            ulong[] fresh = new ulong[((part.SizeBytes >> GuestMemoryMap.PageShift) + 63) / 64];
            if (engine.TakeDirtyPages(part.Slot, fresh) == 0)
            {
                records.AddWritten(first, fresh);
            }

            if (withAccesses && RecordsAccesses && engine.TakeAccessedPages(part.Slot, fresh) == 0)
            {
                records.AddAccessed(first, fresh);
            }
        }
    }
}
