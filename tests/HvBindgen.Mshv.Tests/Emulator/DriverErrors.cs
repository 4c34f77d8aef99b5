using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Interop;
using Xunit;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>What the driver checks before the hypervisor is asked, and with which error number.</summary>
public sealed unsafe class DriverErrors
{
    private const ulong Page = 4096;
    private const ulong BadPointer = 0x10; // no process maps its first page
    private const MSHV_PT_FLAGS V2 = MSHV_PT_FLAGS.CPU_AND_XSAVE_FEATURES;

    public static TheoryData<string, ulong, ulong, int> CreationsOfVersion1 => new()
    {
        { "no flags", 0, 0, 0 },
        { "every flag without the second version's", 0x37, 0, 0 },
        { "an unknown flag", 1 << 6, 0, Errno.EINVAL },
        { "isolation", 0, 1, Errno.EINVAL },
    };

    public static TheoryData<string, int, ulong, int> CreationsOfVersion2 => new()
    {
        { "plain", 0, 0, 0 },
        { "disabled features", 24, ulong.MaxValue, 0 },
        { "too few banks", 16, 1, Errno.EINVAL },
        { "reserved bytes", 16, 0x10002, Errno.EINVAL },
        { "first reserved word", 40, 1, Errno.EINVAL },
        { "second reserved word", 48, 1UL << 63, Errno.EINVAL },
    };

    public static TheoryData<string, ulong, ulong, ulong, byte, byte, int> MemoryRequests => new()
    {
        // What, size, guest page, offset of the host address, flags, reserved, errno.
        { "size 0", 0, 0x1000, 0, 3, 0, Errno.EINVAL },
        { "size not of pages", 100, 0x1000, 0, 3, 0, Errno.EINVAL },
        { "address not of a page", Page, 0x1000, 8, 3, 0, Errno.EINVAL },
        { "unknown flag", Page, 0x1000, 0, 8, 0, Errno.EINVAL },
        { "reserved", Page, 0x1000, 0, 3, 1, Errno.EINVAL },
        { "no user range", Page, 0x1000, 1UL << 62, 3, 0, Errno.EINVAL },
        { "end beyond user range", 1UL << 62, 0x1000, 0, 3, 0, Errno.EINVAL },
        { "over the first page", Page, 0, 0, 3, 0, Errno.EEXIST },
        { "over the last page", Page, (EmulatedMachine.RamBytes / Page) - 1, 0, 3, 0, Errno.EEXIST },
        { "behind", Page, EmulatedMachine.RamBytes / Page, 0, 3, 0, 0 },
        { "the same host memory twice", Page, 0x2000, 0, 1, 0, 0 },
        { "unmap of nothing", Page, 0x1000, 0, 4, 0, Errno.ENOENT },
        { "unmap of a part", Page, 0, 0, 4, 0, Errno.EINVAL },
        { "unmap within", EmulatedMachine.RamBytes, 1, 0, 4, 0, Errno.EINVAL },
        { "unmap with another address", EmulatedMachine.RamBytes, 0, Page, 4, 0, Errno.EINVAL },
        { "unmap", EmulatedMachine.RamBytes, 0, 0, 7, 0, 0 },
    };

    public static TheoryData<string, int, ulong, int> Hypercalls => new()
    {
        // What, offset and value of eight bytes of the request, errno.
        { "status", 8, 1, Errno.EINVAL },
        { "no input", 16, 0, Errno.EINVAL },
        { "input too short", 0, 0x0008_0007_0000_0044, Errno.EINVAL },
        { "input too long", 0, 0x0008_1001_0000_0044, Errno.EINVAL },
        { "reserved", 8, 1UL << 16, Errno.EINVAL },
        { "output without size", 0, 0x0000_0010_0000_0044, Errno.EINVAL },
        { "output too long", 0, 0x1001_0010_0000_0044, Errno.EINVAL },
        { "code that is not passed on", 0, 0x0008_0010_0000_0053, Errno.EINVAL },
        { "input that cannot be read", 16, BadPointer, Errno.EFAULT },
        { "output that cannot be written", 24, BadPointer, Errno.EFAULT },
        { "nothing wrong", 8, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(CreationsOfVersion1))]
    public void A_partition_is_created_by_the_rules_of_version_1(string what, ulong flags, ulong isolation, int errno)
    {
        Assert.NotEmpty(what);
        using EmulatedMachine machine = new(initialize: false);
        IoctlResult result = Abi.DeviceIoctls.MSHV_CREATE_PARTITION(
            machine.Device, new mshv_create_partition { pt_flags = flags, pt_isolation = isolation });
        Assert.Equal(errno, result.Errno);
        CloseIfOpen(machine, result);
    }

