using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;

namespace HvBindgen.Mshv.Tests.GuestMemories;

public sealed class GuestAddressSpaceTests
{
    [Fact]
    public void Mapping_tells_the_driver_page_address_and_access()
    {
        using FakeMachine machine = new();
        using GuestMemory memory = GuestMemory.Allocate(0x3000);

        machine.Partition.Memory.MapPart(0x100000, memory, 0x1000, 0x2000, MemoryAccess.Rom);

        unsafe
        {
            Assert.Equal((ulong)memory.Pointer + 0x1000, machine.Calls.LastRegion.userspace_addr);
        }

        Assert.Equal(0x100UL, machine.Calls.LastRegion.guest_pfn);
        Assert.Equal(0x2000UL, machine.Calls.LastRegion.size);
        Assert.Equal((byte)MSHV_SET_MEM_FLAGS.EXECUTABLE, machine.Calls.LastRegion.flags);
        Assert.True(machine.Partition.Memory.TryResolve(0x100fff, out HostRange range));
        Assert.False(range.IsWritable);
        Assert.Equal(0x1001UL, range.SizeBytes);
    }

    [Theory]
    [InlineData(0x1000, 0x1000)]
    [InlineData(0x0, 0x2000)]
    [InlineData(0x2000, 0x4000)]
    [InlineData(0x0, 0x5000)]
    public void An_overlap_is_refused_before_the_driver_is_asked(ulong gpa, ulong size)
    {
        using FakeMachine machine = new();
        using GuestMemory memory = GuestMemory.Allocate(0x8000);
        machine.Partition.Memory.MapPart(0x1000, memory, 0, 0x2000, MemoryAccess.Ram);

        ArgumentException e = Assert.Throws<ArgumentException>(
            () => machine.Partition.Memory.MapPart(gpa, memory, 0, size, MemoryAccess.Ram));

        Assert.Contains("0x2000 bytes at 0x1000", e.Message, StringComparison.Ordinal);
        Assert.Single(machine.Calls.Log);
    }

    [Fact]
    public void Adjacent_regions_are_fine_and_values_cross_them()
    {
        using FakeMachine machine = new();
        using GuestMemory memory = GuestMemory.Allocate(0x4000);
        GuestAddressSpace space = machine.Partition.Memory;
        space.MapPart(0x1000, memory, 0x3000, 0x1000, MemoryAccess.Ram);
        space.MapPart(0x2000, memory, 0x0000, 0x1000, MemoryAccess.Rom);

        space.Write(0x1ffd, 0x1122334455667788UL);

        Assert.Equal(0x1122334455667788UL, space.Read<ulong>(0x1ffd));
        Assert.Equal(new byte[] { 0x88, 0x77, 0x66 }, memory.GetSpan(0x3ffd, 3).ToArray());
        Assert.Equal(new byte[] { 0x55, 0x44, 0x33, 0x22, 0x11 }, memory.GetSpan(0, 5).ToArray());
        Assert.Throws<GuestMemoryException>(() => space.GetSpan(0x1ffd, 8).Length);
    }

    [Fact]
    public void A_write_that_reaches_beyond_memory_writes_nothing()
    {
        using FakeMachine machine = new();
        using GuestMemory memory = GuestMemory.Allocate(0x1000);
        machine.Partition.Memory.Map(0, memory);

        Assert.Throws<GuestMemoryException>(() => machine.Partition.Memory.Write(0xffc, ulong.MaxValue));

        Assert.Equal(0u, machine.Partition.Memory.Read<uint>(0xffc));
        Assert.False(machine.Partition.Memory.TryRead(ulong.MaxValue - 3, new byte[8]));
    }

    [Theory]
    [InlineData(0x800, 0x1000)]
    [InlineData(0x1000, 0)]
    [InlineData(0x1000, 0x800)]
    [InlineData(0xffffffffffff000, 0x2000)]
    [InlineData(0xffffffffff000, 0x2000)]
    public void What_is_no_whole_page_of_the_address_space_is_refused(ulong gpa, ulong size)
    {
        using FakeMachine machine = new();
        using GuestMemory memory = GuestMemory.Allocate(0x2000);

        Assert.ThrowsAny<ArgumentException>(() => machine.Partition.Memory.MapPart(gpa, memory, 0, size, MemoryAccess.Ram));

        Assert.Empty(machine.Calls.Log);
    }

