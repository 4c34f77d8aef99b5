using System.Runtime.CompilerServices;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Recording;

/// <summary>Which memory a request reads and writes: its argument, and what the argument points to.</summary>
/// <remarks>Addresses and descriptors differ from run to run: they are left out, as zeros.</remarks>
internal static unsafe class IoctlRecord
{
    private const int DirectionShift = 30;
    private const int SizeShift = 16;
    private const int SizeMask = 0x3fff;
    private const uint KernelWrites = 2;

    /// <summary>Copies what the request reads.</summary>
    internal static void WriteInput(FrameBuffer frame, uint request, void* argument)
    {
        int size = ArgumentBytes(request, argument);
        byte* copy = stackalloc byte[Math.Max(size, 1)];
        Unsafe.CopyBlockUnaligned(copy, argument, (uint)size);
        ReadOnlySpan<byte> pointedTo = default;
        switch (request)
        {
            case Constants.MSHV_ROOT_HVCALL:
                mshv_root_hvcall* call = (mshv_root_hvcall*)copy;
                pointedTo = Block(call->in_ptr, call->in_sz);
                call->in_ptr = 0;
                call->out_ptr = 0;
                break;
            case Constants.MSHV_SET_GUEST_MEMORY:
                ((mshv_user_mem_region*)copy)->userspace_addr = 0;
                break;
            case Constants.MSHV_GET_VP_STATE:
                ((mshv_get_set_vp_state*)copy)->buf_ptr = 0;
                break;
            case Constants.MSHV_SET_VP_STATE:
                mshv_get_set_vp_state* state = (mshv_get_set_vp_state*)copy;
                pointedTo = Block(state->buf_ptr, state->buf_sz);
                state->buf_ptr = 0;
                break;
            case Constants.MSHV_GET_GPAP_ACCESS_BITMAP:
                ((mshv_gpap_access_bitmap*)copy)->bitmap_ptr = 0;
                break;
            case Constants.MSHV_IRQFD:
                ((mshv_user_irqfd*)copy)->fd = 0;
                ((mshv_user_irqfd*)copy)->resamplefd = 0;
                break;
            case Constants.MSHV_IOEVENTFD:
                ((mshv_user_ioeventfd*)copy)->fd = 0;
                break;
        }

        frame.WriteBlock(new ReadOnlySpan<byte>(copy, size));
        frame.WriteBlock(pointedTo);
    }

    /// <summary>Copies what the request has written.</summary>
    internal static void WriteOutput(FrameBuffer frame, uint request, void* argument, bool succeeded)
    {
        frame.WriteBlock(WritesArgument(request) ? new ReadOnlySpan<byte>(argument, ArgumentBytes(request, argument)) : default);
        frame.WriteBlock(succeeded ? OutputOf(request, argument) : default);
    }

    /// <summary>Writes what the request wrote when it was recorded.</summary>
    /// <returns>False when the recorded output does not fit the argument of this request.</returns>
    internal static bool TryReplayOutput(
        uint request, void* argument, ReadOnlySpan<byte> recordedArgument, ReadOnlySpan<byte> recordedOutput)
    {
        Span<byte> output = OutputOf(request, argument);
        if (recordedOutput.Length > output.Length || recordedArgument.Length > ArgumentBytes(request, argument))
        {
            return false;
        }

        recordedOutput.CopyTo(output);
        switch (request)
        {
            // The caller's addresses stay; only what the kernel fills in is replayed.
            case Constants.MSHV_ROOT_HVCALL when recordedArgument.Length == sizeof(mshv_root_hvcall):
                fixed (byte* recorded = recordedArgument)
                {
                    ((mshv_root_hvcall*)argument)->reps = ((mshv_root_hvcall*)recorded)->reps;
                    ((mshv_root_hvcall*)argument)->status = ((mshv_root_hvcall*)recorded)->status;
                }

                return true;
            case Constants.MSHV_GET_VP_STATE or Constants.MSHV_SET_VP_STATE when recordedArgument.Length == sizeof(mshv_get_set_vp_state):
                fixed (byte* recorded = recordedArgument)
                {
                    ((mshv_get_set_vp_state*)argument)->buf_sz = ((mshv_get_set_vp_state*)recorded)->buf_sz;
                }

                return true;
            case Constants.MSHV_ROOT_HVCALL or Constants.MSHV_GET_VP_STATE or Constants.MSHV_SET_VP_STATE:
                return false;
            case Constants.MSHV_GET_GPAP_ACCESS_BITMAP:
                return true;
            default:
                recordedArgument.CopyTo(new Span<byte>(argument, recordedArgument.Length));
                return true;
        }
    }

    private static bool WritesArgument(uint request) => ((request >> DirectionShift) & KernelWrites) != 0;

    private static int ArgumentBytes(uint request, void* argument) => request switch
    {
        // One request, two sizes: the flags say which, and with flags that there are not the driver looks no further.
        Constants.MSHV_CREATE_PARTITION when HasFeatures(((mshv_create_partition*)argument)->pt_flags)
            => sizeof(Abi.X64.mshv_create_partition_v2),
        Constants.MSHV_SET_MSI_ROUTING
            => sizeof(mshv_user_irq_table) + (int)(((mshv_user_irq_table*)argument)->nr * sizeof(mshv_user_irq_entry)),
        _ => (int)((request >> SizeShift) & SizeMask),
    };

    private static bool HasFeatures(ulong flags) =>
        (flags & ~(ulong)Constants.MSHV_PT_FLAGS_MASK) == 0 && (flags & (1UL << (int)Constants.MSHV_PT_BIT_CPU_AND_XSAVE_FEATURES)) != 0;

    private static Span<byte> OutputOf(uint request, void* argument)
    {
        switch (request)
        {
            case Constants.MSHV_ROOT_HVCALL:
                mshv_root_hvcall* call = (mshv_root_hvcall*)argument;
                return call->out_ptr == 0 ? default : Block(call->out_ptr, call->out_sz);
            case Constants.MSHV_GET_VP_STATE:
                mshv_get_set_vp_state* state = (mshv_get_set_vp_state*)argument;
                return Block(state->buf_ptr, state->buf_sz);
            case Constants.MSHV_GET_GPAP_ACCESS_BITMAP:
                mshv_gpap_access_bitmap* bitmap = (mshv_gpap_access_bitmap*)argument;
                return Block(bitmap->bitmap_ptr, (bitmap->page_count + 7) / 8);
            default:
                return default;
        }
    }

    // The caller of the request vouches for its buffers, as it does to the kernel.
    private static Span<byte> Block(ulong address, ulong length) =>
        address == 0 ? default : new Span<byte>((void*)address, checked((int)Math.Min(length, RecordingFormat.MaxFrameBytes / 2)));
}
