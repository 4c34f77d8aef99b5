using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Memory;

/// <content>Which pages the guest or the host has touched: for migration, snapshots and display memory.</content>
public sealed unsafe partial class GuestAddressSpace
{
    // 8 KiB of bitmap at a time: the driver allocates what it is asked for, and counts pages in 32 bits.
    private const int PagesPerRequest = 0x10000;
    private const int BitsPerWord = 64;
    private const hv_partition_property_code Tracking = hv_partition_property_code.HV_PARTITION_PROPERTY_GPA_PAGE_ACCESS_TRACKING;

    private volatile bool isTracking;

    /// <summary>Words of 64 bits that a bitmap of a range needs.</summary>
    /// <param name="sizeBytes">Size of the range.</param>
    /// <returns>Number of words.</returns>
    public static int BitmapWords(ulong sizeBytes) =>
        checked((int)((sizeBytes + (PageBytes * BitsPerWord) - 1) / (PageBytes * BitsPerWord)));

    /// <summary>Starts to note which pages the guest touches. Pages count as untouched from here on.</summary>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    public void StartTracking()
    {
        PropertyHypercalls.Set(handle, Tracking, 1).ThrowIfFailed("Starting to track page accesses");
        lock (changeLock)
        {
            foreach (MemoryRegion region in regions)
            {
                region.HostWrites = new HostWrites(region.SizeBytes / PageBytes);
            }

            isTracking = true;
        }

        // Freshly enabled, every page counts as dirty, which would say nothing. Clearing ACCESSED clears DIRTY with it.
        try
        {
            ForEveryRegion(Constants.MSHV_GPAP_ACCESS_TYPE_ACCESSED, Constants.MSHV_GPAP_ACCESS_OP_CLEAR);
        }
        catch (HypervisorException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            // Where reading leaves no trace, as on the emulated device, there are written pages only.
            ForEveryRegion(Constants.MSHV_GPAP_ACCESS_TYPE_DIRTY, Constants.MSHV_GPAP_ACCESS_OP_CLEAR);
        }
    }

    /// <summary>Stops to note which pages the guest touches.</summary>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    public void StopTracking()
    {
        // The hypervisor refuses to stop while a page is marked as untouched.
        ForEveryRegion(Constants.MSHV_GPAP_ACCESS_TYPE_DIRTY, Constants.MSHV_GPAP_ACCESS_OP_SET);
        PropertyHypercalls.Set(handle, Tracking, 0).ThrowIfFailed("Stopping to track page accesses");
        lock (changeLock)
        {
            isTracking = false;
            foreach (MemoryRegion region in regions)
            {
                region.HostWrites = null;
            }
        }
    }

    /// <summary>Says that the host has written to memory through a span or a pointer, so that the pages count as dirty. Whatever writes
    /// through this class, the emulation of instructions and the loaders do so by themselves. Without effect while nothing is
    /// tracked.</summary>
    /// <param name="gpa">Guest-physical address of the first byte.</param>
    /// <param name="sizeBytes">How many bytes; those that are no memory are passed over.</param>
    public void NoteWrite(ulong gpa, ulong sizeBytes)
    {
        if (isTracking)
        {
            Mark(gpa, sizeBytes);
        }
    }

    /// <summary>Takes the pages that the guest or the host has written since the last time, which count as unwritten then.</summary>
    /// <remarks>The driver cannot look without changing: a request without an operation marks every page as written.</remarks>
    /// <param name="gpa">First guest-physical address, a multiple of 4096.</param>
    /// <param name="sizeBytes">Size, a multiple of 4096.</param>
    /// <param name="bitmap">Receives a bit for each page; bits beyond the last page are 0.</param>
    /// <exception cref="ArgumentException">The bitmap is too short, or the range is not memory.</exception>
    /// <exception cref="HypervisorException">The kernel refused. What was taken so far is in the bitmap.</exception>
    public void TakeDirtyPages(ulong gpa, ulong sizeBytes, Span<ulong> bitmap) =>
        Take(Constants.MSHV_GPAP_ACCESS_TYPE_DIRTY, gpa, sizeBytes, bitmap);

