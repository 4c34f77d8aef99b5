using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Memory;

/// <summary>A partition's guest-physical address space: what memory is where.</summary>
/// <remarks>
/// Finding and touching memory takes no lock and allocates nothing; mapping and unmapping may happen at the same time on other threads.
/// </remarks>
public sealed partial class GuestAddressSpace : IGuestPhysicalMemory
{
    private const ulong PageBytes = Constants.MSHV_HV_PAGE_SIZE;

    private readonly PartitionHandle handle;
    private readonly Lock changeLock = new();
    private readonly List<SharedMapping> heldMappings = [];
    private int userCount = 1;

    private readonly PageAccessBitmap accesses;

    // Sorted by address and never changed in place.
    private volatile MemoryRegion[] regions = [];

    internal GuestAddressSpace(PartitionHandle handle)
    {
        this.handle = handle;
        accesses = new PageAccessBitmap(handle);
    }

    /// <summary>Gives the memory back when the partition was dropped without being disposed.</summary>
    ~GuestAddressSpace() => ReleaseMappings();

    /// <summary>What is mapped now, in the order of addresses.</summary>
    public IReadOnlyList<MemoryRegion> Regions => regions;

    /// <summary>Maps a whole block of memory.</summary>
    /// <param name="gpa">First guest-physical address, a multiple of 4096.</param>
    /// <param name="memory">Memory.</param>
    /// <param name="access">What the guest may do.</param>
    /// <returns>The region.</returns>
    public MemoryRegion Map(ulong gpa, GuestMemory memory, MemoryAccess access = MemoryAccess.Ram)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return MapPart(gpa, memory, 0, memory.SizeBytes, access);
    }

    /// <summary>Maps a part of a block of memory. The same part may be mapped at several places.</summary>
    /// <param name="gpa">First guest-physical address, a multiple of 4096.</param>
    /// <param name="memory">Memory.</param>
    /// <param name="offsetBytes">Start of the part, a multiple of 4096.</param>
    /// <param name="sizeBytes">Size of the part, a multiple of 4096.</param>
    /// <param name="access">What the guest may do.</param>
    /// <returns>The region.</returns>
    /// <exception cref="ArgumentException">An address or size is not a whole page, or the place is taken by another region.</exception>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    /// <exception cref="ObjectDisposedException">The partition or the memory has been closed.</exception>
    public MemoryRegion MapPart(ulong gpa, GuestMemory memory, ulong offsetBytes, ulong sizeBytes, MemoryAccess access)
    {
        ArgumentNullException.ThrowIfNull(memory);
        CheckPages(gpa, sizeBytes);
        PageMultiple.Require(offsetBytes, nameof(offsetBytes));
        memory.CheckPart(offsetBytes, sizeBytes);
        if ((access & ~MemoryAccess.Ram) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(access), access, "Not an access that a guest can be given.");
        }

        lock (changeLock)
        {
            ObjectDisposedException.ThrowIf(handle.IsClosed, this);
            int place = Table.PlaceFor(gpa, sizeBytes);
            MemoryRegion region = Hold(gpa, memory, offsetBytes, sizeBytes, access);
            mshv_user_mem_region request = Request(region, FlagsOf(access));
            IoctlResult result = Send(request);
            if (!result.IsSuccess)
            {
                throw new HypervisorException(
                    $"Mapping {sizeBytes} bytes of memory at guest-physical address 0x{gpa:x}",
                    result.Errno,
                    result.Errno == Errno.EEXIST
                        ? "Something else is mapped there, or this kernel (before 6.19) does not map the same memory at two places."
                        : null);
            }

            region.HostWrites = isTracking ? new HostWrites(sizeBytes / PageBytes) : null;
            regions = Table.With(place, region);
            memory.Mapping.AddRegion();
            return region;
        }
    }

    /// <summary>Takes a region away. Its addresses stay until the partition is gone, because a thread may still be using them; the pages of
    /// a block that has been disposed and is mapped nowhere else go back to the host.</summary>
    /// <param name="region">A region that is mapped here; the driver takes no parts of one.</param>
    /// <exception cref="ArgumentException">The region is not mapped here.</exception>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public void Unmap(MemoryRegion region)
    {
        ArgumentNullException.ThrowIfNull(region);
        lock (changeLock)
        {
            ObjectDisposedException.ThrowIf(handle.IsClosed, this);

            // Out of sight before it is gone, so that nobody finds what the guest has no longer.
            MemoryRegion[] before = regions;
            regions = Table.Without(region);
            IoctlResult result = Send(Request(region, FlagsOf(region.Access) | MSHV_SET_MEM_FLAGS.UNMAP));
            if (!result.IsSuccess)
            {
                regions = before;
                throw new HypervisorException($"Unmapping the region at guest-physical address 0x{region.Gpa:x}", result.Errno);
            }

            region.Memory.Mapping.RemoveRegion();
        }
    }

    /// <summary>Takes the region away that starts at an address and has a size: the driver wants both exactly.</summary>
    /// <param name="gpa">First guest-physical address of the region.</param>
    /// <param name="sizeBytes">Size of the region.</param>
    /// <exception cref="ArgumentException">No region is mapped so.</exception>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public void Unmap(ulong gpa, ulong sizeBytes)
    {
        MemoryRegion? region = Table.Find(gpa);
        if (region is null)
        {
            throw new ArgumentException($"Nothing is mapped at guest-physical address 0x{gpa:x}.", nameof(gpa));
        }

        if (region.Gpa != gpa || region.SizeBytes != sizeBytes)
        {
            throw new ArgumentException(
                $"0x{sizeBytes:x} bytes at 0x{gpa:x} are not a whole region; there is one of 0x{region.SizeBytes:x} bytes at "
                    + $"0x{region.Gpa:x}, and the driver takes no parts of one.",
                nameof(gpa));
        }

        Unmap(region);
    }

    /// <inheritdoc/>
    public bool TryResolve(ulong gpa, out HostRange range)
    {
        if (Table.Find(gpa) is not { } region)
        {
            range = default;
            return false;
        }

        ulong offset = gpa - region.Gpa;
        range = new HostRange(region.HostAddress + (nint)offset, region.SizeBytes - offset, (region.Access & MemoryAccess.Write) != 0);
        return true;
    }

    /// <summary>The region that an address is in.</summary>
    /// <param name="gpa">Guest-physical address.</param>
    /// <returns>Null when no memory is mapped there.</returns>
    public MemoryRegion? FindRegion(ulong gpa) => Table.Find(gpa);

    /// <summary>Keeps the memory for another user of the partition, such as a processor.</summary>
    internal void AddUser() => Interlocked.Increment(ref userCount);

    /// <summary>Gives the memory back with the last user.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref userCount) == 0)
        {
            ReleaseMappings();
        }
    }

    private static void CheckPages(ulong gpa, ulong sizeBytes)
    {
        PageMultiple.Require(gpa, nameof(gpa));
        ArgumentOutOfRangeException.ThrowIfZero(sizeBytes);
        PageMultiple.Require(sizeBytes, nameof(sizeBytes));

        // The driver does not check this, and page numbers would wrap. No processor has more than 52 bits of address.
        const int MaxAddressBits = 52;
        if (gpa >> MaxAddressBits != 0 || sizeBytes > (1UL << MaxAddressBits) - gpa)
        {
            throw new ArgumentOutOfRangeException(
                nameof(gpa), $"0x{sizeBytes:x} bytes at 0x{gpa:x} end beyond the {MaxAddressBits}-bit space.");
        }
    }

    // Holds the block for the partition's life; once is enough however often it is mapped.
    private MemoryRegion Hold(ulong gpa, GuestMemory memory, ulong offsetBytes, ulong sizeBytes, MemoryAccess access)
    {
        if (!heldMappings.Contains(memory.Mapping))
        {
            bool added = false;
            memory.Mapping.DangerousAddRef(ref added);
            heldMappings.Add(memory.Mapping);
        }

        nint start = memory.Mapping.DangerousGetHandle() + (nint)offsetBytes;
        return new MemoryRegion(gpa, sizeBytes, memory, offsetBytes, access) { HostAddress = start };
    }

    private RegionTable Table => new(regions);

    private static MSHV_SET_MEM_FLAGS FlagsOf(MemoryAccess access) =>
        ((access & MemoryAccess.Write) != 0 ? MSHV_SET_MEM_FLAGS.WRITABLE : 0)
        | ((access & MemoryAccess.Execute) != 0 ? MSHV_SET_MEM_FLAGS.EXECUTABLE : 0);

    private static mshv_user_mem_region Request(MemoryRegion region, MSHV_SET_MEM_FLAGS flags) => new()
    {
        size = region.SizeBytes,
        guest_pfn = region.Gpa / PageBytes,
        userspace_addr = (ulong)region.HostAddress,
        flags = (byte)flags,
    };

    private IoctlResult Send(in mshv_user_mem_region request)
    {
        return PartitionIoctls.MSHV_SET_GUEST_MEMORY(new UninterruptedDescriptor(handle), request);
    }

    private void ReleaseMappings()
    {
        foreach (MemoryRegion region in regions)
        {
            region.Memory.Mapping.RemoveRegion();
        }

        regions = [];
        foreach (SharedMapping mapping in heldMappings)
        {
            mapping.DangerousRelease();
        }

        heldMappings.Clear();
    }
}
