using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Interop;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Events that the driver is given: it knows the object behind a descriptor, whatever its number.</summary>
public sealed unsafe partial class DriverEvents : IDisposable
{
    private const int CloseOnExecNonBlocking = 0x80800;
    private const uint Gsi = 7;
    private readonly List<int> descriptors = [];

    [Fact]
    public void A_doorbell_is_taken_back_through_another_descriptor_of_its_event_and_through_no_other_event()
    {
        using EmulatedMachine machine = new();
        int doorbell = NewEvent(machine);
        int same = DuplicateOf(doorbell);
        Assert.Equal(0, Doorbell(machine, doorbell, 4, match: 5));

        Assert.Equal(Errno.ENOENT, Doorbell(machine, NewEvent(machine), 4, match: 5, MSHV_IOEVENTFD_FLAGS.DEASSIGN));
        Assert.Equal(0, Doorbell(machine, same, 4, match: 5, MSHV_IOEVENTFD_FLAGS.DEASSIGN));
        Assert.Equal(Errno.ENOENT, Doorbell(machine, doorbell, 4, match: 5, MSHV_IOEVENTFD_FLAGS.DEASSIGN));
    }

    [Fact]
    public void A_doorbell_rings_although_the_descriptor_that_it_was_given_is_closed()
    {
        using EmulatedMachine machine = new();
        int doorbell = NewEvent(machine);
        int given = DuplicateOf(doorbell);
        Assert.Equal(0, Doorbell(machine, given, 4, match: null));
        machine.System.Close(given);
        descriptors.Remove(given);

        Write(machine, a => a.mov(__dword_ptr[rbx], eax), 5);

        Assert.True(IsSignalled(doorbell));
    }

    [Fact]
    public void A_doorbell_of_any_size_can_ask_for_a_value()
    {
        using EmulatedMachine machine = new();
        int doorbell = NewEvent(machine);
        Assert.Equal(0, Doorbell(machine, doorbell, 0, match: 0x55));
        Assert.Equal(Errno.EEXIST, Doorbell(machine, doorbell, 0, match: 0x55));

        Write(machine, a => a.mov(__byte_ptr[rbx], al), 0x55);
        Assert.True(IsSignalled(doorbell));
        Write(machine, a => a.mov(__word_ptr[rbx], ax), 0x55);
        Assert.True(IsSignalled(doorbell));
        Write(machine, a => a.mov(__qword_ptr[rbx], rax), 0x55);
        Assert.True(IsSignalled(doorbell));

        // Another value is an access as any other.
        Load(machine, a => a.mov(__dword_ptr[rbx], eax), 0x56);
        Assert.Equal(
            GuestCode.DeviceGpa,
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA).guest_physical_address);
        Assert.False(IsSignalled(doorbell));