    /// <summary>Takes the pages that the guest has touched or the host has written since the last time. They then count as untouched and
    /// also as unwritten.</summary>
    /// <param name="gpa">First guest-physical address, a multiple of 4096.</param>
    /// <param name="sizeBytes">Size, a multiple of 4096.</param>
    /// <param name="bitmap">Receives a bit for each page; bits beyond the last page are 0.</param>
    /// <exception cref="ArgumentException">The bitmap is too short, or the range is not memory.</exception>
    /// <exception cref="HypervisorException">The kernel refused. What was taken so far is in the bitmap.</exception>
    public void TakeAccessedPages(ulong gpa, ulong sizeBytes, Span<ulong> bitmap) =>
        Take(Constants.MSHV_GPAP_ACCESS_TYPE_ACCESSED, gpa, sizeBytes, bitmap);

    private void Take(uint accessType, ulong gpa, ulong sizeBytes, Span<ulong> bitmap)
    {
        CheckPages(gpa, sizeBytes);
        if (!IsMemory(gpa, sizeBytes))
        {
            throw new ArgumentException($"Not all of the 0x{sizeBytes:x} bytes at 0x{gpa:x} is memory.", nameof(gpa));
        }

        int words = BitmapWords(sizeBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(bitmap.Length, words, nameof(bitmap));
        bitmap = bitmap[..words];
        bitmap.Clear();
        Transfer(accessType, Constants.MSHV_GPAP_ACCESS_OP_CLEAR, gpa / PageBytes, sizeBytes / PageBytes, bitmap);
        TakeHostWrites(gpa, sizeBytes, bitmap);

        int tailBits = (int)(sizeBytes / PageBytes % BitsPerWord);
        if (tailBits != 0)
        {
            bitmap[^1] &= (1UL << tailBits) - 1;
        }
    }

    private void Mark(ulong gpa, ulong sizeBytes)
    {
        while (sizeBytes > 0 && Find(regions, gpa) is { } region)
        {
            ulong offset = gpa - region.Gpa;
            ulong count = Math.Min(sizeBytes, region.SizeBytes - offset);
            region.HostWrites?.Mark(offset / PageBytes, (offset + count - 1) / PageBytes);
            gpa += count;
            sizeBytes -= count;
        }
    }

    private void TakeHostWrites(ulong gpa, ulong sizeBytes, Span<ulong> bitmap)
    {
        for (ulong done = 0; done < sizeBytes && Find(regions, gpa + done) is { } region;)
        {
            ulong offset = gpa + done - region.Gpa;
            ulong count = Math.Min(sizeBytes - done, region.SizeBytes - offset);
            region.HostWrites?.Take(offset / PageBytes, (offset + count - 1) / PageBytes, bitmap, done / PageBytes);
            done += count;
        }
    }

    private void ForEveryRegion(uint accessType, uint operation)
    {
        Span<ulong> scratch = stackalloc ulong[PagesPerRequest / BitsPerWord];
        foreach (MemoryRegion region in regions)
        {
            ulong end = region.EndGpa / PageBytes;
            for (ulong page = region.Gpa / PageBytes; page < end; page += PagesPerRequest)
            {
                Transfer(accessType, operation, page, Math.Min(end - page, PagesPerRequest), scratch);
            }
        }
    }

    private void Transfer(uint accessType, uint operation, ulong firstPage, ulong pageCount, Span<ulong> bitmap)
    {
        fixed (ulong* words = bitmap)
        {
            for (ulong done = 0; done < pageCount; done += PagesPerRequest)
            {
                ulong count = Math.Min(pageCount - done, PagesPerRequest);
                mshv_gpap_access_bitmap request = new()
                {
                    access_type = (byte)accessType,
                    access_op = (byte)operation,
                    page_count = count,
                    gpap_base = firstPage + done,
                    bitmap_ptr = (ulong)(words + (done / BitsPerWord)),
                };
                IoctlResult result = PartitionIoctls.MSHV_GET_GPAP_ACCESS_BITMAP(new UninterruptedDescriptor(handle), ref request);
                if (!result.IsSuccess)
                {
                    throw new HypervisorException(
                        $"Reading which of {count} pages from guest page 0x{firstPage + done:x} on were touched",
                        result.Errno,
                        "Tracking must have been started.");
                }
            }
        }
    }
}
