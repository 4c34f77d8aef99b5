using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Interop;

/// <summary>The system calls of the kernel this process runs on, through the C library.</summary>
public sealed unsafe partial class LinuxSystemCalls : ISystemCalls
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
        return Checked(LibC.Open(path, flags));
    }

    /// <inheritdoc/>
    public SystemCallResult Close(int fd) => Checked(LibC.Close(fd));

    /// <inheritdoc/>
    public IoctlResult Ioctl(int fd, uint request, void* argument) => new Fd(fd).Ioctl(request, argument);

    /// <inheritdoc/>
    public SystemCallResult Map(nuint lengthBytes, int protection, int flags, int fd, long offsetBytes) =>
        Checked(LibC.Mmap(null, lengthBytes, protection, flags, fd, offsetBytes));

    /// <inheritdoc/>
    public SystemCallResult Unmap(void* address, nuint lengthBytes) => Checked(LibC.Munmap(address, lengthBytes));

    /// <inheritdoc/>
    public SystemCallResult CreateEvent(uint initialValue, int flags) => Checked(LibC.EventFd(initialValue, flags));

    // All of these calls answer -1 after an error; mmap answers (void*)-1.
    private static SystemCallResult Checked(nint value) =>
        value == -1 ? SystemCallResult.Failure(Marshal.GetLastSystemError()) : SystemCallResult.Success(value);

    private static partial class LibC
    {
        [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int Open(string path, int flags);

        [LibraryImport("libc", EntryPoint = "close")]
        internal static partial int Close(int fd);

        // off_t is 64 bits wide on the 64-bit targets that /dev/mshv exists on.
        [LibraryImport("libc", EntryPoint = "mmap")]
        internal static partial nint Mmap(void* address, nuint length, int protection, int flags, int fd, long offset);

        [LibraryImport("libc", EntryPoint = "munmap")]
        internal static partial int Munmap(void* address, nuint length);

        [LibraryImport("libc", EntryPoint = "eventfd")]
        internal static partial int EventFd(uint initialValue, int flags);
    }
}