        Assert.Equal(0, Doorbell(machine, doorbell, 0, match: 0x55, MSHV_IOEVENTFD_FLAGS.DEASSIGN));
        Load(machine, a => a.mov(__dword_ptr[rbx], eax), 0x55);
        _ = machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);
    }

    [Fact]
    public void A_value_that_only_wide_writes_can_have_rings_for_them()
    {
        using EmulatedMachine machine = new();
        int doorbell = NewEvent(machine);
        Assert.Equal(0, Doorbell(machine, doorbell, 0, match: 0x1_0000));

        Write(machine, a => a.mov(__dword_ptr[rbx], eax), 0x1_0000);

        Assert.True(IsSignalled(doorbell));
        Assert.Equal(0, Doorbell(machine, doorbell, 0, match: 0x1_0000, MSHV_IOEVENTFD_FLAGS.DEASSIGN));
    }

    [Fact]
    public void A_used_event_is_busy_before_its_route_is_looked_at()
    {
        using EmulatedMachine machine = new();
        int used = NewEvent(machine);
        int resample = NewEvent(machine);
        Assert.Equal(0, Irqfd(machine, used));

        Assert.Equal(Errno.EBUSY, Irqfd(machine, used, MSHV_IRQFD_FLAGS.RESAMPLE, resample));
        Assert.Equal(Errno.EBUSY, Irqfd(machine, DuplicateOf(used), MSHV_IRQFD_FLAGS.RESAMPLE, resample));
        Assert.Equal(Errno.EINVAL, Irqfd(machine, NewEvent(machine), MSHV_IRQFD_FLAGS.RESAMPLE, resample));
    }

    [Theory]
    [InlineData(MSHV_PT_FLAGS.LAPIC)]
    [InlineData(default(MSHV_PT_FLAGS))]
    public void An_interrupt_is_taken_back_through_another_descriptor_of_its_event(MSHV_PT_FLAGS flags)
    {
        using EmulatedMachine machine = new(flags);
        int interrupt = NewEvent(machine);
        int same = DuplicateOf(interrupt);
        Assert.Equal(0, Irqfd(machine, interrupt));
        Assert.Equal(Errno.EBUSY, Irqfd(machine, same));

        Assert.Equal(0, Irqfd(machine, same, MSHV_IRQFD_FLAGS.DEASSIGN));

        Assert.Equal(0, Irqfd(machine, interrupt));
    }

    [Fact]
    public void An_event_that_is_closed_everywhere_is_no_longer_used()
    {
        using EmulatedMachine machine = new();
        for (int i = 0; i < 20; i++)
        {
            // The kernel gives the next one the number of the last.
            int interrupt = NewEvent(machine);
            Assert.Equal(0, Irqfd(machine, interrupt));
            machine.System.Close(interrupt);
            descriptors.Remove(interrupt);
        }
    }

    public void Dispose()
    {
        foreach (int fd in descriptors)
        {
            _ = LinuxSystemCalls.Instance.Close(fd);
        }
    }

    private static void Load(EmulatedMachine machine, Action<Iced.Intel.Assembler> write, ulong value)
    {
        GuestCode.Start(machine, 64, GuestCode.Assemble(64, a =>
        {
            write(a);
            a.@out(0x77, al);
        }));
        machine.Set(hv_register_name.HV_X64_REGISTER_RBX, GuestCode.DeviceGpa);
        machine.Set(hv_register_name.HV_X64_REGISTER_RAX, value);
    }

    // A write that the guest notices nothing of: it goes on to the port behind.
    private static void Write(EmulatedMachine machine, Action<Iced.Intel.Assembler> write, ulong value)
    {
        Load(machine, write, value);
        Assert.Equal(0x77, machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT).port_number);
    }

    private static bool IsSignalled(int eventFd) => HostCalls.ReadEvent(eventFd, out _).IsSuccess;

    private int NewEvent(EmulatedMachine machine)
    {
        int fd = (int)EmulatedMachine.Expect(machine.System.CreateEvent(0, CloseOnExecNonBlocking));
        descriptors.Add(fd);
        return fd;
    }

    private int DuplicateOf(int fd)
    {
        int duplicate = Duplicate(fd);
        Assert.True(duplicate >= 0);
        descriptors.Add(duplicate);
        return duplicate;
    }

    private static int Irqfd(EmulatedMachine machine, int fd, MSHV_IRQFD_FLAGS flags = 0, int resampleFd = 0) =>
        PartitionIoctls.MSHV_IRQFD(
            machine.Partition, new mshv_user_irqfd { fd = fd, gsi = Gsi, flags = (uint)flags, resamplefd = resampleFd }).Errno;

    private static int Doorbell(EmulatedMachine machine, int fd, uint length, ulong? match, MSHV_IOEVENTFD_FLAGS flags = 0) =>
        PartitionIoctls.MSHV_IOEVENTFD(
            machine.Partition,
            new mshv_user_ioeventfd
            {
                fd = fd,
                addr = GuestCode.DeviceGpa,
                len = length,
                flags = (uint)(flags | (match is null ? 0 : MSHV_IOEVENTFD_FLAGS.DATAMATCH)),
                datamatch = match ?? 0,
            }).Errno;

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int fd);
}
