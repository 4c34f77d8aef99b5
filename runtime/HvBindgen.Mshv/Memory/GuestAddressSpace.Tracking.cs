using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Memory;

/// <content>Which pages the guest or the host has touched: for migration, snapshots and display memory.</content>
public sealed partial class GuestAddressSpace
{
    private const int BitsPerWord = PageAccessBitmap.BitsPerWord;
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
            accesses.Change(Constants.MSHV_GPAP_ACCESS_TYPE_ACCESSED, Constants.MSHV_GPAP_ACCESS_OP_CLEAR, regions);
        }
        catch (HypervisorException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            // Where reading leaves no trace, as on the emulated device over KVM, there are written pages only.
            accesses.Change(Constants.MSHV_GPAP_ACCESS_TYPE_DIRTY, Constants.MSHV_GPAP_ACCESS_OP_CLEAR, regions);
        }
    }

    /// <summary>Stops to note which pages the guest touches.</summary>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    public void StopTracking()
    {
        // The hypervisor refuses to stop while a page is marked as untouched.
        accesses.Change(Constants.MSHV_GPAP_ACCESS_TYPE_DIRTY, Constants.MSHV_GPAP_ACCESS_OP_SET, regions);
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
            Table.MarkHostWrites(gpa, sizeBytes);
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
        accesses.Transfer(accessType, Constants.MSHV_GPAP_ACCESS_OP_CLEAR, gpa / PageBytes, sizeBytes / PageBytes, bitmap);
        Table.TakeHostWrites(gpa, sizeBytes, bitmap);

        int tailBits = (int)(sizeBytes / PageBytes % BitsPerWord);
        if (tailBits != 0)
        {
            bitmap[^1] &= (1UL << tailBits) - 1;
        }
    }
}
