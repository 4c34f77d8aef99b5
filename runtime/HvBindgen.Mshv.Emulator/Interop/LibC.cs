using System.Runtime.InteropServices;

namespace HvBindgen.Mshv.Emulator.Interop;

/// <summary>C library calls that only the emulator needs: what the kernel does for the real driver.</summary>
internal static unsafe partial class LibC
{
    internal const int FdCloseOnExec = 0x80000; // O_CLOEXEC, EFD_CLOEXEC
    internal const int OpenReadWrite = 2;
    internal const int ProtectionRead = 1;
    internal const int ProtectionWrite = 2;
    internal const int MapShared = 1;
    internal const int MapPrivate = 2;
    internal const int MapFixed = 0x10;
    internal const int MapAnonymous = 0x20;
    internal const uint MemFdCloseOnExec = 1;
    internal const short PollIn = 1;

    internal struct IoVector
    {
        internal void* Address;
        internal nuint LengthBytes;
    }

    internal struct PollDescriptor
    {
        internal int Fd;
        internal short Events;
        internal short ReturnedEvents;
    }

    [LibraryImport("libc", EntryPoint = "process_vm_readv")]
    internal static partial nint ProcessVmReadV(int pid, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);

    [LibraryImport("libc", EntryPoint = "process_vm_writev")]
    internal static partial nint ProcessVmWriteV(int pid, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);

    [LibraryImport("libc", EntryPoint = "mincore")]
    internal static partial int MinCore(void* address, nuint lengthBytes, byte* vector);

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MemFdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    internal static partial int FTruncate(int fd, long lengthBytes);

    [LibraryImport("libc", EntryPoint = "mmap")]
    internal static partial nint Mmap(void* address, nuint lengthBytes, int protection, int flags, int fd, long offsetBytes);

    [LibraryImport("libc", EntryPoint = "munmap")]
    internal static partial int Munmap(void* address, nuint lengthBytes);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "dup")]
    internal static partial int Duplicate(int fd);

    [LibraryImport("libc", EntryPoint = "eventfd")]
    internal static partial int EventFd(uint initialValue, int flags);

    [LibraryImport("libc", EntryPoint = "readlink", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint ReadLink(string path, byte* buffer, nuint lengthBytes);

    [LibraryImport("libc", EntryPoint = "poll")]
    internal static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "write")]
    internal static partial nint Write(int fd, void* data, nuint lengthBytes);

    [LibraryImport("libc", EntryPoint = "read")]
    internal static partial nint Read(int fd, void* data, nuint lengthBytes);
}
