using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Vtl;

/// <summary><c>/dev/mshv_hvcall</c>: hypercalls of a paravisor, of the kinds it has allowed itself once.</summary>
public sealed unsafe class HvcallDevice : IDisposable
{
    private const int MaxBitmapBytes = 8192;

    private HvcallDevice(HvcallHandle handle) => Handle = handle;

    /// <summary>The descriptor.</summary>
    public HvcallHandle Handle { get; }

    /// <summary>Opens the device; needs CAP_SYS_ADMIN.</summary>
    /// <param name="path">Path of the device node.</param>
    /// <param name="systemCalls">System calls; null for this machine's.</param>
    /// <returns>The device, which the caller disposes.</returns>
    /// <exception cref="MshvUnavailableException">The device cannot be used.</exception>
    public static HvcallDevice Open(string path = Requests.HvcallNode, ISystemCalls? systemCalls = null)
    {
        systemCalls ??= LinuxSystemCalls.Instance;
        return new HvcallDevice(new HvcallHandle(systemCalls, DeviceNode.Open(systemCalls, path)));
    }

    /// <summary>Says which hypercalls this descriptor may make. Once only.</summary>
    /// <param name="codes">Hypercall codes.</param>
    /// <exception cref="HypervisorException">The kernel refused. EINVAL: it has been said before.</exception>
    public void Allow(ReadOnlySpan<ushort> codes)
    {
        Span<ulong> bitmap = stackalloc ulong[MaxBitmapBytes / sizeof(ulong)];
        bitmap.Clear();
        foreach (ushort code in codes)
        {
            bitmap[code / 64] |= 1UL << (code % 64);
        }

        // The bitmap stays in place for the call, which copies it.
        fixed (ulong* pointer = bitmap)
        {
            mshv_vtl_hvcall_setup request = new() { bitmap_array_size = MaxBitmapBytes, allow_bitmap_ptr = (ulong)pointer };
            IoctlResult result = HvcallIoctls.MSHV_HVCALL_SETUP(Handle, request);
            if (!result.IsSuccess)
            {
                throw new HypervisorException("Allowing hypercalls", result.Errno, "They can be allowed once for a descriptor.");
            }
        }
    }

    /// <summary>Makes a hypercall.</summary>
    /// <param name="control">Hypercall control: code, and count and start of a list.</param>
    /// <param name="input">Input, at most 4096 bytes.</param>
    /// <param name="output">Receives the output, at most 4096 bytes.</param>
    /// <returns>The hypervisor's result: status in the low 16 bits, elements completed from bit 32 on.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Input or output is too long.</exception>
    /// <exception cref="HypervisorException">The kernel refused. EPERM: the hypercall has not been allowed.</exception>
    public ulong Call(ulong control, ReadOnlySpan<byte> input, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Length, HypercallClient.PageBytes, nameof(input));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(output.Length, HypercallClient.PageBytes, nameof(output));

        // Both stay in place for the call, which copies them.
        fixed (byte* inputPointer = input)
        fixed (byte* outputPointer = output)
        {
            mshv_vtl_hvcall request = new()
            {
                control = control,
                input_size = (ulong)input.Length,
                input_ptr = (ulong)inputPointer,
                output_size = (ulong)output.Length,
                output_ptr = (ulong)outputPointer,
            };
            IoctlResult result = HvcallIoctls.MSHV_HVCALL(Handle, ref request);
            return result.IsSuccess
                ? request.status
                : throw new HypervisorException("Making a hypercall", result.Errno, (ushort)control, null, null);
        }
    }

    /// <summary>Closes the device.</summary>
    public void Dispose() => Handle.Dispose();
}
