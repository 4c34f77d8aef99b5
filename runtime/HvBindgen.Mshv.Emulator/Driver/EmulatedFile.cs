using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>An open file of the driver: its descriptor, mapped pages and requests in progress keep it, as in the kernel.</summary>
internal abstract class EmulatedFile
{
    private int references = 1;

    /// <summary>Why the last run ended with an error number; null where it did not, or there is none.</summary>
    internal virtual string? FailureOfRun => null;

    /// <summary>Makes an ioctl request.</summary>
    internal abstract IoctlResult Ioctl(uint request, ulong argument);

    /// <summary>Maps a part of the file, at an address or anywhere.</summary>
    internal virtual unsafe SystemCallResult Map(void* address, nuint sizeBytes, int protection, int flags, long offsetBytes) =>
        SystemCallResult.Failure(Errno.ENODEV);

    /// <summary>Keeps the file for a request.</summary>
    /// <returns>False when it is gone already.</returns>
    internal bool TryAcquire()
    {
        int seen = Volatile.Read(ref references);
        while (seen > 0)
        {
            int before = Interlocked.CompareExchange(ref references, seen + 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    /// <summary>Ends a request, or closes the descriptor.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref references) == 0)
        {
            OnReleased();
        }
    }

    /// <summary>The last user is gone.</summary>
    private protected abstract void OnReleased();

    private protected static IoctlResult Answer(int errno) => errno == 0 ? IoctlResult.Success(0) : IoctlResult.Failure(errno);
}
