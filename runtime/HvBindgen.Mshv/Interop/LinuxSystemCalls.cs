using System.Runtime.InteropServices;

namespace HvBindgen.Mshv.Interop;

/// <summary>The system calls of the kernel this process runs on, through the C library.</summary>
public sealed unsafe class LinuxSystemCalls : ISystemCalls
{
    private LinuxSystemCalls()
    {
    }

    /// <summary>The one instance; it has no state.</summary>
    public static LinuxSystemCalls Instance { get; } = new();

    /// <inheritdoc/>
    public SystemCallResult Open(string path, int flags)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Checked(CLibrary.Open(path, flags));
    }

    /// <inheritdoc/>
    public SystemCallResult Close(int fd) => Checked(CLibrary.Close(fd));

    /// <inheritdoc/>
    public IoctlResult Ioctl(int fd, uint request, void* argument) => new Fd(fd).Ioctl(request, argument);

    /// <inheritdoc/>
    public SystemCallResult Map(nuint sizeBytes, int protection, int flags, int fd, long offsetBytes) =>
        Checked(CLibrary.Mmap(null, sizeBytes, protection, flags, fd, offsetBytes));

    /// <inheritdoc/>
    public SystemCallResult Unmap(void* address, nuint sizeBytes) => Checked(CLibrary.Munmap(address, sizeBytes));

    /// <inheritdoc/>
    public SystemCallResult CreateEvent(uint initialValue, int flags) => Checked(CLibrary.EventFd(initialValue, flags));

    // All of these calls answer -1 after an error; mmap answers (void*)-1.
    private static SystemCallResult Checked(nint value) =>
        value == -1 ? SystemCallResult.Failure(Marshal.GetLastSystemError()) : SystemCallResult.Success(value);
}
