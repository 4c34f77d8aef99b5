using System.Runtime.InteropServices;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Interop;

/// <summary>C library calls that only the emulator needs, beside those of <c>CLibrary</c>.</summary>
internal static unsafe partial class LibC
{
    internal const int FdCloseOnExec = 0x80000; // O_CLOEXEC, EFD_CLOEXEC
    internal const int MapFixed = 0x10;
    internal const int MapFixedNoReplace = 0x100000;
    internal const uint MemFdCloseOnExec = 1;
    internal const int MRemapMayMove = 1;
    internal const short PollIn = 1;
    internal const int MadvisePopulateWrite = 23; // faults pages in for writing, and says where that is not possible

    private const long HerePosition = -1; // where the file is at
    private const int ReadNoWait = 8; // RWF_NOWAIT

    private const nint NoSuchWay = -1;

    // rt_sigprocmask: asm/unistd_64.h of x86, and asm-generic/unistd.h, which arm64 has.
    private static readonly nint SystemCallSignalMask = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 14 : 135;

    internal struct IoVector
    {
        internal void* Address;
        internal nuint SizeBytes;
    }

    // struct timespec of time.h.
    internal struct TimeSpecification
    {
        internal long Seconds;
        internal long Nanoseconds;
    }

    // sigset_t of signal.h: bit 0 is signal 1.
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    internal struct SignalSet
    {
        internal ulong Signals;
    }

    [LibraryImport("libc", EntryPoint = "process_vm_readv")]
    internal static partial nint ProcessVmReadV(
        int pid, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);

    [LibraryImport("libc", EntryPoint = "process_vm_writev")]
    internal static partial nint ProcessVmWriteV(
        int pid, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);

    /// <summary>Has the kernel read eight bytes, as signals of which nothing becomes: the cheapest call that looks at a pointer.</summary>
    /// <returns>False when they cannot be read.</returns>
    internal static bool CanRead(void* eightBytes) =>
        SignalMask(SystemCallSignalMask, NoSuchWay, eightBytes, null, sizeof(ulong)) == 0
        || Marshal.GetLastSystemError() != Errno.EFAULT;

    /// <summary>Has the kernel write eight bytes, the thread's blocked signals.</summary>
    /// <returns>False when they cannot be written.</returns>
    internal static bool CanWrite(void* eightBytes) =>
        SignalMask(SystemCallSignalMask, NoSuchWay, null, eightBytes, sizeof(ulong)) == 0;

    // The C library's own function looks at the sets by itself.
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SignalMask(nint number, nint how, void* set, void* previous, nuint sizeBytes);

    [LibraryImport("libc", EntryPoint = "mincore")]
    internal static partial int MinCore(void* address, nuint sizeBytes, byte* vector);

    // An old size of 0 asks for a second mapping of what is shared.
    [LibraryImport("libc", EntryPoint = "mremap")]
    internal static partial nint MRemap(void* address, nuint oldSizeBytes, nuint newSizeBytes, int flags);

    // The C library's set of signals is longer than the kernel's, which is its first eight bytes.
    [LibraryImport("libc", EntryPoint = "ppoll")]
    internal static partial int PPoll(CLibrary.PollEntry* entries, nuint count, TimeSpecification* timeout, SignalSet* blocked);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    internal static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static partial int EpollControl(int epoll, int operation, int fd, byte* entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    internal static partial int EpollWait(int epoll, byte* entries, int count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "sigtimedwait")]
    internal static partial int SigTimedWait(SignalSet* signals, void* information, TimeSpecification* timeout);

    [LibraryImport("libc", EntryPoint = "dup")]
    internal static partial int Duplicate(int fd);

    /// <summary>Takes an event's count, where there is one: this never waits.</summary>
    internal static void TakeCount(int eventFd)
    {
        ulong count;
        IoVector part = new() { Address = &count, SizeBytes = sizeof(ulong) };
        _ = PReadV2(eventFd, &part, 1, HerePosition, ReadNoWait);
    }

    [LibraryImport("libc", EntryPoint = "preadv2")]
    private static partial nint PReadV2(int fd, IoVector* parts, int count, long offset, int flags);

    [LibraryImport("libc", EntryPoint = "readlink", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint ReadLink(string path, byte* buffer, nuint sizeBytes);
}
