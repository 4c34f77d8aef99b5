using System.Buffers.Binary;
using System.Text;
using ExampleDevices;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Saving;
using Xunit;

namespace HvBindgen.Samples.Tests;

/// <summary>Virtio devices, driven as the specification has drivers do it.</summary>
public sealed class VirtioTests : IDisposable
{
    private const ulong Descriptors = 0x1000;
    private const ulong Available = 0x2000;
    private const ulong Used = 0x3000;
    private const ulong Data = 0x4000;
    private const ulong Answer = 0x6000;
    private const int QueueSize = 8;
    private const int Next = 1;
    private const int DeviceWrites = 2;

    private readonly MshvEmulator emulator = new(new MshvEmulatorOptions { Engine = MshvEngine.Software });
    private readonly MshvDevice device;
    private readonly Partition partition;
    private readonly GuestMemory ram = GuestMemory.Allocate(0x1_0000);
    private int raised;
    private ushort made;

    public VirtioTests()
    {
        Requirement.Software();
        device = MshvDevice.Open(new MshvDeviceOptions { Fallback = emulator });
        partition = device.CreatePartition().Build();
        partition.Memory.Map(0, ram);
    }

    public void Dispose()
    {
        partition.Dispose();
        ram.Dispose();
        device.Dispose();
        emulator.Dispose();
    }

    [Fact]
    public void A_driver_finds_a_device_of_version_1()
    {
        VirtioMmio registers = Set(new VirtioBlock(partition.Memory, new byte[4096]));

        Assert.Equal((0x7472_6976UL, 2UL, 2UL), (registers.Read(0, 0, 4), registers.Read(0, 4, 4), registers.Read(0, 8, 4)));
        registers.Write(0, 0x14, 4, 1);
        Assert.Equal(1UL, registers.Read(0, 0x10, 4));
        Assert.Equal(8UL, registers.Read(0, 0x100, 4)); // sectors
        Assert.Equal(0UL, registers.Read(0, 0x104, 4));
    }

    [Fact]
    public void A_disk_gives_the_sectors_that_are_asked_for()
    {
        byte[] content = new byte[4096];
        "second sector"u8.CopyTo(content.AsSpan(512));
        VirtioMmio registers = Set(new VirtioBlock(partition.Memory, content));

        Request(kind: 0, sector: 1, DeviceWrites, sizeBytes: 1024);
        registers.Write(0, 0x50, 4, 0);

        Assert.Equal("second sector", Text(Data, 13));
        Assert.Equal((0, (ushort)1, 1025u), (ReadByte(Answer), UsedCount, UsedBytes(0)));
        Assert.Equal((1, 1UL), (raised, registers.Read(0, 0x60, 4)));
        registers.Write(0, 0x64, 4, 1);
        Assert.Equal(0UL, registers.Read(0, 0x60, 4));
    }

    [Fact]
    public void What_is_written_to_a_disk_is_there()
    {
        byte[] content = new byte[4096];
        VirtioMmio registers = Set(new VirtioBlock(partition.Memory, content));
        partition.Memory.Write(Data, "kept"u8);

        Request(kind: 1, sector: 7, flags: 0, sizeBytes: 512);
        registers.Write(0, 0x50, 4, 0);

        Assert.Equal("kept"u8, content.AsSpan(7 * 512, 4));
        Assert.Equal((0, 1u), (ReadByte(Answer), UsedBytes(0)));
    }

    [Theory]
    [InlineData(0, 8, DeviceWrites, 512, 1)] // behind the end
    [InlineData(0, 7, DeviceWrites, 1024, 1)] // over the end
    [InlineData(0, long.MaxValue / 256, DeviceWrites, 512, 1)]
    [InlineData(0, 1L << 55, DeviceWrites, 512, 1)] // 512 times as much is 0 again
    [InlineData(0, 0, 0, 512, 1)] // a read into what the device may only read
    [InlineData(1, 0, DeviceWrites, 512, 1)]
    [InlineData(77, 0, DeviceWrites, 512, 2)] // no such request
    public void What_a_disk_cannot_do_is_answered_so(int kind, long sector, int flags, int sizeBytes, int answer)
    {
        VirtioMmio registers = Set(new VirtioBlock(partition.Memory, new byte[4096]));

        Request((uint)kind, (ulong)sector, flags, (uint)sizeBytes);
        registers.Write(0, 0x50, 4, 0);

        Assert.Equal((answer, (ushort)1), (ReadByte(Answer), UsedCount));
    }

    [Theory]
    [InlineData(0, Next, 0)] // a circle
    [InlineData(0, Next, 500)] // behind the table
    [InlineData(500, 0, 0)]
    [InlineData(0, 4, 0)] // indirect, which was not offered
    public void A_chain_that_is_none_is_not_served(int head, int flags, int next)
    {
        VirtioMmio registers = Set(new VirtioBlock(partition.Memory, new byte[4096]));

        Describe(0, Data, 16, flags, next);
        Offer((ushort)head);
        registers.Write(0, 0x50, 4, 0);

        Assert.Equal((0, 0), (UsedCount, raised));
    }

