using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Processors;

/// <summary>Parts of a processor's state that are no registers. For a processor that is not running.</summary>
public sealed unsafe class VpComponents
{
    /// <summary>More than this is not believed: the largest XSAVE state there is takes about 11 KiB.</summary>
    internal const int MaxComponentBytes = 1 << 20;

    private readonly VirtualProcessor processor;

    internal VpComponents(VirtualProcessor processor) => this.processor = processor;

    /// <summary>Local interrupt controller; x86-64, of a partition that has one.</summary>
    public Abi.X64.hv_local_interrupt_controller_state LocalApic
    {
        get => Get<Abi.X64.hv_local_interrupt_controller_state>(VpStateComponent.LocalApic);
        set => Set(VpStateComponent.LocalApic, value);
    }

    /// <summary>Synthetic timers.</summary>
    public hv_synthetic_timers_state SyntheticTimers
    {
        get => Get<hv_synthetic_timers_state>(VpStateComponent.SyntheticTimers);
        set => Set(VpStateComponent.SyntheticTimers, value);
    }

    /// <summary>Reads a part of the state.</summary>
    /// <param name="component">Which part.</param>
    /// <returns>Its bytes, as many as the hypervisor has.</returns>
    /// <exception cref="HypervisorException">The kernel or the hypervisor refused.</exception>
    /// <exception cref="InvalidOperationException">The processor is running.</exception>
    public byte[] Get(VpStateComponent component)
    {
        using VirtualProcessor.Access access = processor.Enter();
        return Get(access, component);
    }

    /// <summary>Writes a part of the state.</summary>
    /// <param name="component">Which part.</param>
    /// <param name="state">Its bytes.</param>
    /// <exception cref="HypervisorException">The kernel or the hypervisor refused.</exception>
    /// <exception cref="InvalidOperationException">The processor is running.</exception>
    public void Set(VpStateComponent component, ReadOnlySpan<byte> state)
    {
        using VirtualProcessor.Access access = processor.Enter();
        Set(access, component, state);
    }

    /// <summary>Reads a part of the state by request: whole pages, as many as the driver says it needs.</summary>
    internal byte[] Get(in VirtualProcessor.Access access, VpStateComponent component)
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

    /// <summary>Writes a part of the state by request, in whole pages.</summary>
    internal void Set(in VirtualProcessor.Access access, VpStateComponent component, ReadOnlySpan<byte> state)
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

    private T Get<T>(VpStateComponent component)
        where T : unmanaged
    {
        byte[] bytes = Get(component);
        return bytes.Length >= sizeof(T)
            ? MemoryMarshal.Read<T>(bytes)
            : throw new HypervisorException(
                $"Reading the state {component} of virtual processor {processor.Index}",
                0,
                $"The driver gave {bytes.Length} bytes; {Unsafe.SizeOf<T>()} are needed.");
    }

    private void Set<T>(VpStateComponent component, in T state)
        where T : unmanaged => Set(component, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in state)));

    private static mshv_get_set_vp_state Request(VpStateComponent component, in AlignedBuffer buffer) =>
        new() { type = (byte)component, buf_sz = (uint)buffer.SizeBytes, buf_ptr = buffer.Address };
}