    [Theory]
    [MemberData(nameof(CreationsOfVersion2))]
    public void A_partition_is_created_by_the_rules_of_version_2(string what, int offset, ulong value, int errno)
    {
        Assert.NotEmpty(what);
        using EmulatedMachine machine = new(initialize: false);
        mshv_create_partition_v2 request = new() { pt_flags = (ulong)V2, pt_num_cpu_fbanks = 2 };
        if (offset != 0)
        {
            MemoryMarshal.Write(MemoryMarshal.AsBytes(new Span<mshv_create_partition_v2>(ref request))[offset..], in value);
        }

        IoctlResult result = Abi.X64.DeviceIoctls.MSHV_CREATE_PARTITION(machine.Device, in request);
        Assert.Equal(errno, result.Errno);
        CloseIfOpen(machine, result);
    }

    [Theory]
    [MemberData(nameof(MemoryRequests))]
    public void Memory_is_mapped_and_unmapped_by_the_rules(
        string what, ulong size, ulong guestPage, ulong hostOffset, byte flags, byte reserved, int errno)
    {
        Assert.NotEmpty(what);
        using EmulatedMachine machine = new();
        mshv_user_mem_region region = new()
        {
            size = size,
            guest_pfn = guestPage,
            userspace_addr = (ulong)machine.Ram + hostOffset,
            flags = flags,
        };
        region.rsvd[3] = reserved;
        Assert.Equal(errno, PartitionIoctls.MSHV_SET_GUEST_MEMORY(machine.Partition, in region).Errno);
    }

    [Fact]
    public void Memory_that_is_not_mapped_in_the_process_is_refused_and_a_hole_behind_its_start_is_not()
    {
        using EmulatedMachine machine = new();
        byte* memory = (byte*)EmulatedMachine.Expect(machine.System.Map(16 * 4096, 3, 0x22, -1, 0));
        machine.System.Unmap(memory + (8 * 4096), 8 * 4096);
        Assert.Equal(Errno.EINVAL, machine.MapGuest(0x1000000, 4096, memory + (8 * 4096), MSHV_SET_MEM_FLAGS.WRITABLE));
        Assert.Equal(0, machine.MapGuest(0x1000000, 16 * 4096, memory, MSHV_SET_MEM_FLAGS.WRITABLE));
        machine.System.Unmap(memory, 8 * 4096);
    }

    [Theory]
    [MemberData(nameof(Hypercalls))]
    public void A_hypercall_is_checked_before_it_is_passed_on(string what, int offset, ulong value, int errno)
    {
        Assert.NotEmpty(what);
        using EmulatedMachine machine = new();
        ulong* input = stackalloc ulong[2] { 0, 0x6000a };
        ulong output = 0;
        mshv_root_hvcall call = new() { code = 0x44, in_sz = 16, out_sz = 8, in_ptr = (ulong)input, out_ptr = (ulong)&output };
        MemoryMarshal.Write(MemoryMarshal.AsBytes(new Span<mshv_root_hvcall>(ref call))[offset..], in value);

        Assert.Equal(errno, PartitionIoctls.MSHV_ROOT_HVCALL(machine.Partition, ref call).Errno);

        Assert.Equal(errno == 0, output != 0);
    }