    [Fact]
    public void Queues_that_lie_in_no_memory_are_not_served()
    {
        VirtioMmio registers = Set(new VirtioBlock(partition.Memory, new byte[4096]), descriptors: 1UL << 40, used: ulong.MaxValue - 3);
        Offer(0);

        registers.Write(0, 0x50, 4, 0);
        registers.Write(0, 0x50, 4, 99);

        Assert.Equal(0, raised);
    }

    [Fact]
    public void A_saved_disk_has_its_sectors_and_goes_on_in_its_queue()
    {
        byte[] content = new byte[4096];
        VirtioMmio registers = Set(new VirtioBlock(partition.Memory, content));
        partition.Memory.Write(Data, "kept"u8);
        Request(kind: 1, sector: 0, flags: 0, sizeBytes: 512);
        registers.Write(0, 0x50, 4, 0);

        VirtioMmio restored = new(new VirtioBlock(partition.Memory, new byte[4096]), partition.Memory, () => raised++);
        restored.RestoreState(registers.SaveState());
        partition.Memory.Write(Data, "lost"u8);
        Request(kind: 0, sector: 0, DeviceWrites, sizeBytes: 512);
        restored.Write(0, 0x50, 4, 0);

        Assert.Equal(("kept", (ushort)2), (Text(Data, 4), UsedCount));
    }

    [Fact]
    public void A_state_that_is_none_of_the_device_is_refused()
    {
        VirtioMmio registers = Set(new VirtioBlock(partition.Memory, new byte[4096]));
        byte[] state = registers.SaveState();

        _ = Assert.Throws<MachineStateFormatException>(() => registers.RestoreState(state.AsSpan(0, 10)));
        _ = Assert.Throws<MachineStateFormatException>(() => registers.RestoreState(state.AsSpan(0, state.Length - 1)));
        state[16] = 3; // entries of the queue
        _ = Assert.Throws<MachineStateFormatException>(() => registers.RestoreState(state));
    }

    [Fact]
    public void A_console_prints_what_comes_and_gives_what_is_typed()
    {
        StringBuilder printed = new();
        VirtioConsole console = new(partition.Memory, value => printed.Append((char)value));
        VirtioMmio registers = Set(console, queue: 1);
        partition.Memory.Write(Data, "hello"u8);
        Describe(0, Data, 5, 0, 0);
        Offer(0);
        registers.Write(0, 0x50, 4, 1);
        Assert.Equal(("hello", (ushort)1), (printed.ToString(), UsedCount));

        made = 0;
        partition.Memory.Write(Used, new byte[64]);
        partition.Memory.Write(Available, new byte[64]);
        registers = Set(console, queue: VirtioConsole.InputQueue);
        Describe(0, Data, 64, DeviceWrites, 0);
        Offer(0);
        console.Receive((byte)'o');
        console.Receive((byte)'k');
        registers.Serve(VirtioConsole.InputQueue);
        Assert.Equal(("ok", 2u), (Text(Data, 2), UsedBytes(0)));
    }

    private VirtioMmio Set(VirtioDevice made, uint queue = 0, ulong descriptors = Descriptors, ulong used = Used)
    {
        VirtioMmio registers = new(made, partition.Memory, () => raised++);
        registers.Write(0, 0x30, 4, queue);
        registers.Write(0, 0x38, 4, QueueSize);
        foreach ((ulong offset, ulong gpa) in ((ulong, ulong)[])[(0x80, descriptors), (0x90, Available), (0xa0, used)])
        {
            registers.Write(0, offset, 4, (uint)gpa);
            registers.Write(0, offset + 4, 4, gpa >> 32);
        }

        registers.Write(0, 0x44, 4, 1);
        return registers;
    }

    private void Request(uint kind, ulong sector, int flags, uint sizeBytes)
    {
        const ulong Header = 0x800;
        partition.Memory.Write(Header, kind);
        partition.Memory.Write(Header + 8, sector);
        partition.Memory.Write(Answer, (byte)0xff);
        Describe(0, Header, 16, Next, 1);
        Describe(1, Data, sizeBytes, flags | Next, 2);
        Describe(2, Answer, 1, DeviceWrites, 0);
        Offer(0);
    }

    private void Describe(ushort index, ulong gpa, uint sizeBytes, int flags, int next)
    {
        Span<byte> descriptor = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(descriptor, gpa);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor[8..], sizeBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[12..], (ushort)flags);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[14..], (ushort)next);
        partition.Memory.Write(Descriptors + (index * 16UL), descriptor);
    }

    private void Offer(ushort head)
    {
        partition.Memory.Write(Available + 4 + (made * 2UL), head);
        partition.Memory.Write(Available + 2, ++made);
    }

    private ushort UsedCount => partition.Memory.Read<ushort>(Used + 2);

    private uint UsedBytes(int entry) => partition.Memory.Read<uint>(Used + 4 + ((ulong)entry * 8) + 4);

    private int ReadByte(ulong gpa) => partition.Memory.Read<byte>(gpa);

    private string Text(ulong gpa, int length)
    {
        byte[] bytes = new byte[length];
        partition.Memory.Read(gpa, bytes);
        return Encoding.ASCII.GetString(bytes);
    }
}
