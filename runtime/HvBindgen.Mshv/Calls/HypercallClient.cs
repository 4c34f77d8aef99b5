using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Calls;

/// <summary>Passes hypercalls through a device, partition or processor descriptor.</summary>
/// <remarks>
/// The kernel puts the partition's own id into the first 8 bytes of every input; what is there does not matter.
/// </remarks>
internal static unsafe class HypercallClient
{
    // Linux 6.15 lends the hypervisor one page per try and then wants to be asked again; a partition or processor takes a few hundred.
    private const int MaxTries = 100_000;

    /// <summary>Largest input and largest output, in bytes: one hypervisor page each.</summary>
    internal const int PageBytes = Constants.MSHV_HV_PAGE_SIZE;

    internal static HypercallResult Call<TDescriptor, TInput>(TDescriptor fd, CallSignature<TInput> call, in TInput input)
        where TDescriptor : IIoctlDescriptor
        where TInput : unmanaged
    {
        fixed (TInput* inputPointer = &input)
        {
            return Call(fd, call.Code, 0, inputPointer, sizeof(TInput), null, 0);
        }
    }

    internal static HypercallResult Call<TDescriptor, TInput, TOutput>(
        TDescriptor fd, CallSignature<TInput, TOutput> call, in TInput input, out TOutput output)
        where TDescriptor : IIoctlDescriptor
        where TInput : unmanaged
        where TOutput : unmanaged
    {
        output = default;
        fixed (TInput* inputPointer = &input)
        fixed (TOutput* outputPointer = &output)
        {
            return Call(fd, call.Code, 0, inputPointer, sizeof(TInput), outputPointer, sizeof(TOutput));
        }
    }

    /// <summary>Makes one hypercall. Both buffers stay valid and, beyond the bytes given, untouched until it returns.</summary>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="code">Hypercall code.</param>
    /// <param name="count">Elements of the list; 0 for a hypercall that takes none.</param>
    /// <param name="input">Input.</param>
    /// <param name="inputBytes">Bytes of input.</param>
    /// <param name="output">Output; null for none.</param>
    /// <param name="outputBytes">Room for output in bytes.</param>
    internal static HypercallResult Call<TDescriptor>(
        TDescriptor fd, ushort code, int count, void* input, int inputBytes, void* output, int outputBytes)
        where TDescriptor : IIoctlDescriptor
    {
        for (int attempt = 1; ; attempt++)
        {
            mshv_root_hvcall request = new()
            {
                code = code,
                reps = checked((ushort)count),
                in_sz = checked((ushort)inputBytes),
                out_sz = checked((ushort)outputBytes),
                in_ptr = (ulong)input,
                out_ptr = (ulong)output,
            };

            // The request has the same number on all three kinds of descriptor.
            IoctlResult result = DeviceIoctls.MSHV_ROOT_HVCALL(fd, ref request);

            // With a status the kernel has written back what was completed; without one it has not touched the request.
            int completed = result.Errno == 0 || request.status != 0 ? Math.Min(request.reps, count) : 0;
            bool again = result.Errno is (Errno.EINTR or Errno.EAGAIN) && completed == 0 && attempt < MaxTries;
            if (!again)
            {
                return new HypercallResult(code, result.Errno, request.status, completed);
            }
        }
    }
}
