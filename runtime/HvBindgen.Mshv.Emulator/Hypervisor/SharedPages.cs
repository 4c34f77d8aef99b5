using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>A processor's register page and intercept message page, which the client may map.</summary>
internal sealed unsafe class SharedPages : IDisposable
{
    internal const int PageBytes = 4096;
    private const int PageCount = 2;
    private const int Borrowed = -1;

    private static readonly nint AllBytes = PageCount * SpacingBytes;

    private SharedPages(int fd, hv_vp_register_page* registers, hv_message* message)
    {
        Fd = fd;
        Registers = registers;
        Message = message;
        Registers->version = (ushort)Hv.HV_VP_REGISTER_PAGE_VERSION_1;
    }

    /// <summary>How far apart the pages are in <see cref="Fd"/>: each can be mapped alone where a page of the host is longer.</summary>
    internal static nint SpacingBytes => Environment.SystemPageSize;

    /// <summary>Memory that the client's mappings share; -1 where somebody else gave the pages.</summary>
    internal int Fd { get; }

    /// <summary>Valid until Dispose. The client may write it at any time: copy once, then check.</summary>
    internal hv_vp_register_page* Registers { get; }

    /// <summary>Valid until Dispose.</summary>
    internal hv_message* Message { get; }

    internal static int Create(out SharedPages? pages)
    {
        pages = null;
        int fd = CLibrary.MemFdCreate("mshv-vp", LibC.MemFdCloseOnExec);
        if (fd < 0)
        {
            return Marshal.GetLastSystemError();
        }

        nint address = -1;
        if (CLibrary.FTruncate(fd, AllBytes) == 0)
        {
            address = CLibrary.Mmap(null, (nuint)AllBytes, LinuxFlags.ProtRead | LinuxFlags.ProtWrite, LinuxFlags.MapShared, fd, 0);
        }

        if (address == -1)
        {
            int errno = Marshal.GetLastSystemError();
            _ = CLibrary.Close(fd);
            return errno;
        }

        pages = new SharedPages(fd, (hv_vp_register_page*)address, (hv_message*)(address + SpacingBytes));
        return 0;
    }

    /// <summary>Pages that the caller has, all zeros, and keeps as long as the processor.</summary>
    internal static SharedPages At(void* registers, void* message) =>
        new(Borrowed, (hv_vp_register_page*)registers, (hv_message*)message);

    public void Dispose()
    {
        if (Fd == Borrowed)
        {
            return;
        }

        _ = CLibrary.Munmap(Registers, (nuint)AllBytes);
        _ = CLibrary.Close(Fd);
    }
}
