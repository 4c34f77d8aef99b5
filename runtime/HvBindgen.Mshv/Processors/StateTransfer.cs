using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Processors;

/// <summary>A part of a processor's state that is no register.</summary>
public enum VpStateComponent
{
    /// <summary>Local interrupt controller.</summary>
    LocalApic = Constants.MSHV_VP_STATE_LAPIC,

    /// <summary>Floating-point and vector registers, in the compacted XSAVE format.</summary>
    Xsave = Constants.MSHV_VP_STATE_XSAVE,

    /// <summary>Page of messages of the synthetic interrupt controller.</summary>
    MessagePage = Constants.MSHV_VP_STATE_SIMP,

    /// <summary>Page of event flags of the synthetic interrupt controller.</summary>
    EventFlagsPage = Constants.MSHV_VP_STATE_SIEFP,

    /// <summary>Synthetic timers.</summary>
    SyntheticTimers = Constants.MSHV_VP_STATE_SYNTHETIC_TIMERS,
}

/// <summary>Reads and writes processor state by request: whole pages, as many as the driver says it needs.</summary>
internal static unsafe class StateTransfer
{
    /// <summary>More than this is not believed: the largest XSAVE state there is takes about 11 KiB.</summary>
    internal const int MaxComponentBytes = 1 << 20;

    internal static byte[] Get(VirtualProcessor processor, in VirtualProcessor.Access access, VpStateComponent component)
    {
        int sizeBytes = Constants.MSHV_HV_PAGE_SIZE;
        while (true)
        {
            using AlignedBuffer buffer = new(sizeBytes);
            mshv_get_set_vp_state request = Request(component, buffer);
            IoctlResult result = VpIoctls.MSHV_GET_VP_STATE(access.Descriptor, ref request);
            if (result.IsSuccess)
            {
                // The driver says how much it has; the rest of the page is padding.
                int used = request.buf_sz is > 0 and <= int.MaxValue
                    ? Math.Min((int)request.buf_sz, buffer.SizeBytes)
                    : buffer.SizeBytes;
                return buffer.Bytes[..used].ToArray();
            }

            bool isTooSmall = result.Errno == Errno.EINVAL && request.buf_sz > buffer.SizeBytes && request.buf_sz <= MaxComponentBytes;
            if (result.Errno == Errno.EINTR)
            {
                continue;
            }

            if (!isTooSmall)
            {
                throw new HypervisorException($"Reading the state {component} of virtual processor {processor.Index}", result.Errno);
            }

            sizeBytes = (int)request.buf_sz;
        }
    }

    internal static void Set(
        VirtualProcessor processor, in VirtualProcessor.Access access, VpStateComponent component, ReadOnlySpan<byte> state)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(state.Length, MaxComponentBytes, nameof(state));
        using AlignedBuffer buffer = new(state.Length);
        state.CopyTo(buffer.Bytes);
        mshv_get_set_vp_state request;
        IoctlResult result;
        do
        {
            request = Request(component, buffer);
            result = VpIoctls.MSHV_SET_VP_STATE(access.Descriptor, ref request);
        }
        while (result.Errno == Errno.EINTR);

        if (!result.IsSuccess)
        {
            throw new HypervisorException(
                $"Writing {state.Length} bytes of state {component} to virtual processor {processor.Index}",
                result.Errno,
                request.buf_sz > buffer.SizeBytes ? $"The driver needs {request.buf_sz} bytes." : null);
        }
    }

    private static mshv_get_set_vp_state Request(VpStateComponent component, in AlignedBuffer buffer) =>
        new() { type = (byte)component, buf_sz = (uint)buffer.SizeBytes, buf_ptr = buffer.Address };
}
