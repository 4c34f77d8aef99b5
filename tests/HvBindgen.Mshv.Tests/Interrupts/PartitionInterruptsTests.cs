using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interrupts;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;
using hv_interrupt_type = HvBindgen.Mshv.Abi.X64.hv_interrupt_type;

namespace HvBindgen.Mshv.Tests.Interrupts;

public sealed class PartitionInterruptsTests
{
    private static MsiMessage Edge(byte vector, uint destination = 0) => new(0xfee00000UL | (destination << 12), vector);

    private static MsiMessage Level(byte vector) => new(0xfee00000UL, vector | 0x8000u);

    [Fact]
    public void Every_delivery_mode_reaches_the_hypervisor_as_asked()
    {
        using FakeMachine machine = new();
        machine.CreateProcessor(0);
        foreach (hv_interrupt_type type in Enum.GetValues<hv_interrupt_type>())
        {
            if (type is hv_interrupt_type.HV_X64_INTERRUPT_TYPE_REMOTEREAD or hv_interrupt_type.HV_X64_INTERRUPT_TYPE_MAXIMUM)
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => machine.Partition.Interrupts.Assert(new InterruptRequest(type, 0, 32)));
                continue;
            }

            using EventHandle trigger = EventHandle.Create();
            using EventHandle resample = EventHandle.Create();
            machine.Partition.Interrupts.SetRoutes(new MsiRoutingTable().Set(0x41, Level(0x41)));
            using InterruptLine line = machine.Partition.Interrupts.AttachEvent(0x41, trigger, resample);
            machine.Partition.Interrupts.Assert(new InterruptRequest(type, 3, 0x41, IsLevelTriggered: true, IsLogical: true));