    [Fact]
    public void Only_some_hypercalls_go_to_the_device_and_only_simple_ones_to_a_processor()
    {
        using EmulatedMachine machine = new();
        byte[] set = new byte[24];
        MemoryMarshal.Write(set.AsSpan(8), 0x50017u);
        _ = machine.Call(machine.Device, 0x50, new byte[24], new byte[16], 1, out int errno);
        Assert.Equal(Errno.EINVAL, errno);
        _ = machine.Call(machine.Device, 0x45, set, [], 0, out errno);
        Assert.Equal(Errno.EINVAL, errno);
        mshv_root_hvcall call = machine.Call(machine.Processor, 0x45, set, [], 0, out errno);
        Assert.Equal((Errno.EINVAL, (ushort)0), (errno, call.status));
        _ = machine.Call(machine.Partition, 0x45, set, [], 0, out errno);
        Assert.Equal(0, errno);
    }

    [Fact]
    public void Every_descriptor_refuses_unknown_requests_and_bad_pointers()
    {
        using EmulatedMachine machine = new();
        foreach (DescriptorHandle handle in new DescriptorHandle[] { machine.Device, machine.Partition, machine.Processor })
        {
            Assert.Equal(Errno.ENOTTY, handle.Ioctl(0xdeadbeef, null).Errno);
            Assert.Equal(Errno.EFAULT, handle.Ioctl(0xc020b807, null).Errno);
            Assert.Equal(Errno.EFAULT, handle.Ioctl(0xc020b807, (void*)BadPointer).Errno);
            Assert.Equal(Errno.EFAULT, handle.Ioctl(0xc020b807, (void*)0xffff_8000_0000_0000).Errno);
        }

        Assert.Equal(Errno.EFAULT, machine.Device.Ioctl(0x4010b800, (void*)BadPointer).Errno);
        foreach (uint request in new uint[] { 0x4004b801, 0x4020b802, 0x4010b803, 0x4020b804, 0x4008b805, 0xc020b806 })
        {
            Assert.Equal(Errno.EFAULT, machine.Partition.Ioctl(request, (void*)BadPointer).Errno);
        }

        Assert.Equal(Errno.EFAULT, machine.Processor.Ioctl(0xc010b801, (void*)BadPointer).Errno);
        Assert.Equal(Errno.ENOTTY, machine.Processor.Ioctl(0x4004b801, null).Errno);
        Assert.Equal(Errno.ENOTTY, machine.Partition.Ioctl(0x8100b800, null).Errno);
    }

    [Fact]
    public void Processors_have_one_index_each_for_ever()
    {
        using EmulatedMachine machine = new();
        Assert.Equal(Errno.EINVAL, PartitionIoctls.MSHV_CREATE_VP(machine.Partition, new mshv_create_vp { vp_index = 256 }).Errno);
        Assert.Equal(Errno.EEXIST, PartitionIoctls.MSHV_CREATE_VP(machine.Partition, new mshv_create_vp { vp_index = 0 }).Errno);
        machine.Processor.Dispose();
        Assert.Equal(Errno.EEXIST, PartitionIoctls.MSHV_CREATE_VP(machine.Partition, new mshv_create_vp { vp_index = 0 }).Errno);
    }

