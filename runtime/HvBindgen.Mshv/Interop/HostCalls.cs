using System.Runtime.InteropServices;

namespace HvBindgen.Mshv.Interop;

/// <summary>Calls about the host's own memory and event counters, which no device sees and no emulation or recording needs.</summary>
internal static unsafe class HostCalls
{
    private const int AdviceDontNeed = 4;
    private const int AdviceRemove = 9;
    private const uint MemoryFileCloseOnExec = 1;
    private const uint MemoryFileAllowSealing = 2;
    private const uint MemoryFileHugeTlb = 4;

    // fcntl.h: F_ADD_SEALS; F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW.
    private const int AddSeals = 1033;
    private const int SealsOfSize = 1 | 2 | 4;

    /// <summary>
    /// Creates a file in memory, whose size nobody can change any more when it is sealed. The flags for huge pages are those of mmap.
    /// </summary>
    internal static SystemCallResult CreateMemoryFile(string name, long sizeBytes, int hugePageFlags, bool isSealed = false)
    {
        uint flags = MemoryFileCloseOnExec | (isSealed ? MemoryFileAllowSealing : 0);
        if (hugePageFlags != 0)
        {
            flags |= MemoryFileHugeTlb | (uint)(hugePageFlags & ~LinuxFlags.MapHugeTlb);
        }

        int fd = CLibrary.MemFdCreate(name, flags);
        if (fd < 0)
        {
            return Failure();
        }

        if (CLibrary.FTruncate(fd, sizeBytes) < 0 || (isSealed && CLibrary.FCntl(fd, AddSeals, SealsOfSize) < 0))
        {
            SystemCallResult failure = Failure();
            _ = CLibrary.Close(fd);
            return failure;
        }

        return SystemCallResult.Success(fd);
    }

    /// <summary>Gives pages back to the host; they read as zero afterwards.</summary>
    internal static SystemCallResult Discard(void* address, nuint sizeBytes, bool isShared) =>
        CLibrary.Madvise(address, sizeBytes, isShared ? AdviceRemove : AdviceDontNeed) < 0 ? Failure() : SystemCallResult.Success(0);

    /// <summary>Adds to an eventfd.</summary>
    internal static SystemCallResult WriteEvent(int fd, ulong value) =>
        CLibrary.Write(fd, &value, sizeof(ulong)) < 0 ? Failure() : SystemCallResult.Success(0);

    /// <summary>Takes the counter of an eventfd.</summary>
    internal static SystemCallResult ReadEvent(int fd, out ulong value)
    {
        ulong taken = 0;
        SystemCallResult result = CLibrary.Read(fd, &taken, sizeof(ulong)) < 0 ? Failure() : SystemCallResult.Success(0);
        value = taken;
        return result;
    }

    /// <summary>Waits until a descriptor can be read; gives 0 when the time is over.</summary>
    internal static SystemCallResult WaitReadable(int fd, int timeoutMilliseconds)
    {
        const short Readable = 1;
        CLibrary.PollEntry entry = new() { Fd = fd, Events = Readable };
        int count = CLibrary.Poll(&entry, 1, timeoutMilliseconds);
        return count < 0 ? Failure() : SystemCallResult.Success(count);
    }

    private static SystemCallResult Failure() => SystemCallResult.Failure(Marshal.GetLastSystemError());
}
