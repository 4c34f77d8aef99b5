using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>State of a processor that is no registers, between the hypervisor and the caller's buffer.</summary>
internal sealed class VpStateTransfer(ProcessorComponents components)
{
    private const int PageBytes = 4096;

    /// <summary>MSHV_GET_VP_STATE and MSHV_SET_VP_STATE.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int Transfer(ulong argument, bool isWrite)
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

        if (!UserMemory.IsUserRange(request.buf_ptr, request.buf_sz))
        {
            return Errno.EFAULT;
        }

        // The size goes back before anything else, so that a caller can ask for it.
        uint offeredBytes = request.buf_sz;
        int sizeBytes = components.SizeBytes(request.type);
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
        int status = components.Get(request.type, data);
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

        return StatusErrno.Of(components.Set(request.type, data));
    }
}