    [Fact]
    public void Before_a_partition_is_initialized_only_early_properties_can_be_set()
    {
        using EmulatedMachine machine = new(initialize: false);
        Assert.Equal(Errno.EIO, PartitionIoctls.MSHV_CREATE_VP(machine.Partition, new mshv_create_vp { vp_index = 0 }).Errno);
        Assert.Equal((Errno.EIO, 7), SetProperty(machine, 0x50017, 1));
        Assert.Equal((0, 0), SetProperty(machine, 0x10001, 0xffb));
        Assert.Equal(0, PartitionIoctls.MSHV_INITIALIZE_PARTITION(machine.Partition).Errno);
        Assert.Equal(0, PartitionIoctls.MSHV_INITIALIZE_PARTITION(machine.Partition).Errno);
        Assert.Equal((Errno.EIO, 7), SetProperty(machine, 0x10001, 0xffb));
        Assert.Equal((0, 0), SetProperty(machine, 0x50017, 1));
        Assert.Equal((Errno.EINVAL, 5), SetProperty(machine, 0x50017, 2));
        Assert.Equal((Errno.EINVAL, 9), SetProperty(machine, 0x12345, 2));
        Assert.Equal((Errno.EACCES, 6), SetProperty(machine, 0x6000a, 2));
        Assert.Equal((Errno.EIO, 7), SetProperty(machine, 0x30005, 5)); // the reference time runs
        Assert.Equal((0, 0), SetProperty(machine, 0x30003, 1));
        Assert.Equal((0, 0), SetProperty(machine, 0x30005, 5));
        Assert.Equal((0, 0), SetProperty(machine, 0x30003, 0));
    }

    [Fact]
    public void Mappings_are_the_register_and_message_pages_and_nothing_else()
    {
        using EmulatedMachine machine = new();
        Assert.Equal(Errno.ENODEV, machine.System.Map(4096, 3, 1, machine.Processor.Fd, 2 * 4096).Errno);
        Assert.Equal(Errno.EINVAL, machine.System.Map(4096, 3, 1, machine.Processor.Fd, 3 * 4096).Errno);
        Assert.Equal(Errno.ENODEV, machine.System.Map(4096, 3, 1, machine.Partition.Fd, 0).Errno);

        // Every page of a longer mapping is the same page.
        byte* pages = (byte*)EmulatedMachine.Expect(machine.System.Map(3 * 4096, 3, 1, machine.Processor.Fd, 0));
        pages[100] = 0x5a;
        Assert.Equal((0x5a, 0x5a), (pages[4196], pages[8292]));
        machine.System.Unmap(pages, 3 * 4096);
    }

    [Fact]
    public void Routes_and_events_are_checked()
    {
        using EmulatedMachine machine = new();
        int eventFd = (int)EmulatedMachine.Expect(machine.System.CreateEvent(0, 0x80000));
        Assert.Equal(Errno.EINVAL, Irqfd(machine, eventFd, flags: 4));
        Assert.Equal(Errno.EBADF, Irqfd(machine, 100000));
        Assert.Equal(Errno.EINVAL, Irqfd(machine, machine.Processor.Fd)); // looks like an event to the system
        Assert.Equal(0, Irqfd(machine, eventFd));
        Assert.Equal(Errno.EBUSY, Irqfd(machine, eventFd));
        Assert.Equal(0, Irqfd(machine, eventFd, flags: 1));

        Assert.Equal(Errno.EOPNOTSUPP, Doorbell(machine, eventFd, 0xd0000000, 4, flags: 2));
        Assert.Equal(Errno.EINVAL, Doorbell(machine, eventFd, 0xd0000000, 3));
        Assert.Equal(Errno.EINVAL, Doorbell(machine, eventFd, ulong.MaxValue, 4));
        Assert.Equal(Errno.EINVAL, Doorbell(machine, eventFd, 0xd0000000, 4, flags: 8));
        Assert.Equal(Errno.EBADF, Doorbell(machine, 100000, 0xd0000000, 4));
        Assert.Equal(0, Doorbell(machine, eventFd, 0xd0000000, 4, flags: 1, match: 5));
        Assert.Equal(0, Doorbell(machine, eventFd, 0xd0000000, 4, flags: 1, match: 6));
        Assert.Equal(Errno.EEXIST, Doorbell(machine, eventFd, 0xd0000000, 4, flags: 1, match: 5));
        Assert.Equal(Errno.EEXIST, Doorbell(machine, eventFd, 0xd0000000, 4));
        Assert.Equal(Errno.ENOENT, Doorbell(machine, eventFd, 0xd0000000, 4, flags: 4));
        Assert.Equal(0, Doorbell(machine, eventFd, 0xd0000000, 4, flags: 5, match: 5));
        Assert.Equal(0, Doorbell(machine, eventFd, 0xd0001000, 0));

        Assert.Equal(Errno.EINVAL, Routing(machine, 4097));
        Assert.Equal(Errno.EINVAL, Routing(machine, 1, new mshv_user_irq_entry { gsi = 4096 }));
        Assert.Equal(Errno.EINVAL, Routing(machine, 1, new mshv_user_irq_entry { address_hi = 1 }));
        Assert.Equal(Errno.EINVAL, Routing(machine, 2, default, default)); // the same number twice
        Assert.Equal(0, Routing(machine, 2, new mshv_user_irq_entry { gsi = 4095 }, default));
        Assert.Equal(0, Routing(machine, 0));
        machine.System.Close(eventFd);
    }

