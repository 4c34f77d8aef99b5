using System.Runtime.InteropServices;

namespace HvBindgen.Mshv.Interop;

/// <summary>All calls of the C library that this library makes, but for <c>ioctl</c>, which comes with the generated bindings.</summary>
internal static unsafe partial class CLibrary
{
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int fd);

    // off_t is 64 bits wide on the 64-bit targets that /dev/mshv exists on.
    [LibraryImport("libc", EntryPoint = "mmap")]
    internal static partial nint Mmap(void* address, nuint sizeBytes, int protection, int flags, int fd, long offsetBytes);

    [LibraryImport("libc", EntryPoint = "munmap")]
    internal static partial int Munmap(void* address, nuint sizeBytes);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    internal static partial int Mprotect(void* address, nuint sizeBytes, int protection);

    [LibraryImport("libc", EntryPoint = "madvise")]
    internal static partial int Madvise(void* address, nuint sizeBytes, int advice);

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MemFdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    internal static partial int FTruncate(int fd, long sizeBytes);

    // int fcntl(int, int, ...): for the commands used here the third argument is an int.
    [LibraryImport("libc", EntryPoint = "fcntl")]
    internal static partial int FCntl(int fd, int command, int argument);

    [LibraryImport("libc", EntryPoint = "eventfd")]
    internal static partial int EventFd(uint initialValue, int flags);

    [LibraryImport("libc", EntryPoint = "write")]
    internal static partial nint Write(int fd, void* data, nuint sizeBytes);

    [LibraryImport("libc", EntryPoint = "read")]
    internal static partial nint Read(int fd, void* data, nuint sizeBytes);

    [LibraryImport("libc", EntryPoint = "poll")]
    internal static partial int Poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "__libc_current_sigrtmin")]
    internal static partial int FirstRealTimeSignal();

    [LibraryImport("libc", EntryPoint = "__libc_current_sigrtmax")]
    internal static partial int LastRealTimeSignal();

    [LibraryImport("libc", EntryPoint = "sigaction")]
    internal static partial int SigAction(int number, void* action, void* oldAction);

    [LibraryImport("libc", EntryPoint = "signal")]
    internal static partial nint Signal(int number, nint handler);

    [LibraryImport("libc", EntryPoint = "siginterrupt")]
    internal static partial int SigInterrupt(int number, int interrupts);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    internal static partial int SigEmptySet(void* set);

    [LibraryImport("libc", EntryPoint = "sigaddset")]
    internal static partial int SigAddSet(void* set, int number);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    internal static partial int PthreadSigmask(int how, void* set, void* oldSet);

    [LibraryImport("libc", EntryPoint = "pthread_self")]
    internal static partial nint PthreadSelf();

    [LibraryImport("libc", EntryPoint = "pthread_kill")]
    internal static partial int PthreadKill(nint thread, int number);

    // struct pollfd of poll.h.
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        internal int Fd;
        internal short Events;
        internal short ReturnedEvents;
    }
}