            // hv_input_assert_virtual_interrupt: type at 8, level and logical in bits 0 and 1 at 12, destination at 16, vector at 24.
            Assert.Equal(Constants.HVCALL_ASSERT_VIRTUAL_INTERRUPT, machine.Calls.LastCallCode);
            Assert.Equal((uint)type, BitConverter.ToUInt32(machine.Calls.LastInput, 8));
            Assert.Equal(3u, BitConverter.ToUInt32(machine.Calls.LastInput, 12));
            Assert.Equal(3UL, BitConverter.ToUInt64(machine.Calls.LastInput, 16));
            Assert.Equal(0x41u, BitConverter.ToUInt32(machine.Calls.LastInput, 24));
        }
    }

    [Fact]
    public void A_level_triggered_interrupt_whose_end_is_told_to_nobody_is_refused()
    {
        using FakeMachine machine = new();
        machine.CreateProcessor(0);
        using EventHandle trigger = EventHandle.Create();
        PartitionInterrupts interrupts = machine.Partition.Interrupts;
        InterruptRequest level = InterruptRequest.Fixed(0, 0x41) with { IsLevelTriggered = true };

        Assert.Throws<ArgumentException>(() => interrupts.Assert(level));
        interrupts.SetRoutes(new MsiRoutingTable().Set(0x41, Level(0x41)));
        Assert.Throws<ArgumentException>(() => interrupts.AttachEvent(0x41, trigger));
        interrupts.SetRoutes(new MsiRoutingTable().Set(0x41, Edge(0x41)));
        using InterruptLine line = interrupts.AttachEvent(0x41, trigger);
        Assert.Throws<ArgumentException>(() => interrupts.SetRoutes(new MsiRoutingTable().Set(0x41, Level(0x41))));
        Assert.Throws<ArgumentException>(() => interrupts.Assert(level));

        // What has no end is asserted.
        interrupts.Assert(InterruptRequest.Nmi(0) with { IsLevelTriggered = true });
        interrupts.Assert(InterruptRequest.Fixed(0, 0x41));
    }

    [Fact]
    public void An_event_without_a_route_below_a_routed_number_is_refused()
    {
        using FakeMachine machine = new();
        machine.CreateProcessor(0);
        using EventHandle trigger = EventHandle.Create();
        PartitionInterrupts interrupts = machine.Partition.Interrupts;

        interrupts.SetRoutes(new MsiRoutingTable().Set(20, Edge(0x41)));
        Assert.Throws<ArgumentException>(() => interrupts.AttachEvent(10, trigger));
        interrupts.AttachEvent(21, trigger).Dispose();

        interrupts.SetRoutes(new MsiRoutingTable());
        using InterruptLine line = interrupts.AttachEvent(10, trigger);
        Assert.Throws<ArgumentException>(() => interrupts.SetRoutes(new MsiRoutingTable().Set(20, Edge(0x41))));
        interrupts.SetRoutes(new MsiRoutingTable().Set(9, Edge(0x41)));
        interrupts.SetRoutes(new MsiRoutingTable().Set(10, Edge(0x41)).Set(20, Edge(0x41)));
    }

    [Fact]
    public void Asserting_an_interrupt_allocates_nothing()
    {
        using FakeMachine machine = new();
        machine.Calls.AnswersQuickly = true;
        InterruptRequest request = InterruptRequest.Fixed(0, 0x40);

        long allocated = Allocations.OfEach(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                machine.Partition.Interrupts.Assert(request);
            }
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Vectors_of_exceptions_are_refused_for_interrupts_only()
    {
        using FakeMachine machine = new();

        Assert.Throws<ArgumentOutOfRangeException>(() => machine.Partition.Interrupts.Assert(InterruptRequest.Fixed(0, 15)));
        machine.Partition.Interrupts.Assert(InterruptRequest.Nmi(1));
    }

    [Fact]
    public void Lines_of_arm64_are_raised_and_lowered()
    {
        using FakeMachine machine = new(GuestArchitecture.Arm64);

        machine.Partition.Interrupts.SetLine(33, isAsserted: true);
        Assert.Equal(1UL << 34, BitConverter.ToUInt64(machine.Calls.LastInput, 8));
        Assert.Equal(33u, BitConverter.ToUInt32(machine.Calls.LastInput, 24));
        machine.Partition.Interrupts.SetLine(33, isAsserted: false);

        Assert.Equal(0UL, BitConverter.ToUInt64(machine.Calls.LastInput, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => machine.Partition.Interrupts.SetLine(15, true));
        Assert.Throws<InvalidOperationException>(() => machine.Partition.Interrupts.Assert(InterruptRequest.Nmi(0)));
    }

    [Fact]
    public void Routes_replace_all_that_the_driver_had()
    {
        using FakeMachine machine = new();
        machine.CreateProcessor(0);
        machine.CreateProcessor(1);

        machine.Partition.Interrupts.SetRoutes(new MsiRoutingTable().Set(5, Edge(0x30, 1)).Set(1, Edge(0x31)));

        Assert.Equal(
            [(1u, 0xfee00000u, 0x31u), (5u, 0xfee01000u, 0x30u)],
            machine.Calls.LastRoutes.Select(each => (each.gsi, each.address_lo, each.data)));
        machine.Partition.Interrupts.SetRoutes(new MsiRoutingTable());
        Assert.Empty(machine.Calls.LastRoutes);
    }

    [Fact]
    public void What_the_driver_would_misread_is_refused_and_explained()
    {
        using FakeMachine machine = new();
        machine.CreateProcessor(0);
        PartitionInterrupts interrupts = machine.Partition.Interrupts;

        Assert.Throws<ArgumentOutOfRangeException>(() => new MsiRoutingTable().Set(0, Edge(0x30)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MsiRoutingTable().Set(4096, Edge(0x30)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MsiRoutingTable().Set(1, new MsiMessage(0x1_fee00000, 0x30)));
        Assert.Contains("APIC id below 256", Refuse(new MsiMessage(0xfee00fe0, 0x30)), StringComparison.Ordinal);
        Assert.Contains("no virtual processor 1", Refuse(Edge(0x30, 1)), StringComparison.Ordinal);
        Assert.Contains("not an address", Refuse(new MsiMessage(0x1000, 0x30)), StringComparison.Ordinal);
        Assert.DoesNotContain(machine.Calls.Log, entry => entry.StartsWith("routes", StringComparison.Ordinal));

        string Refuse(MsiMessage message) =>
            Assert.Throws<ArgumentException>(() => interrupts.SetRoutes(new MsiRoutingTable().Set(1, message))).Message;
    }

    [Fact]
    public void An_event_is_attached_and_detached()
    {
        using FakeMachine machine = new();
        using EventHandle trigger = EventHandle.Create();

        InterruptLine line = machine.Partition.Interrupts.AttachEvent(9, trigger);
        Assert.Equal(trigger.Fd, machine.Calls.LastIrqfd.fd);
        line.Dispose();
        line.Dispose();

        Assert.Equal(["irqfd 9 flags 0", "irqfd 9 flags 1"], machine.Calls.Log);
        machine.Partition.Interrupts.AttachEvent(9, trigger).Dispose();
    }

    [Fact]
    public void An_event_triggers_one_interrupt_only()
    {
        using FakeMachine machine = new();
        using EventHandle trigger = EventHandle.Create();
        using InterruptLine line = machine.Partition.Interrupts.AttachEvent(9, trigger);

        Assert.Throws<ArgumentException>(() => machine.Partition.Interrupts.AttachEvent(10, trigger));
    }

    [Fact]
    public void Resampling_needs_a_level_triggered_route_whose_vector_is_its_number()
    {
        using FakeMachine machine = new();
        machine.CreateProcessor(0);
        using EventHandle trigger = EventHandle.Create();
        using EventHandle resample = EventHandle.Create();
        PartitionInterrupts interrupts = machine.Partition.Interrupts;

        Assert.Throws<ArgumentException>(() => interrupts.AttachEvent(0x31, trigger, resample));
        interrupts.SetRoutes(new MsiRoutingTable().Set(0x31, Edge(0x31)));
        Assert.Throws<ArgumentException>(() => interrupts.AttachEvent(0x31, trigger, resample));
        interrupts.SetRoutes(new MsiRoutingTable().Set(0x31, Level(0x32)));
        Assert.Contains(
            "vector 50", Assert.Throws<ArgumentException>(() => interrupts.AttachEvent(0x31, trigger, resample)).Message,
            StringComparison.Ordinal);
        interrupts.SetRoutes(new MsiRoutingTable().Set(0x31, Level(0x31)));

        using InterruptLine line = interrupts.AttachEvent(0x31, trigger, resample);

        Assert.Equal(resample.Fd, machine.Calls.LastIrqfd.resamplefd);
        Assert.Equal((uint)MSHV_IRQFD_FLAGS.RESAMPLE, machine.Calls.LastIrqfd.flags);
        Assert.Throws<ArgumentException>(() => interrupts.SetRoutes(new MsiRoutingTable().Set(0x31, Edge(0x31))));
        Assert.Throws<ArgumentException>(() => interrupts.SetRoutes(new MsiRoutingTable()));
    }

    [Fact]
    public void An_event_of_arm64_needs_its_route_first()
    {
        using FakeMachine machine = new(GuestArchitecture.Arm64);
        using EventHandle trigger = EventHandle.Create();

        Assert.Throws<ArgumentException>(() => machine.Partition.Interrupts.AttachEvent(40, trigger));
        machine.Partition.Interrupts.SetRoutes(new MsiRoutingTable().Set(40, new MsiMessage(0x8020040, 72)));
        machine.Partition.Interrupts.AttachEvent(40, trigger).Dispose();
    }

    [Fact]
    public void A_doorbell_is_taken_away_as_it_was_made()
    {
        using FakeMachine machine = new();
        using EventHandle signal = EventHandle.Create();

        machine.Partition.Interrupts.AttachDoorbell(0xd0000000, 2, signal, 7).Dispose();

        Assert.Equal(["doorbell 0xd0000000 len 2 flags 1", "doorbell 0xd0000000 len 2 flags 5"], machine.Calls.Log);
        Assert.Equal(7UL, machine.Calls.LastDoorbell.datamatch);
        Assert.Equal(signal.Fd, machine.Calls.LastDoorbell.fd);
    }

    [Fact]
    public void Doorbells_that_the_driver_would_refuse_or_never_ring_are_refused()
    {
        using FakeMachine machine = new();
        using EventHandle signal = EventHandle.Create();
        using GuestMemory memory = GuestMemory.Allocate(0x1000);
        machine.Partition.Memory.Map(0, memory);
        PartitionInterrupts interrupts = machine.Partition.Interrupts;
        using Doorbell first = interrupts.AttachDoorbell(0xd0000000, 4, signal, 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => interrupts.AttachDoorbell(0xd0000000, 3, signal));
        Assert.Throws<ArgumentOutOfRangeException>(() => interrupts.AttachDoorbell(ulong.MaxValue, 4, signal));
        Assert.Throws<ArgumentOutOfRangeException>(() => interrupts.AttachDoorbell(0xd0000000, 1, signal, 256));
        Assert.Throws<ArgumentException>(() => interrupts.AttachDoorbell(0xd0000000, 4, signal, 1));
        Assert.Throws<ArgumentException>(() => interrupts.AttachDoorbell(0xd0000000, 4, signal));
        Assert.Throws<ArgumentException>(() => interrupts.AttachDoorbell(0x800, 4, signal));
        interrupts.AttachDoorbell(0xd0000000, 4, signal, 2).Dispose();
        interrupts.AttachDoorbell(0xd0000000, 8, signal).Dispose();
    }

    [Fact]
    public void Detaching_after_the_partition_is_closed_does_nothing()
    {
        using FakeMachine machine = new();
        using EventHandle trigger = EventHandle.Create();
        InterruptLine line = machine.Partition.Interrupts.AttachEvent(9, trigger);
        Doorbell doorbell = machine.Partition.Interrupts.AttachDoorbell(0xd0000000, 0, trigger);

        machine.Partition.Dispose();
        line.Dispose();
        doorbell.Dispose();

        Assert.Null(machine.Calls.Misuse);
    }

    [Fact]
    public void An_event_counts_is_waited_for_and_taken()
    {
        using EventHandle handle = EventHandle.Create();
        Assert.False(handle.TryTake(out ulong count));
        Assert.False(handle.Wait(TimeSpan.Zero));
        handle.Signal();
        handle.Signal(4);

        Assert.True(handle.Wait(TimeSpan.FromSeconds(10)));
        Assert.True(handle.TryTake(out count));
        Assert.Equal(5UL, count);
        Assert.False(handle.TryTake(out _));
        handle.Dispose();
        Assert.Throws<ObjectDisposedException>(() => handle.Signal());
    }
}
