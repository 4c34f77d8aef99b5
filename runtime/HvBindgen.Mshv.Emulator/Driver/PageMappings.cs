using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>Pages of the driver's files in the process: each keeps its file until it is unmapped, as in the kernel.</summary>
/// <remarks>
/// Only what is unmapped through the emulator counts; pages that go in another way keep their file as long as the process.
/// </remarks>
internal sealed unsafe class PageMappings
{
    private readonly Dictionary<nint, EmulatedFile> pages = [];

    /// <summary>A file was mapped; the caller holds it.</summary>
    internal void Add(nint address, nuint sizeBytes, EmulatedFile file)
    {
        lock (pages)
        {
            for (nuint at = 0; at < sizeBytes; at += (nuint)Environment.SystemPageSize)
            {
                if (file.TryAcquire())
                {
                    pages[address + (nint)at] = file;
                }
            }
        }
    }

    /// <summary>Unmaps memory of the process, and lets go of the files that it was.</summary>
    internal SystemCallResult Unmap(nint address, nuint sizeBytes)
    {
        List<EmulatedFile> released = [];
        SystemCallResult result;

        // Under the lock, so that what is mapped next at the same address is not taken for what was there.
        lock (pages)
        {
            result = LinuxSystemCalls.Instance.Unmap((void*)address, sizeBytes);
            if (result.IsSuccess)
            {
                foreach (nint page in pages.Keys)
                {
                    if (page >= address && (nuint)(page - address) < sizeBytes && pages.Remove(page, out EmulatedFile? file))
                    {
                        released.Add(file);
                    }
                }
            }
        }

        foreach (EmulatedFile file in released)
        {
            file.Release();
        }

        return result;
    }
}
