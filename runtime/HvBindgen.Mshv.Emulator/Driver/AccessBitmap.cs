using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>Which pages were accessed, and which written.</summary>
internal sealed class AccessBitmap(PartitionMemory memory)
{
    private const ulong MaxBitmapPages = 1UL << 30;

    /// <summary>MSHV_GET_GPAP_ACCESS_BITMAP.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int Get(ulong argument)
    {
        if (!UserMemory.TryRead(argument, out mshv_gpap_access_bitmap request))
        {
            return Errno.EFAULT;
        }

        if (request.access_type >= Hv.MSHV_GPAP_ACCESS_TYPE_COUNT || request.access_op >= Hv.MSHV_GPAP_ACCESS_OP_COUNT
            || ((ReadOnlySpan<byte>)request.rsvd).ContainsAnyExcept((byte)0) || request.page_count == 0 || request.bitmap_ptr == 0)
        {
            return Errno.EINVAL;
        }

        // The driver keeps a byte for each page, and gets no more memory than that.
        if (request.page_count > MaxBitmapPages)
        {
            return Errno.ENOMEM;
        }

        byte[] bitmap = new byte[(request.page_count + 7) / 8];

        // The driver's "no operation" sets the record, as its "set" does. What was not accessed was not written, and what was written
        // was accessed.
        bool isOfWrites = request.access_type == Hv.MSHV_GPAP_ACCESS_TYPE_DIRTY;
        bool clears = request.access_op == Hv.MSHV_GPAP_ACCESS_OP_CLEAR;
        PageRecordChange change = clears
            ? new PageRecordChange(isOfWrites ? PageRecord.Keep : PageRecord.Clear, PageRecord.Clear)
            : new PageRecordChange(PageRecord.Set, isOfWrites ? PageRecord.Set : PageRecord.Keep);
        int status = memory.AccessPages(
            change, request.gpap_base, request.page_count, isOfWrites ? [] : bitmap, isOfWrites ? bitmap : []);
        if (status != Hv.HV_STATUS_SUCCESS)
        {
            return StatusErrno.Of(status);
        }

        return UserMemory.TryWrite(request.bitmap_ptr, bitmap) ? 0 : Errno.EFAULT;
    }
}
