using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>The driver's open files by descriptor. The numbers are reserved in the process, so no other file gets one.</summary>
internal sealed class DescriptorTable
{
    private readonly ConcurrentDictionary<int, EmulatedFile> files = new();

    /// <summary>Gives a file a descriptor; a file that gets none is released.</summary>
    internal IoctlResult Install(EmulatedFile file)
    {
        int errno = Reserve(out int fd);
        if (errno != 0)
        {
            file.Release();
            return IoctlResult.Failure(errno);
        }

        return Install(fd, file);
    }

    /// <summary>Reserves a descriptor for a file that is made only when there is one; the caller installs the file or frees it.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal static int Reserve(out int fd)
    {
        fd = CLibrary.EventFd(0, LibC.FdCloseOnExec);
        return fd < 0 ? Marshal.GetLastSystemError() : 0;
    }

    /// <summary>Frees a reserved descriptor.</summary>
    internal static void Free(int fd) => _ = CLibrary.Close(fd);

    /// <summary>Gives a file a reserved descriptor.</summary>
    internal IoctlResult Install(int fd, EmulatedFile file)
    {
        files[fd] = file;
        return IoctlResult.Success(fd);
    }

    /// <summary>Finds a file and keeps it for a request; the caller releases it.</summary>
    internal EmulatedFile? Acquire(int fd) => files.TryGetValue(fd, out EmulatedFile? file) && file.TryAcquire() ? file : null;

    /// <summary>Whether a descriptor is one of the driver's.</summary>
    internal bool Contains(int fd) => files.ContainsKey(fd);

    /// <summary>Closes a descriptor.</summary>
    /// <returns>False when it is none of the driver's.</returns>
    internal bool Close(int fd)
    {
        if (!files.TryRemove(fd, out EmulatedFile? file))
        {
            return false;
        }

        _ = CLibrary.Close(fd);
        file.Release();
        return true;
    }
}
