using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;

namespace HvBindgen.Mshv.Tests.Partitions;

/// <summary>The same objects on the emulator of the device, where a guest really executes. Skipped without <c>/dev/kvm</c>.</summary>
public sealed class EmulatedPartitionTests
{
    // mov al, 0x5a; out 0x80, al; mov al, 0x5b; out 0x81, al; hlt
    private static readonly byte[] Program = [0xb0, 0x5a, 0xe6, 0x80, 0xb0, 0x5b, 0xe6, 0x81, 0xf4];

    [Fact]
    public void A_guest_runs_to_its_port_output()
    {
        using MshvEmulator emulator = Emulator();
        using MshvDevice device = Open(emulator);
        using Partition partition = device.CreatePartition().Build();
        VirtualProcessor processor = Boot(partition);

        Assert.True(processor.RunOnce(out hv_message message).IsSuccess);

        Assert.Equal(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, (hv_message_type)message.header.message_type);
        Assert.Equal(0x5aUL, processor.X64.General.Rax & 0xff);
        Assert.Equal(0x1002UL, processor.X64.General.Rip);
    }

    [Fact]
    public void Groups_of_registers_read_back_as_they_were_written()
    {
        using MshvEmulator emulator = Emulator();
        using MshvDevice device = Open(emulator);
        using Partition partition = device.CreatePartition().Build();
        VirtualProcessor processor = partition.CreateVirtualProcessor(0);
        X64GeneralRegisters general = new() { Rax = 1, Rcx = 2, Rsp = 0x8000, R15 = ulong.MaxValue, Rip = 0x7c00, Rflags = 2 };
        X64DebugRegisters debug = processor.X64.Debug with { Dr0 = 0x1234 };
        X64FloatingPointRegisters fpu = processor.X64.FloatingPoint;
        fpu.Xmm[15] = new hv_u128 { low_part = 3, high_part = 4 };

        processor.X64.General = general;
        processor.X64.Debug = debug;
        processor.X64.FloatingPoint = fpu;
        processor.X64.SetMsr(0xc0000082, 0xffffffff81000000);

        Assert.Equal(general, processor.X64.General);
        Assert.Equal(debug, processor.X64.Debug);
        Assert.Equal(new hv_u128 { low_part = 3, high_part = 4 }, processor.X64.FloatingPoint.Xmm[15]);
        Assert.Equal(0xffffffff81000000UL, processor.X64.GetMsr(0xc0000082));
    }

    [Fact]
    public void Partitions_that_ran_a_guest_leak_no_descriptor_no_mapping_and_no_thread()
    {
        const int Cycles = 300;
        using MshvEmulator emulator = Emulator();
        using MshvDevice device = Open(emulator);
        int before = 0;
        int mappingsBefore = 0;
        for (int i = 0; i < Cycles; i++)
        {
            if (i == 20)
            {
                before = Directory.GetFileSystemEntries("/proc/self/fd").Length;
                mappingsBefore = File.ReadAllLines("/proc/self/maps").Length;
            }

            using Partition partition = device.CreatePartition().Build();
            Assert.Equal(0x80, RunToPort(Boot(partition)));
        }

        // Other tests run at the same time; a leak would be hundreds.
        Assert.InRange(Directory.GetFileSystemEntries("/proc/self/fd").Length - before, -100, 100);
        Assert.InRange(File.ReadAllLines("/proc/self/maps").Length - mappingsBefore, -250, 250);
    }

    private static MshvEmulator Emulator()
    {
        Requirement.Emulator();
        return new MshvEmulator();
    }

    private static MshvDevice Open(MshvEmulator emulator) =>
        MshvDevice.Open(new MshvDeviceOptions { SystemCalls = emulator, Fallback = emulator, Backend = MshvBackend.Emulator });

    private static VirtualProcessor Boot(Partition partition)
    {
        MapProgram(partition);
        VirtualProcessor processor = partition.CreateVirtualProcessor(0);
        X64SegmentRegisters segments = processor.X64.Segments;
        segments.Cs = segments.Cs with { @base = 0, selector = 0 };
        processor.X64.Segments = segments;
        processor.X64.General = new X64GeneralRegisters { Rip = 0x1000, Rflags = 2 };
        return processor;
    }

    private static void MapProgram(Partition partition)
    {
        using GuestMemory memory = GuestMemory.Allocate(0x10000);
        partition.Memory.Map(0, memory);
        partition.Memory.Write(0x1000, Program);
    }

    private static unsafe int RunToPort(VirtualProcessor processor)
    {
        Assert.True(processor.RunOnce(out hv_message message).IsSuccess);
        Assert.Equal(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, (hv_message_type)message.header.message_type);
        return ((Abi.X64.hv_x64_io_port_intercept_message*)&message.u)->port_number;
    }
}
