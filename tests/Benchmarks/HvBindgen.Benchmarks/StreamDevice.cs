using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Benchmarks;

/// <summary>A device that executes nothing: it hands out one message again and again, with a valid register page.</summary>
internal sealed unsafe class StreamDevice() : ScriptedSystemCalls(LinuxSystemCalls.Instance), ISystemCalls
{
    private const int NoData = 61;
    private int nextFd = 100;
    private hv_message message;
    private long left;

    internal hv_vp_register_page* Page { get; } = (hv_vp_register_page*)NativeMemory.AlignedAlloc(4096, 4096);

    /// <summary>What RCX and RDI are at each exit, for a repeated instruction; 0: as the last exit left them.</summary>
    internal (ulong Count, ulong Destination) Repeated { get; set; }

    /// <summary>Hands out a message so many times; then the run ends.</summary>
    internal void Play(in hv_message next, long count)
    {
        message = next;
        left = count;
    }

    public override SystemCallResult Open(string path, int flags) => SystemCallResult.Success(nextFd++);

    public override SystemCallResult Close(int fd) => SystemCallResult.Success(0);

    public override IoctlResult Ioctl(int fd, uint request, void* argument)
    {
        if (request == Mshv.Abi.Constants.MSHV_RUN_VP)
        {
            if (left-- == 0)
            {
                return IoctlResult.Failure(NoData);
            }

            *(hv_message*)argument = message;
            Page->dirty = 0;
            if (Repeated.Count != 0)
            {
                (Page->gp_registers[1], Page->gp_registers[7]) = Repeated;
            }

            return IoctlResult.Success(0);
        }

        return request switch
        {
            Mshv.Abi.Constants.MSHV_CREATE_PARTITION when
                ((mshv_create_partition*)argument)->pt_flags > (ulong)Mshv.Abi.Constants.MSHV_PT_FLAGS_MASK
                => IoctlResult.Failure(22),
            Mshv.Abi.Constants.MSHV_CREATE_PARTITION or Mshv.Abi.Constants.MSHV_CREATE_VP => IoctlResult.Success(nextFd++),
            _ => IoctlResult.Success(0),
        };
    }

    public override SystemCallResult Map(nuint sizeBytes, int protection, int flags, int fd, long offsetBytes)
    {
        if (fd < 0)
        {
            return base.Map(sizeBytes, protection, flags, fd, offsetBytes);
        }

        NativeMemory.Clear(Page, 4096);
        Page->isvalid = 1;
        return SystemCallResult.Success((nint)Page);
    }

    public override SystemCallResult Unmap(void* address, nuint sizeBytes) =>
        address == Page ? SystemCallResult.Success(0) : base.Unmap(address, sizeBytes);

    public bool IsEndOfRecording(int errno) => errno == NoData;
}
