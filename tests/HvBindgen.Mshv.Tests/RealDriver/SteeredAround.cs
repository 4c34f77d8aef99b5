using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Interrupts;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Tests.Guests;
using Xunit;

namespace HvBindgen.Mshv.Tests.RealDriver;

/// <summary>What the driver of Linux 7.3 does wrong, and the library keeps away from. Run by tests/RealDriver, in user-mode
/// Linux.</summary>
public sealed unsafe class SteeredAround
{
    private const ulong CodeGpa = 0x1000;
    private const nuint PageBytes = Constants.MSHV_HV_PAGE_SIZE;
    private const nuint HoleBytes = 16 * PageBytes;
    private static readonly byte[] Program = [0xe6, 0x10, 0xf4]; // out 0x10, al; hlt

    [Fact]
    public void A_message_page_right_behind_the_register_page_shows_the_message()
    {
        using PlacingSystemCalls calls = new();
        using Monitor monitor = new(calls);
        byte* behind = calls.PlacedAt + calls.PlacedBytes;
        hv_message* message = (hv_message*)CLibrary.Mmap(
            behind, PageBytes, LinuxFlags.ProtRead | LinuxFlags.ProtWrite, LinuxFlags.MapShared | PlacingSystemCalls.MapFixed,
            calls.PlacedDescriptor, (long)PageBytes);
        Assert.Equal((nint)behind, (nint)message);

        Assert.Equal(RunEnd.PowerOff, monitor.Run());

        Assert.Equal((uint)hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, message->header.message_type);
        _ = CLibrary.Munmap(message, PageBytes);
    }

    [Fact]
    public void A_level_triggered_interrupt_is_asserted_only_where_an_event_is_told_of_its_end()
    {
        using Monitor monitor = new(RealDriver());
        using EventHandle trigger = EventHandle.Create();
        using EventHandle resample = EventHandle.Create();
        const uint Vector = 0x40;
        InterruptRequest level = InterruptRequest.Fixed(0, (byte)Vector) with { IsLevelTriggered = true };
        PartitionInterrupts interrupts = monitor.Partition.Interrupts;

        Assert.Throws<ArgumentException>(() => interrupts.Assert(level));
        interrupts.SetRoutes(new MsiRoutingTable().Set(Vector, new MsiMessage(0xfee00000, Vector | (1 << 15))));
        Assert.Throws<ArgumentException>(() => interrupts.AttachEvent(Vector, trigger));
        using InterruptLine line = interrupts.AttachEvent(Vector, trigger, resample);
        interrupts.Assert(level);

        Assert.Equal(RunEnd.PowerOff, monitor.Run());
    }

    [Fact]
    public void An_event_below_the_highest_route_is_attached_only_with_a_route()
    {
        using Monitor monitor = new(RealDriver());
        using EventHandle trigger = EventHandle.Create();
        PartitionInterrupts interrupts = monitor.Partition.Interrupts;
        MsiMessage message = new(0xfee00000, 0x40);

        interrupts.SetRoutes(new MsiRoutingTable().Set(20, message));
        Assert.Throws<ArgumentException>(() => interrupts.AttachEvent(10, trigger));
        interrupts.SetRoutes(new MsiRoutingTable().Set(10, message).Set(20, message));
        using InterruptLine line = interrupts.AttachEvent(10, trigger);
        trigger.Signal();

        Assert.Equal(RunEnd.PowerOff, monitor.Run());
    }

    private static LinuxSystemCalls RealDriver()
    {
        // Any other /dev/mshv is somebody's.
        Assert.SkipUnless(
            GuestDevice.IsDriver,
            "not in user-mode Linux: ./test.sh --driver runs this test");
        return LinuxSystemCalls.Instance;
    }

    /// <summary>A guest that leaves by a port, and a monitor that ends then.</summary>
    private sealed class Monitor : IDisposable
    {
        private readonly MshvDevice device;
        private readonly GuestMemory ram = GuestMemory.Allocate(0x10000);
        private readonly VirtualProcessor processor;

        internal Monitor(ISystemCalls calls)
        {
            device = MshvDevice.Open(new MshvDeviceOptions { Backend = MshvBackend.Emulator, Fallback = calls });
            Partition = device.CreatePartition().Build();
            Partition.Memory.Map(0, ram);
            FlatImage.Load(Partition.Memory, CodeGpa, Program);
            processor = Partition.CreateVirtualProcessor(0);
            X64Boot.RealMode(CodeGpa).ApplyTo(processor);
        }

        internal Partition Partition { get; }

        internal RunEnd Run()
        {
            MachineHandlers handlers = new();
            RunLoop loop = new(processor, handlers);
            handlers.Ports.Map(0x10, 1, new Switch(loop));
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
            RunResult result = loop.Run(patience.Token);
            return result.End == RunEnd.PowerOff ? result.End : throw new InvalidOperationException(result.ToString());
        }

        public void Dispose()
        {
            processor.Dispose();
            Partition.Dispose();
            ram.Dispose();
            device.Dispose();
        }
    }

    private sealed class Switch(RunLoop loop) : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => loop.RequestEnd(RunEnd.PowerOff);
    }

    /// <summary>The kernel, with every page of a descriptor put where there is room behind it.</summary>
    private sealed class PlacingSystemCalls() : ScriptedSystemCalls(RealDriver()), IDisposable
    {
        internal const int MapFixed = 0x10;

        internal byte* PlacedAt { get; } =
            (byte*)CLibrary.Mmap(null, HoleBytes, 0, LinuxFlags.MapPrivate | LinuxFlags.MapAnonymous, -1, 0);

        internal nuint PlacedBytes { get; private set; }

        internal int PlacedDescriptor { get; private set; }

        public override SystemCallResult Map(nuint sizeBytes, int protection, int flags, int fd, long offsetBytes)
        {
            if ((flags & LinuxFlags.MapAnonymous) != 0)
            {
                return base.Map(sizeBytes, protection, flags, fd, offsetBytes);
            }

            PlacedBytes = sizeBytes;
            PlacedDescriptor = fd;
            return SystemCallResult.Success(CLibrary.Mmap(PlacedAt, sizeBytes, protection, flags | MapFixed, fd, offsetBytes));
        }

        public void Dispose() => _ = CLibrary.Munmap(PlacedAt, HoleBytes);
    }
}
