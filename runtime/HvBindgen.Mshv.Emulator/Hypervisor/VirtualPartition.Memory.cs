using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <content>Memory, and which of its pages were written.</content>
internal sealed partial class VirtualPartition
{
    private readonly Stack<uint> freeSlots = new();
    private uint nextSlot;

    /// <summary>Whether writes to pages are recorded.</summary>
    internal bool TracksWrites { get; private set; }

    /// <summary>Maps a region; the caller has made sure that it overlaps none.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int MapRegion(MemoryRegion region)
    {
        uint slot = freeSlots.TryPop(out uint free) ? free : nextSlot++;
        region = region with { Slot = slot };
        int errno = Engine.MapMemory(SlotOf(region));
        if (errno != 0)
        {
            freeSlots.Push(slot);
            return errno;
        }

        region.WrittenPages = TracksWrites ? AllWritten(region) : null;
        Memory.Add(region);
        return 0;
    }

    /// <summary>Takes a region away.</summary>
    internal int UnmapRegion(MemoryRegion region)
    {
        int errno = Engine.UnmapMemory(region.Slot);
        if (errno == 0)
        {
            Memory.Remove(region);
            freeSlots.Push(region.Slot);
        }

        return errno;
    }

    internal int SetWriteTracking(bool isOn)
    {
        if (isOn == TracksWrites)
        {
            return Hv.HV_STATUS_SUCCESS;
        }

        TracksWrites = isOn;
        foreach (MemoryRegion region in Memory.Regions)
        {
            if (Engine.MapMemory(SlotOf(region)) != 0)
            {
                return Hv.HV_STATUS_OPERATION_FAILED;
            }

            // What was written before anyone looked is not known: all of it may have been.
            region.WrittenPages = isOn ? AllWritten(region) : null;
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
}
