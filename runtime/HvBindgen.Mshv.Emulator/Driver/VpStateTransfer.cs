using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>State of a processor that is no registers, between the hypervisor and the caller's buffer.</summary>
internal sealed class VpStateTransfer(ProcessorComponents components)
{
    private const int PageBytes = 4096;

    // The hypercall's input is one page: 40 bytes of what is asked for, then 8 bytes for each page of the buffer.
    private const uint MaxPages = (PageBytes - 40) / sizeof(ulong);

    // The driver keeps a pointer for each page, in memory that the kernel gives in one piece: at most 4 MiB.
    private const uint MaxPointers = (4 << 20) / sizeof(ulong);

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

        // All but the timers go by page number: all pages that are offered are pinned for writing, whatever the size of the state.
        if (request.type != Hv.MSHV_VP_STATE_SYNTHETIC_TIMERS)
        {
            if (offeredBytes / PageBytes > MaxPointers)
            {
                return Errno.ENOMEM;
            }

            if (!UserMemory.CanPin(request.buf_ptr, offeredBytes))
            {
                return Errno.EFAULT;
            }

            if (offeredBytes / PageBytes > MaxPages)
            {
                return Errno.EINVAL;
            }
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
        return UserMemory.TryRead(request.buf_ptr, data) ? StatusErrno.Of(components.Set(request.type, data)) : Errno.EFAULT;
    }
}