    [Fact]
    public void State_requests_are_checked_and_tell_the_size_that_they_need()
    {
        using EmulatedMachine machine = new();
        byte* buffer = machine.MapHostMemory(4 * Page);
        Assert.Equal((Errno.EINVAL, 4096u), State(machine, 5, 4096, buffer));
        Assert.Equal((Errno.EINVAL, 0u), State(machine, 0, 0, buffer));
        Assert.Equal((Errno.EINVAL, 100u), State(machine, 0, 100, buffer));
        Assert.Equal((Errno.EINVAL, 4096u), State(machine, 0, 4096, buffer + 8));
        Assert.Equal((Errno.EFAULT, 4096u), State(machine, 0, 4096, (byte*)0xffff_8000_0000_0000));
        Assert.Equal((0, 200u), State(machine, 4, 4096, buffer));
        Assert.Equal((0, 4096u), State(machine, 0, 4096, buffer));
    }

    private static (int Errno, uint Size) State(EmulatedMachine machine, byte type, uint sizeBytes, byte* buffer)
    {
        mshv_get_set_vp_state request = new() { type = type, buf_sz = sizeBytes, buf_ptr = (ulong)buffer };
        int errno = VpIoctls.MSHV_GET_VP_STATE(machine.Processor, ref request).Errno;
        return (errno, request.buf_sz);
    }

    private static int Irqfd(EmulatedMachine machine, int fd, uint flags = 0) =>
        PartitionIoctls.MSHV_IRQFD(machine.Partition, new mshv_user_irqfd { fd = fd, gsi = 7, flags = flags }).Errno;

    private static int Doorbell(EmulatedMachine machine, int fd, ulong gpa, uint length, uint flags = 0, ulong match = 0) =>
        PartitionIoctls.MSHV_IOEVENTFD(
            machine.Partition, new mshv_user_ioeventfd { fd = fd, addr = gpa, len = length, flags = flags, datamatch = match }).Errno;

    private static int Routing(EmulatedMachine machine, uint count, params mshv_user_irq_entry[] entries)
    {
        byte[] table = new byte[mshv_user_irq_table.AllocationSize(entries.Length)];
        MemoryMarshal.Write(table, new mshv_user_irq_table { nr = count });
        entries.CopyTo(mshv_user_irq_table.entries(table.AsSpan()));
        fixed (byte* pointer = table)
        {
            return PartitionIoctls.MSHV_SET_MSI_ROUTING(machine.Partition, (mshv_user_irq_table*)pointer).Errno;
        }
    }

    private static (int Errno, int Status) SetProperty(EmulatedMachine machine, uint code, ulong value)
    {
        hv_input_set_partition_property input = new() { property_code = code, property_value = value };
        mshv_root_hvcall call = machine.Call(
            machine.Partition,
            0x45,
            MemoryMarshal.AsBytes(new ReadOnlySpan<hv_input_set_partition_property>(in input)),
            [],
            0,
            out int errno);
        return (errno, call.status);
    }

    private static void CloseIfOpen(EmulatedMachine machine, IoctlResult result)
    {
        if (result.IsSuccess)
        {
            Assert.Equal(0, machine.System.Close(result.Value).Errno);
        }
    }
}
