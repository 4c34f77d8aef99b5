using System.Buffers.Binary;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>The upper halves of the vector registers (YMM), which only the processor's extended (XSAVE) state has.</summary>
internal sealed unsafe class ExtendedState(IProcessor processor)
{
    private const int PageBytes = Constants.MSHV_HV_PAGE_SIZE;
    private const int UpperBytes = 16;

    // The layout is the processor's own: header at 512, and the AVX component at 576 in both its formats.
    private const int PresentOffset = 512;
    private const int FormatOffset = 520;
    private const int AvxOffset = 576;
    private const ulong AvxComponent = 1 << 2;
    private const ulong IsCompacted = 1UL << 63;

    private readonly BorrowedDescriptor descriptor = processor.Descriptor;

    // Pinned, with room to begin at a page: the driver wants whole pages.
    private byte[] storage = GC.AllocateUninitializedArray<byte>(2 * PageBytes, pinned: true);
    private int sizeBytes = PageBytes;
    private bool isLoaded;

    internal void Forget() => isLoaded = false;

    internal int ReadUpper(int index, Span<byte> value)
    {
        int errno = Load();
        if (errno == 0)
        {
            if ((Word(PresentOffset) & AvxComponent) != 0)
            {
                State.Slice(AvxOffset + (index * UpperBytes), UpperBytes).CopyTo(value);
            }
            else
            {
                value.Clear();
            }
        }

        return errno;
    }

    internal int WriteUpper(int index, ReadOnlySpan<byte> value)
    {
        int errno = Load();
        if (errno != 0)
        {
            return errno;
        }

        bool isPresent = (Word(PresentOffset) & AvxComponent) != 0;
        if (!isPresent && !value.ContainsAnyExcept((byte)0))
        {
            return 0;
        }

        bool hasRoom = (Word(FormatOffset) & IsCompacted) == 0 || (Word(FormatOffset) & AvxComponent) != 0;
        if (!hasRoom)
        {
            return Errno.EOPNOTSUPP;
        }

        Span<byte> uppers = State.Slice(AvxOffset, 16 * UpperBytes);
        if (!isPresent)
        {
            uppers.Clear();
            BinaryPrimitives.WriteUInt64LittleEndian(State[PresentOffset..], Word(PresentOffset) | AvxComponent);
        }

        value.CopyTo(uppers[(index * UpperBytes)..]);
        return Store();
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

    private ulong Word(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(State[offset..]);

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
