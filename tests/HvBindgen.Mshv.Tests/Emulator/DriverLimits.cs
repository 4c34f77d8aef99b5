using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;
using Xunit;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Where the driver's limits are, and what it looks at first when several things are wrong.</summary>
[Collection(nameof(WholeProcess))]
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

    [Fact]
    public void State_is_transferred_by_a_limited_number_of_pages_and_the_size_is_told_before()
    {
        using EmulatedMachine machine = new();
        byte* buffer = machine.MapHostMemory(512 * Page);

        Assert.Equal((0, (uint)Page), Get(machine, 507 * Page, buffer));
        Assert.Equal((Errno.EINVAL, (uint)Page), Get(machine, 508 * Page, buffer));
        Assert.Equal((Errno.EINVAL, (uint)Page), Get(machine, 512 * Page, buffer));

        // The timers are no pages.
        Assert.Equal((0, 200u), Get(machine, 512 * Page, buffer, Abi.Constants.MSHV_VP_STATE_SYNTHETIC_TIMERS));
    }

    [Fact]
    public void Every_page_that_is_offered_for_state_has_to_be_there_and_writable()
    {
        const int ReadOnly = 1;
        using EmulatedMachine machine = new();
        byte* buffer = (byte*)EmulatedMachine.Expect(machine.System.Map(2 * 4096, 3, 0x22, -1, 0));
        Assert.Equal((0, (uint)Page), Get(machine, 2 * Page, buffer));
        machine.System.Unmap(buffer + 4096, 4096);

        Assert.Equal((0, (uint)Page), Get(machine, Page, buffer));
        Assert.Equal((Errno.EFAULT, (uint)Page), Get(machine, 2 * Page, buffer));
        Assert.Equal((Errno.EFAULT, (uint)Page), Get(machine, 512 * Page, buffer));
        Assert.Equal((0, 200u), Get(machine, 2 * Page, buffer, Abi.Constants.MSHV_VP_STATE_SYNTHETIC_TIMERS));
        machine.System.Unmap(buffer, 4096);

        byte* readOnly = (byte*)EmulatedMachine.Expect(machine.System.Map(4096, ReadOnly, 0x22, -1, 0));
        mshv_get_set_vp_state set = new() { buf_sz = (uint)Page, buf_ptr = (ulong)readOnly };
        Assert.Equal(Errno.EFAULT, VpIoctls.MSHV_SET_VP_STATE(machine.Processor, ref set).Errno);
        machine.System.Unmap(readOnly, 4096);
    }

    private static (int Errno, uint SizeBytes) Get(EmulatedMachine machine, ulong sizeBytes, byte* buffer, uint type = 0)
    {
        mshv_get_set_vp_state request = new() { type = (byte)type, buf_sz = (uint)sizeBytes, buf_ptr = (ulong)buffer };
        int errno = VpIoctls.MSHV_GET_VP_STATE(machine.Processor, ref request).Errno;
        return (errno, request.buf_sz);
    }

    // MAP_FIXED_NOREPLACE: the library's own way to map memory takes no address.
    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* LowMemory(void* address, nuint sizeBytes, int protection, int flags, int fd, long offsetBytes);
}
