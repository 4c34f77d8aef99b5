using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;
using Xunit;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Where the driver's limits are, and what it looks at first when several things are wrong.</summary>
public sealed unsafe partial class DriverLimits
{
    private const ulong Page = 4096;
    private const MSHV_SET_MEM_FLAGS Writable = MSHV_SET_MEM_FLAGS.WRITABLE;

    [Fact]
    public void The_host_address_is_looked_at_before_the_overlap()
    {
        using EmulatedMachine machine = new();
        byte* gone = (byte*)EmulatedMachine.Expect(machine.System.Map(4096, 3, 0x22, -1, 0));
        machine.System.Unmap(gone, 4096);

        Assert.Equal(Errno.EINVAL, machine.MapGuest(0, Page, gone, Writable));
        Assert.Equal(Errno.EEXIST, machine.MapGuest(0, Page, machine.Ram, Writable));
    }

    [Theory]
    [InlineData(1UL << 40, 1UL)]
    [InlineData((1UL << 40) - 1, 2UL)]
    [InlineData(1UL << 52, 1UL)]
    [InlineData(ulong.MaxValue, 1UL)]
    [InlineData(ulong.MaxValue, 2UL)]
    public void Frames_outside_of_the_address_space_are_the_hypervisors_to_refuse(ulong frame, ulong pages)
    {
        using EmulatedMachine machine = new();
        mshv_user_mem_region region = new()
        {
            guest_pfn = frame,
            size = pages * Page,
            userspace_addr = (ulong)machine.Ram,
            flags = (byte)Writable,
        };

        Assert.Equal(Errno.EINVAL, PartitionIoctls.MSHV_SET_GUEST_MEMORY(machine.Partition, in region).Errno);

        // Nothing of it has come to be, at the number's low bits neither.
        region.flags = (byte)MSHV_SET_MEM_FLAGS.UNMAP;
        Assert.Equal(Errno.ENOENT, PartitionIoctls.MSHV_SET_GUEST_MEMORY(machine.Partition, in region).Errno);
    }

    [Fact]
    public void The_last_frame_of_the_address_space_can_be_mapped()
    {
        using EmulatedMachine machine = new();
        const ulong AddressSpaceBytes = 1UL << 52;

        Assert.Equal(0, machine.MapGuest(AddressSpaceBytes - Page, Page, machine.Ram, Writable));
    }

    [Theory]
    [InlineData(43)]
    [InlineData(46)]
    public void A_region_with_more_pages_than_memory_for_their_pointers_is_refused_for_want_of_memory(int sizeBits)
    {
        using EmulatedMachine machine = new();

        // Low enough that as much address space follows.
        void* low = LowMemory((void*)0x10_0000_0000, 4096, 3, 0x100022, -1, 0);
        Assert.NotEqual(-1, (nint)low);
        mshv_user_mem_region region = new()
        {
            guest_pfn = 0x100000,
            size = 1UL << sizeBits,
            userspace_addr = (ulong)low,
            flags = (byte)Writable,
        };
        int errno = PartitionIoctls.MSHV_SET_GUEST_MEMORY(machine.Partition, in region).Errno;
        machine.System.Unmap(low, 4096);

        Assert.Equal(Errno.ENOMEM, errno);
    }

    [Fact]
    public void A_bitmap_of_more_pages_than_there_is_memory_for_is_refused_for_want_of_memory()
    {
        using EmulatedMachine machine = new();
        byte* bitmap = machine.MapHostMemory(4096);
        mshv_gpap_access_bitmap request = new() { access_type = 1, page_count = 1UL << 31, bitmap_ptr = (ulong)bitmap };

        Assert.Equal(Errno.ENOMEM, PartitionIoctls.MSHV_GET_GPAP_ACCESS_BITMAP(machine.Partition, ref request).Errno);
    }

    // MAP_FIXED_NOREPLACE: the library's own way to map memory takes no address.
    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* LowMemory(void* address, nuint lengthBytes, int protection, int flags, int fd, long offsetBytes);
}
