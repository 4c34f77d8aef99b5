using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <content>Which pages were written.</content>
internal sealed partial class VirtualPartition
{
    private readonly Lock writtenLock = new();

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
            Host.Refusals.Report("KVM records which pages were written, not which were accessed");
            return Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED;
        }

        lock (writtenLock)
        {
            foreach (MemoryRegion region in Memory.Regions)
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

    // HvCallGetGpaPagesAccessStates: one byte per page, in repetitions.
    private int GetAccessStates(ref HypercallFrame frame)
    {
        hv_input_get_gpa_pages_access_state input = frame.Read<hv_input_get_gpa_pages_access_state>();
        if (frame.Reps > frame.Output.Length)
        {
            return Hv.HV_STATUS_INVALID_HYPERCALL_INPUT;
        }

        Span<byte> bitmap = stackalloc byte[(frame.Reps + 7) / 8];
        bitmap.Clear();
        PageRecord operation = input.flags.clear_dirty != 0 || input.flags.clear_accessed != 0 ? PageRecord.Clear
            : input.flags.set_dirty != 0 ? PageRecord.Set
            : PageRecord.Keep;
        int status = AccessPages(written: true, operation, input.hv_gpa_page_number, (ulong)frame.Reps, bitmap);
        if (status != Hv.HV_STATUS_SUCCESS)
        {
            return status;
        }

        for (int page = 0; page < frame.Reps; page++)
        {
            bool isWritten = (bitmap[page / 8] >> (page % 8) & 1) != 0;
            frame.Output[page] = isWritten ? (byte)0b11 : (byte)0; // written includes accessed
        }

        frame.RepsCompleted = frame.Reps;
        return Hv.HV_STATUS_SUCCESS;
    }

    private void Collect(MemoryRegion region, ulong[] pages)
    {
        ulong[] fresh = new ulong[pages.Length];
        if (Engine.TakeDirtyPages(region.Slot, fresh) != 0)
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
