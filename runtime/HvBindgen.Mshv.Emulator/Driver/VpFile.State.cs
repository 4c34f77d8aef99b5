using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <content>State that is no registers.</content>
internal sealed partial class VpFile
{
    private const ulong UserAddressEnd = 0x7fff_ffff_f000; // x86-64, four-level paging

    private int TransferState(ulong argument, bool isWrite)
    {
        if (!UserMemory.TryRead(argument, out mshv_get_set_vp_state request))
        {
            return Errno.EFAULT;
        }

        if (request.type >= Hv.MSHV_VP_STATE_COUNT || ((ReadOnlySpan<byte>)request.rsvd).ContainsAnyExcept((byte)0)
            || request.buf_sz == 0 || request.buf_sz % PageBytes != 0 || request.buf_ptr % PageBytes != 0)
        {
            return Errno.EINVAL;
        }

        if (request.buf_ptr >= UserAddressEnd || request.buf_sz > UserAddressEnd - request.buf_ptr)
        {
            return Errno.EFAULT;
        }

        // The size goes back before anything else, so that a caller can ask for it.
        uint offeredBytes = request.buf_sz;
        int sizeBytes = processor.Components.SizeBytes(request.type);
        request.buf_sz = (uint)sizeBytes;
        if (!UserMemory.TryWrite(argument, in request))
        {
            return Errno.EFAULT;
        }

        if (sizeBytes > offeredBytes)
        {
            return Errno.EINVAL;
        }

        byte[] data = new byte[sizeBytes];
        return isWrite ? Set(in request, data) : Get(in request, data);
    }

    private int Get(in mshv_get_set_vp_state request, byte[] data)
    {
        int status = processor.Components.Get(request.type, data);
        return status != Hv.HV_STATUS_SUCCESS ? StatusErrno.Of(status)
            : UserMemory.TryWrite(request.buf_ptr, data) ? 0
            : Errno.EFAULT;
    }

    private int Set(in mshv_get_set_vp_state request, byte[] data)
    {
        // All but the timers go by page number, and those pages are pinned for writing.
        bool isPinned = request.type != Hv.MSHV_VP_STATE_SYNTHETIC_TIMERS;
        if (!UserMemory.TryRead(request.buf_ptr, data) || (isPinned && !UserMemory.TryWrite(request.buf_ptr, data)))
        {
            return Errno.EFAULT;
        }

        return StatusErrno.Of(processor.Components.Set(request.type, data));
    }
}