    [Fact]
    public void An_address_within_a_page_is_refused_in_words_that_say_what_would_be_right()
    {
        using FakeMachine machine = new();
        using GuestMemory memory = GuestMemory.Allocate(0x2000);

        ArgumentOutOfRangeException fault = Assert.Throws<ArgumentOutOfRangeException>(() => machine.Partition.Memory.Map(0x123, memory));

        Assert.Contains("must be a multiple of 4096", fault.Message, StringComparison.Ordinal);
        Assert.Contains("0x123", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_whole_regions_are_unmapped()
    {
        using FakeMachine machine = new();
        using GuestMemory memory = GuestMemory.Allocate(0x4000);
        GuestAddressSpace space = machine.Partition.Memory;
        space.Map(0x4000, memory);

        ArgumentException e = Assert.Throws<ArgumentException>(() => space.Unmap(0x4000, 0x1000));
        Assert.Contains("0x4000 bytes at 0x4000", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => space.Unmap(0x5000, 0x3000));
        Assert.Throws<ArgumentException>(() => space.Unmap(0x9000, 0x1000));

        space.Unmap(0x4000, 0x4000);

        Assert.Equal(
            (byte)(MSHV_SET_MEM_FLAGS.WRITABLE | MSHV_SET_MEM_FLAGS.EXECUTABLE | MSHV_SET_MEM_FLAGS.UNMAP), machine.Calls.LastRegion.flags);
        Assert.False(space.TryResolve(0x4000, out _));
    }

    [Fact]
    public void A_refused_unmap_leaves_the_region()
    {
        using FakeMachine machine = new();
        using GuestMemory memory = GuestMemory.Allocate(0x1000);
        MemoryRegion region = machine.Partition.Memory.Map(0, memory);
        machine.Calls.RequestErrno[Constants.MSHV_SET_GUEST_MEMORY] = Errno.ENOENT;

        Assert.Throws<HypervisorException>(() => machine.Partition.Memory.Unmap(region));

        Assert.Same(region, machine.Partition.Memory.FindRegion(0));
    }

    [Fact]
    public void Many_regions_are_found_without_allocating()
    {
        using FakeMachine machine = new();
        using GuestMemory memory = GuestMemory.Allocate(0x1000);
        GuestAddressSpace space = machine.Partition.Memory;
        foreach (ulong i in (ulong[])[7, 3, 9, 1, 5])
        {
            space.Map(i * 0x1000, memory);
        }

        Assert.Equal([0x1000UL, 0x3000UL, 0x5000UL, 0x7000UL, 0x9000UL], space.Regions.Select(region => region.Gpa));
        space.TryResolve(0, out _);
        uint found = 0;
        long allocated = Allocations.OfEach(() =>
        {
            for (int i = 0; i < 11; i++)
            {
                found |= space.TryResolve(((ulong)i * 0x1000) + 5, out _) ? 1u << i : 0;
            }
        });

        Assert.Equal(0, allocated);
        Assert.Equal(0b1010101010u, found);
    }

    [Fact]
    public void A_bitmap_is_read_in_chunks_without_allocating_and_without_stray_bits()
    {
        const ulong Pages = 0x10000 + 70;
        using FakeMachine machine = new();
        machine.Calls.KeepsLog = false;
        using GuestMemory memory = GuestMemory.Allocate(Pages * 0x1000);
        GuestAddressSpace space = machine.Partition.Memory;
        space.Map(0, memory);
        ulong[] bitmap = new ulong[GuestAddressSpace.BitmapWords(Pages * 0x1000)];
        machine.Calls.BitmapRequests.Capacity = 16;
        long allocated = Allocations.OfEach(() =>
        {
            machine.Calls.BitmapRequests.Clear();
            space.TakeDirtyPages(0, Pages * 0x1000, bitmap);
        });

        Assert.Equal(0, allocated);
        Assert.Equal(
            [
                ((byte)Constants.MSHV_GPAP_ACCESS_TYPE_DIRTY, (byte)Constants.MSHV_GPAP_ACCESS_OP_CLEAR, 0UL, 0x10000UL),
                ((byte)1, (byte)1, 0x10000UL, 70UL),
            ],
            machine.Calls.BitmapRequests);
        Assert.Equal(0x3fUL, bitmap[^1]);
        Assert.All(bitmap[..^1], word => Assert.Equal(ulong.MaxValue, word));
    }

    [Fact]
    public void Pages_that_were_touched_are_taken_by_a_request_of_their_own()
    {
        using FakeMachine machine = new();
        using GuestMemory memory = GuestMemory.Allocate(0x3000);
        machine.Partition.Memory.Map(0x1000, memory);
        ulong[] bitmap = new ulong[1];

        machine.Partition.Memory.TakeAccessedPages(0x1000, 0x3000, bitmap);

        Assert.Equal(
            [((byte)Constants.MSHV_GPAP_ACCESS_TYPE_ACCESSED, (byte)Constants.MSHV_GPAP_ACCESS_OP_CLEAR, 1UL, 3UL)],
            machine.Calls.BitmapRequests);
        Assert.Equal(7UL, bitmap[0]);
    }

    [Fact]
    public void Tracking_starts_with_untouched_pages_and_stops_with_touched_ones()
    {
        using FakeMachine machine = new();
        using GuestMemory memory = GuestMemory.Allocate(0x2000);
        machine.Partition.Memory.Map(0x1000, memory);

        machine.Partition.Memory.StartTracking();
        machine.Partition.Memory.StopTracking();

        Assert.Equal([((byte)0, (byte)1, 1UL, 2UL), ((byte)1, (byte)2, 1UL, 2UL)], machine.Calls.BitmapRequests);
        Assert.Equal(["property 0x50005 = 0x1", "bitmap", "bitmap", "property 0x50005 = 0x0"], machine.Calls.Log.Skip(1));
    }

    [Fact]
    public void A_bitmap_of_what_is_not_memory_is_refused()
    {
        using FakeMachine machine = new();

        Assert.Throws<ArgumentException>(() => machine.Partition.Memory.TakeDirtyPages(0, 0x1000, new ulong[1]));
    }
}
