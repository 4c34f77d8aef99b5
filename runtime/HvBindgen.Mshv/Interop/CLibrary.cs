using System.Runtime.InteropServices;

namespace HvBindgen.Mshv.Interop;

/// <summary>The calls of the C library that the library makes; signals have their own (<see cref="KickSignal"/>).</summary>
internal static unsafe partial class CLibrary
{
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int fd);

    // off_t is 64 bits wide on the 64-bit targets that /dev/mshv exists on.
    [LibraryImport("libc", EntryPoint = "mmap")]
    internal static partial nint Mmap(void* address, nuint lengthBytes, int protection, int flags, int fd, long offsetBytes);

    [LibraryImport("libc", EntryPoint = "munmap")]
    internal static partial int Munmap(void* address, nuint lengthBytes);

    [LibraryImport("libc", EntryPoint = "madvise")]
    internal static partial int Madvise(void* address, nuint lengthBytes, int advice);

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MemFdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    internal static partial int FTruncate(int fd, long lengthBytes);

    [LibraryImport("libc", EntryPoint = "eventfd")]
    internal static partial int EventFd(uint initialValue, int flags);

    [LibraryImport("libc", EntryPoint = "write")]
    internal static partial nint Write(int fd, void* data, nuint lengthBytes);

    [LibraryImport("libc", EntryPoint = "read")]
    internal static partial nint Read(int fd, void* data, nuint lengthBytes);

    [LibraryImport("libc", EntryPoint = "poll")]
    internal static partial int Poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    // struct pollfd of poll.h.
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        public int Fd;
        public short Events;
        public short ReturnedEvents;
    }
}
