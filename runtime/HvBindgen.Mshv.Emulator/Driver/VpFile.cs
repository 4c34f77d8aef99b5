using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>A processor's descriptor. One mutex for all requests, which a run holds for its whole duration.</summary>
internal sealed class VpFile(VirtualPartition partition, VirtualCpu processor) : EmulatedFile, RootHypercall.ITarget
{
    private const int PageBytes = 4096;
    private readonly Lock mutex = new();
    private readonly VpStateTransfer state = new(processor.Components);

    public ulong PartitionId => partition.Id;

    internal override string? FailureOfRun => processor.FailureOfRun;

    internal override IoctlResult Ioctl(uint request, ulong argument)
    {
        lock (mutex)
        {
            return request switch
            {
                Hv.MSHV_RUN_VP => Answer(Run(argument)),
                Hv.MSHV_GET_VP_STATE => Answer(state.Transfer(argument, isWrite: false)),
                Hv.MSHV_SET_VP_STATE => Answer(state.Transfer(argument, isWrite: true)),
                Hv.MSHV_ROOT_HVCALL => Answer(RootHypercall.Handle(this, argument)),
                _ => IoctlResult.Failure(Errno.ENOTTY),
            };
        }
    }

    public bool Allows(int code) => RootHypercall.IsAllowedOnPartition(code) && !RootHypercall.IsAsynchronous(code);

    public int Execute(int code, ref HypercallFrame frame) => partition.Hypercalls.Execute(code, ref frame);

    internal override unsafe SystemCallResult Map(void* address, nuint sizeBytes, int protection, int flags, long offsetBytes)
    {
        uint page = offsetBytes is >= 0 and <= Hv.MSHV_VP_MMAP_OFFSET_GHCB * PageBytes && offsetBytes % PageBytes == 0
            ? (uint)(offsetBytes / PageBytes)
            : uint.MaxValue;
        if (page is not (Hv.MSHV_VP_MMAP_OFFSET_REGISTERS or Hv.MSHV_VP_MMAP_OFFSET_INTERCEPT_MESSAGE))
        {
            // Only encrypted partitions have a GHCB page.
            return SystemCallResult.Failure(page == Hv.MSHV_VP_MMAP_OFFSET_GHCB ? Errno.ENODEV : Errno.EINVAL);
        }

        // Every page of a longer mapping is the same page.
        int where = flags & (LibC.MapFixed | LibC.MapFixedNoReplace);
        nint start = CLibrary.Mmap(address, sizeBytes, protection, LinuxFlags.MapPrivate | LinuxFlags.MapAnonymous | where, -1, 0);
        if (start == -1)
        {
            return SystemCallResult.Failure(Marshal.GetLastSystemError());
        }

        for (nuint at = 0; at < sizeBytes; at += (nuint)SharedPages.SpacingBytes)
        {
            nint mapped = CLibrary.Mmap(
                (void*)(start + (nint)at),
                (nuint)SharedPages.SpacingBytes,
                protection,
                (flags & ~LibC.MapFixedNoReplace) | LibC.MapFixed,
                processor.Pages.Fd,
                page * SharedPages.SpacingBytes);
            if (mapped == -1)
            {
                int errno = Marshal.GetLastSystemError();
                _ = CLibrary.Munmap((void*)start, sizeBytes);
                return SystemCallResult.Failure(errno);
            }
        }

        if (page == Hv.MSHV_VP_MMAP_OFFSET_REGISTERS)
        {
            processor.OnRegisterPageMapped();
        }

        return SystemCallResult.Success(start);
    }

    private protected override void OnReleased() => partition.Release();

    private unsafe int Run(ulong argument)
    {
        int errno = processor.Run(out hv_message message);
        if (errno != 0)
        {
            return errno;
        }

        // Where the caller's pointer is bad the message is still in its page.
        *processor.Pages.Message = message;
        return UserMemory.TryFill(argument, in message) ? 0 : Errno.EFAULT;
    }
}
