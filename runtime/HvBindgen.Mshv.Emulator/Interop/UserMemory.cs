using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Interop;

/// <summary>Copies from and to the caller's memory as a kernel does: a bad pointer is an answer, not a crash.</summary>
internal static unsafe class UserMemory
{
    private const int PageBytes = 4096;

    // x86-64 with four-level paging, without its last page; arm64 gives a process addresses of 48 bits unless it asks for more.
    private static readonly ulong UserAddressEnd =
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 0x7fff_ffff_f000 : 1UL << 48;

    // Of the process: the driver's pages have 4096 bytes, those of an arm64 kernel up to 64 KiB.
    private static readonly ulong HostPageBytes = (ulong)Environment.SystemPageSize;

    private static readonly int ProcessId = Environment.ProcessId;

    private static readonly Lazy<bool> CanPopulate = new(ProbePopulate);

    // Some sandboxes forbid process_vm_readv even on the own process, and user-mode emulators have none.
    private static volatile bool CopiesDirectly;

    /// <summary>Copies from the caller.</summary>
    /// <returns>False when not all of the memory can be read (EFAULT).</returns>
    internal static bool TryRead(ulong address, Span<byte> destination)
    {
        fixed (byte* local = destination)
        {
            return Copy(local, (void*)address, (nuint)destination.Length, toUser: false);
        }
    }

