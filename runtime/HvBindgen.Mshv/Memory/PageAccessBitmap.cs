using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Memory;

/// <summary>The driver's bitmap of pages that the guest has touched: read, and changed with it, in pieces that the driver takes.</summary>
internal sealed unsafe class PageAccessBitmap(PartitionHandle handle)
{
    internal const int BitsPerWord = 64;

    // 8 KiB of bitmap at a time: the driver allocates what it is asked for, and counts pages in 32 bits.
    private const int PagesPerRequest = 0x10000;
    private const ulong PageBytes = Constants.MSHV_HV_PAGE_SIZE;

    /// <summary>Reads whether pages were touched, and changes that.</summary>
    /// <param name="accessType"><c>MSHV_GPAP_ACCESS_TYPE_*</c>.</param>
    /// <param name="operation"><c>MSHV_GPAP_ACCESS_OP_*</c>.</param>
    /// <param name="firstPage">Number of the first guest page.</param>
    /// <param name="pageCount">How many pages, all of them memory.</param>
    /// <param name="bitmap">Receives a bit for each page.</param>
    /// <exception cref="HypervisorException">The kernel refused. What was read so far is in the bitmap.</exception>
    internal void Transfer(uint accessType, uint operation, ulong firstPage, ulong pageCount, Span<ulong> bitmap)
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

    /// <summary>Changes whether the pages of regions count as touched.</summary>
    /// <param name="accessType"><c>MSHV_GPAP_ACCESS_TYPE_*</c>.</param>
    /// <param name="operation"><c>MSHV_GPAP_ACCESS_OP_*</c>.</param>
    /// <param name="regions">The regions.</param>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    internal void Change(uint accessType, uint operation, ReadOnlySpan<MemoryRegion> regions)
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
}
