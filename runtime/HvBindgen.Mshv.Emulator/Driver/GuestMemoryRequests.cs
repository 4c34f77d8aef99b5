using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>Mapping and unmapping of guest memory.</summary>
internal sealed class GuestMemoryRequests(VirtualPartition partition)
{
    private const ulong PageBytes = 4096;
    private const ulong PointerBytes = 8;

    // The driver keeps a pointer for each page of a region: more of them than there is memory is what it runs out of. KVM's own limit
    // lies close by.
    private static readonly ulong MaxPages =
        Math.Min((ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / PointerBytes, PartitionMemory.MaxRegionPages);

    private readonly PartitionMemory memory = partition.Memory;

    /// <summary>MSHV_SET_GUEST_MEMORY.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int Set(ulong argument)
    {
        if (!UserMemory.TryRead(argument, out mshv_user_mem_region region))
        {
            return Errno.EFAULT;
        }

        if (region.size == 0 || region.size % PageBytes != 0 || region.userspace_addr % PageBytes != 0
            || (region.flags & ~Hv.MSHV_SET_MEM_FLAGS_MASK) != 0 || ((ReadOnlySpan<byte>)region.rsvd).ContainsAnyExcept((byte)0))
        {
            return Errno.EINVAL;
        }

        return (region.flags & (byte)MSHV_SET_MEM_FLAGS.UNMAP) != 0 ? Unmap(in region) : Map(in region);
    }

    private int Map(in mshv_user_mem_region region)
    {
        if (!UserMemory.IsUserRange(region.userspace_addr, region.size))
        {
            return Errno.EINVAL;
        }

        if (!UserMemory.IsMapped(region.userspace_addr))
        {
            return Errno.EINVAL;
        }

        ulong pageCount = region.size / PageBytes;
        if (memory.Map.Intersects(region.guest_pfn, pageCount))
        {
            return Errno.EEXIST;
        }

        if (pageCount > MaxPages)
        {
            return Errno.ENOMEM;
        }

        if (!partition.IsInitialized)
        {
            return StatusErrno.Of(Hv.HV_STATUS_INVALID_PARTITION_STATE);
        }

        // Frame numbers are not the driver's business; the hypervisor refuses what lies outside the partition's address space.
        if (!GuestMemoryMap.IsInAddressSpace(region.guest_pfn, pageCount))
        {
            return StatusErrno.Of(Hv.HV_STATUS_INVALID_PARAMETER);
        }

        MSHV_SET_MEM_FLAGS flags = (MSHV_SET_MEM_FLAGS)region.flags;
        return memory.Add(new MemoryRegion(
            region.guest_pfn,
            region.size,
            region.userspace_addr,
            flags.HasFlag(MSHV_SET_MEM_FLAGS.WRITABLE),
            flags.HasFlag(MSHV_SET_MEM_FLAGS.EXECUTABLE)));
    }

    private int Unmap(in mshv_user_mem_region region)
    {
        ulong guestPage = region.guest_pfn;
        MemoryRegion? mapped = memory.Map.Regions.FirstOrDefault(each => guestPage - each.FirstPage < each.PageCount);
        if (mapped is null)
        {
            return Errno.ENOENT;
        }

        return mapped.FirstPage == region.guest_pfn && mapped.HostAddress == region.userspace_addr && mapped.SizeBytes == region.size
            ? memory.Remove(mapped)
            : Errno.EINVAL;
    }
}