    /// <summary>Copies to the caller.</summary>
    /// <returns>False when not all of the memory can be written (EFAULT).</returns>
    internal static bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        fixed (byte* local = source)
        {
            return Copy(local, (void*)address, (nuint)source.Length, toUser: true);
        }
    }

    /// <inheritdoc cref="TryRead(ulong, Span{byte})"/>
    internal static bool TryRead<T>(ulong address, out T value)
        where T : unmanaged
    {
        Unsafe.SkipInit(out value);
        return TryRead(address, MemoryMarshal.AsBytes(new Span<T>(ref value)));
    }

    /// <inheritdoc cref="TryWrite(ulong, ReadOnlySpan{byte})"/>
    internal static bool TryWrite<T>(ulong address, in T value)
        where T : unmanaged => TryWrite(address, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>Whether the byte at an address can be read, at this moment.</summary>
    internal static bool IsReadable(ulong address)
    {
        void* word = (void*)(address & ~(ulong)(sizeof(ulong) - 1)); // never in two pages
        return word != null && LibC.CanRead(word);
    }

    /// <summary>Fills a record of the caller that nobody else looks at meanwhile: what is in it changes twice.</summary>
    /// <returns>False when not all of it can be written (EFAULT).</returns>
    internal static bool TryFill<T>(ulong address, in T value)
        where T : unmanaged
    {
        ulong last = address + (ulong)sizeof(T) - sizeof(ulong);
        if (sizeof(T) is < sizeof(ulong) or > PageBytes
            || address == 0
            || !IsUserRange(address, (ulong)sizeof(T))
            || !LibC.CanWrite((void*)address)
            || (last / PageBytes != address / PageBytes && !LibC.CanWrite((void*)last)))
        {
            return false;
        }

        *(T*)address = value;
        return true;
    }

    /// <summary>Whether a range lies where a process can have memory, mapped or not.</summary>
    internal static bool IsUserRange(ulong address, ulong sizeBytes) =>
        address < UserAddressEnd && sizeBytes <= UserAddressEnd - address;

    /// <summary>Whether any mapping of the process contains the page at an address.</summary>
    internal static bool IsMapped(ulong pageAddress)
    {
        byte resident;
        return LibC.MinCore((void*)(pageAddress & ~(HostPageBytes - 1)), (nuint)HostPageBytes, &resident) == 0;
    }

    /// <summary>Whether a range, from a page on, can be pinned for writing: all of it is mapped and writable.</summary>
    internal static bool CanPin(ulong pageAddress, ulong sizeBytes)
    {
        ulong start = pageAddress & ~(HostPageBytes - 1);
        sizeBytes += pageAddress - start;
        return CanPopulate.Value
            ? CLibrary.Madvise((void*)start, (nuint)sizeBytes, LibC.MadvisePopulateWrite) == 0
            : MappedBytes(start, sizeBytes) >= sizeBytes; // before Linux 5.14: without a look at the access rights
    }

    /// <summary>Which parts of a range, from a page on, are mapped and writable, as offsets of their start and end.</summary>
    internal static List<(ulong Start, ulong End)> WritableRanges(ulong pageAddress, ulong sizeBytes)
    {
        List<(ulong Start, ulong End)> ranges = [];
        foreach ((ulong from, ulong to, string rights) in Mappings())
        {
            if (rights[1] != 'w' || to <= pageAddress || from >= pageAddress + sizeBytes)
            {
                continue;
            }

            ulong start = Math.Max(from, pageAddress) - pageAddress;
            ulong end = Math.Min(to, pageAddress + sizeBytes) - pageAddress;
            if (ranges.Count > 0 && ranges[^1].End == start)
            {
                ranges[^1] = (ranges[^1].Start, end);
            }
            else
            {
                ranges.Add((start, end));
            }
        }

        return ranges;
    }

    /// <summary>Whether a range lies in one mapping that other mappings may share.</summary>
    internal static bool IsOneSharedMapping(ulong pageAddress, ulong sizeBytes)
    {
        foreach ((ulong from, ulong to, string rights) in Mappings())
        {
            if (from <= pageAddress && pageAddress < to)
            {
                return sizeBytes <= to - pageAddress && rights[3] == 's';
            }
        }

        return false;
    }

    // The process's mappings, and what may be done in each: rwxs, with - for what may not, and p for private.
    private static IEnumerable<(ulong From, ulong To, string Rights)> Mappings()
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            // "7f0000000000-7f0000001000 rw-p ..."
            int dash = line.IndexOf('-', StringComparison.Ordinal);
            int blank = line.IndexOf(' ', StringComparison.Ordinal);
            yield return (
                ulong.Parse(line.AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                ulong.Parse(line.AsSpan(dash + 1, blank - dash - 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                line.Substring(blank + 1, 4));
        }
    }

    /// <summary>How much from a page on is mapped without a gap.</summary>
    internal static ulong MappedBytes(ulong pageAddress, ulong sizeBytes)
    {
        const int PagesPerCall = 4096;
        byte* residency = stackalloc byte[PagesPerCall];
        ulong mapped = 0;
        ulong step = PagesPerCall * HostPageBytes;
        while (mapped < sizeBytes)
        {
            // A gap within a step: smaller steps find its start.
            ulong asked = Math.Min(step, sizeBytes - mapped);
            if (LibC.MinCore((void*)(pageAddress + mapped), (nuint)asked, residency) == 0)
            {
                mapped += asked;
            }
            else if (step == HostPageBytes)
            {
                break;
            }
            else
            {
                step = Math.Max(HostPageBytes, step / 2);
            }
        }

        return mapped;
    }

    // What emulates a kernel may take any advice and do nothing: one that populates refuses a page without rights.
    private static bool ProbePopulate()
    {
        nuint pageBytes = (nuint)HostPageBytes;
        nint page = CLibrary.Mmap(
            null, pageBytes, LinuxFlags.ProtRead | LinuxFlags.ProtWrite, LinuxFlags.MapPrivate | LinuxFlags.MapAnonymous, -1, 0);
        if (page == -1)
        {
            return false;
        }

        bool isPopulated = CLibrary.Madvise((void*)page, pageBytes, LibC.MadvisePopulateWrite) == 0
            && CLibrary.Mprotect((void*)page, pageBytes, 0) == 0
            && CLibrary.Madvise((void*)page, pageBytes, LibC.MadvisePopulateWrite) != 0;
        _ = CLibrary.Munmap((void*)page, pageBytes);
        return isPopulated;
    }

    private static bool Copy(void* local, void* remote, nuint sizeBytes, bool toUser)
    {
        if (sizeBytes == 0)
        {
            return true;
        }

        if (remote == null)
        {
            return false;
        }

        if (!CopiesDirectly)
        {
            LibC.IoVector localVector = new() { Address = local, SizeBytes = sizeBytes };
            LibC.IoVector remoteVector = new() { Address = remote, SizeBytes = sizeBytes };
            nint copied = toUser
                ? LibC.ProcessVmWriteV(ProcessId, &localVector, 1, &remoteVector, 1, 0)
                : LibC.ProcessVmReadV(ProcessId, &localVector, 1, &remoteVector, 1, 0);
            if (copied != -1)
            {
                return (nuint)copied == sizeBytes;
            }

            if (Marshal.GetLastSystemError() is not (Errno.ENOSYS or Errno.EPERM))
            {
                return false;
            }

            CopiesDirectly = true;
        }

        if (!CanCopy((ulong)remote, sizeBytes, toUser))
        {
            return false;
        }

        if (toUser)
        {
            Buffer.MemoryCopy(local, remote, sizeBytes, sizeBytes);
        }
        else
        {
            Buffer.MemoryCopy(remote, local, sizeBytes, sizeBytes);
        }

        return true;
    }

    // Page by page, as it is at this moment. What cannot be written is not found where fewer than eight bytes of a page are to be.
    private static bool CanCopy(ulong address, ulong sizeBytes, bool toUser)
    {
        if (!IsUserRange(address, sizeBytes))
        {
            return false;
        }

        ulong end = address + sizeBytes;
        while (address < end)
        {
            ulong next = Math.Min(end, (address | (PageBytes - 1)) + 1);
            if (!IsReadable(address) || (toUser && next - address >= sizeof(ulong) && !LibC.CanWrite((void*)address)))
            {
                return false;
            }

            address = next;
        }

        return true;
    }
}
