using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>What of the vector registers only the processor's extended (XSAVE) state has.</summary>
internal sealed unsafe class ExtendedState(IProcessor processor)
{
    private const int PageBytes = Constants.MSHV_HV_PAGE_SIZE;

    private readonly BorrowedDescriptor descriptor = processor.Descriptor;

    // Pinned, with room to begin at a page: the driver wants whole pages.
    private byte[] storage = GC.AllocateUninitializedArray<byte>(2 * PageBytes, pinned: true);
    private int sizeBytes = PageBytes;
    private bool isLoaded;

    internal void Forget() => isLoaded = false;

    /// <summary>Whether a component can be read and written.</summary>
    internal bool Has(ExtendedComponent component) => Load() == 0 && TryFind(component, out _);

    /// <summary>Reads a part of a component.</summary>
    /// <returns>Error number; 0: none.</returns>
    internal int Read(ExtendedComponent component, int offsetBytes, Span<byte> value)
    {
        int errno = Load();
        if (errno != 0)
        {
            return errno;
        }

        if (!IsPresent(component))
        {
            value.Clear();
            return 0;
        }

        if (!TryFind(component, out int start))
        {
            return Errno.EOPNOTSUPP;
        }

        State.Slice(start + offsetBytes, value.Length).CopyTo(value);
        return 0;
    }

    /// <summary>Writes a part of a component.</summary>
    /// <returns>Error number; 0: none.</returns>
    internal int Write(ExtendedComponent component, int offsetBytes, ReadOnlySpan<byte> value)
    {
        int errno = Load();
        if (errno != 0)
        {
            return errno;
        }

        bool isPresent = IsPresent(component);
        if (!isPresent && !value.ContainsAnyExcept((byte)0))
        {
            return 0;
        }

        if (!TryFind(component, out int start))
        {
            return Errno.EOPNOTSUPP;
        }

        if (!isPresent)
        {
            State.Slice(start, ExtendedStateLayout.SizeBytes(component)).Clear();
            Header.Present |= 1UL << (int)component;
        }

        value.CopyTo(State[(start + offsetBytes)..]);
        return Store();
    }

    private bool IsPresent(ExtendedComponent component) => (Header.Present & (1UL << (int)component)) != 0;

    private bool TryFind(ExtendedComponent component, out int offset)
    {
        int? found = ExtendedStateLayout.OffsetOf(component, Header.Format);
        offset = found ?? 0;
        return found is not null && offset + ExtendedStateLayout.SizeBytes(component) <= sizeBytes;
    }

    private Span<byte> State
    {
        get
        {
            fixed (byte* start = storage)
            {
                int skip = (int)(-(nint)start & (PageBytes - 1));
                return storage.AsSpan(skip, sizeBytes);
            }
        }
    }

    // The state is larger than its fixed part, whatever the driver says: it is never less than a page.
    private ref XsaveHeader Header => ref MemoryMarshal.AsRef<XsaveArea>(State).Header;

    private int Load()
    {
        if (isLoaded)
        {
            return 0;
        }

        IoctlResult result = Get(out mshv_get_set_vp_state request);
        if (!result.IsSuccess && request.buf_sz > sizeBytes)
        {
            // The driver says how much there is.
            sizeBytes = checked((int)request.buf_sz);
            storage = GC.AllocateUninitializedArray<byte>(sizeBytes + PageBytes, pinned: true);
            result = Get(out _);
        }

        isLoaded = result.IsSuccess;
        return result.Errno;
    }

    // A signal may interrupt either request; it is for the run, which looks for it by itself.
    private IoctlResult Get(out mshv_get_set_vp_state request)
    {
        IoctlResult result;
        do
        {
            request = Request();
            result = VpIoctls.MSHV_GET_VP_STATE(descriptor, ref request);
        }
        while (result.Errno == Errno.EINTR);

        return result;
    }

    private int Store()
    {
        IoctlResult result;
        do
        {
            mshv_get_set_vp_state request = Request();
            result = VpIoctls.MSHV_SET_VP_STATE(descriptor, ref request);
        }
        while (result.Errno == Errno.EINTR);

        return result.Errno;
    }

    private mshv_get_set_vp_state Request()
    {
        fixed (byte* start = State)
        {
            return new mshv_get_set_vp_state
            {
                type = (byte)Constants.MSHV_VP_STATE_XSAVE,
                buf_sz = (uint)sizeBytes,
                buf_ptr = (ulong)start,
            };
        }
    }
}
