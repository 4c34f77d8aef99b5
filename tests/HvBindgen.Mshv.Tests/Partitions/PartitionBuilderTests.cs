using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;
using Property = HvBindgen.Mshv.Abi.hv_partition_property_code;

namespace HvBindgen.Mshv.Tests.Partitions;

public sealed class PartitionBuilderTests
{
    [Fact]
    public void Masks_disable_what_the_host_lacks_and_what_has_no_name()
    {
        using FakeMachine machine = new();
        machine.Calls.Properties[(uint)Property.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0] = ulong.MaxValue;
        machine.Calls.Properties[(uint)Property.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES1] = 1;
        machine.Calls.Properties[(uint)Property.HV_PARTITION_PROPERTY_PROCESSOR_XSAVE_FEATURES] = 7;

        using Partition partition = machine.Device.CreatePartition()
            .WithoutProcessorFeatures(new hv_partition_processor_features { cmpxchg16b_support = 1 })
            .Build();

        hv_partition_processor_features expected = new() { cmpxchg16b_support = 1, reserved_bank0 = 1 };
        Assert.True(partition.HasChosenFeatures);
        Assert.Equal(Constants.MSHV_NUM_CPU_FEATURES_BANKS, machine.Calls.LastCreation.pt_num_cpu_fbanks);
        Assert.Equal(expected.as_uint64[0], machine.Calls.LastCreation.pt_cpu_fbanks[0]);
        Assert.Equal(~1UL, machine.Calls.LastCreation.pt_cpu_fbanks[1]);
        Assert.Equal(~7UL, machine.Calls.LastCreation.pt_disabled_xsave);
    }

    [Fact]
    public void An_older_kernel_is_asked_again_without_the_features()
    {
        using FakeMachine machine = new(prepare: calls =>
        {
            calls.KnowsFeatures = false;
            calls.Properties[(uint)Property.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0] = 1;
            calls.Properties[(uint)Property.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES1] = 1;
        });

        Assert.False(machine.Partition.HasChosenFeatures);
        Assert.Equal(
            (ulong)(MSHV_PT_FLAGS.LAPIC | MSHV_PT_FLAGS.X2APIC | MSHV_PT_FLAGS.GPA_SUPER_PAGES), machine.Calls.LastCreation.pt_flags);
    }

    [Fact]
    public void A_flag_that_the_kernel_does_not_know_is_explained()
    {
        using FakeMachine machine = new(prepare: calls => calls.KnowsFeatures = false);

        HypervisorException e = Assert.Throws<HypervisorException>(
            () => machine.Device.CreatePartition().WithFlags(MSHV_PT_FLAGS.NESTED_VIRTUALIZATION).Build());

        Assert.Equal(Errno.EINVAL, e.Errno);
        Assert.Contains("NESTED_VIRTUALIZATION", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Early_properties_come_between_creation_and_initialization()
    {
        using FakeMachine machine = new();

        using Partition partition = machine.Device.CreatePartition()
            .WithEarlyProperty(Property.HV_PARTITION_PROPERTY_CPU_WEIGHT, 7)
            .Build();

        Assert.Equal(["create 0x7", "property 0x10001 = 0x6400ffb", "property 0x20003 = 0x7", "initialize"], machine.Calls.Log);
    }

    [Fact]
    public void Synthetic_features_are_limited_to_those_that_can_be_given()
    {
        using FakeMachine machine = new();
        machine.Calls.Properties[(uint)Property.HV_PARTITION_PROPERTY_ASSIGNABLE_SYNTHETIC_PROC_FEATURES] = 0xff;

        machine.Device.CreatePartition().Build().Dispose();

        Assert.Equal(0xfbUL, machine.Calls.Properties[(uint)Property.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES]);
    }

    [Fact]
    public void Features_that_are_chosen_exactly_are_asked_for_as_they_are()
    {
        using FakeMachine machine = new(prepare: calls =>
        {
            calls.Properties[(uint)Property.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0] = ulong.MaxValue;
            calls.Properties[(uint)Property.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES1] = ulong.MaxValue;
            calls.Properties[(uint)Property.HV_PARTITION_PROPERTY_ASSIGNABLE_SYNTHETIC_PROC_FEATURES] = 0;
        });
        hv_partition_synthetic_processor_features synthetic = new() { hv1 = 1 };

        machine.Device.CreatePartition()
            .WithXsaveFeatures(new hv_partition_processor_xsave_features { as_uint64 = 5 })
            .WithSyntheticFeatures(synthetic)
            .Build().Dispose();

        Assert.Equal(~5UL, machine.Calls.LastCreation.pt_disabled_xsave);
        Assert.Equal(
            synthetic.as_uint64[0], machine.Calls.Properties[(uint)Property.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES]);
    }

    [Fact]
    public void Sizes_that_the_host_decides_are_read_as_properties()
    {
        using FakeMachine machine = new();
        machine.Calls.Properties[(uint)Property.HV_PARTITION_PROPERTY_PHYSICAL_ADDRESS_WIDTH] = 46;
        machine.Calls.Properties[(uint)Property.HV_PARTITION_PROPERTY_MAX_XSAVE_DATA_SIZE] = 2696;

        Assert.Equal(46, machine.Partition.Properties.PhysicalAddressWidthBits);
        Assert.Equal(2696, machine.Partition.Properties.MaxXsaveBytes);
    }

    [Fact]
    public void A_refused_property_is_reported_with_hypercall_status_and_errno_and_leaves_nothing_open()
    {
        using FakeMachine machine = new();
        machine.Calls.OnHypercall = (code, _, _) =>
            code == Constants.HVCALL_SET_PARTITION_PROPERTY ? (ushort)Constants.HV_STATUS_INVALID_PARTITION_STATE : null;

        HypervisorException e = Assert.Throws<HypervisorException>(() => machine.Device.CreatePartition().Build());

        Assert.Equal("HVCALL_SET_PARTITION_PROPERTY", e.HypercallName);
        Assert.Equal("HV_STATUS_INVALID_PARTITION_STATE", e.HypervisorStatusName);
        Assert.Equal("EIO", e.ErrnoName);
        Assert.Contains(
            "HVCALL_SET_PARTITION_PROPERTY (0x45) gave HV_STATUS_INVALID_PARTITION_STATE (0x7), EIO (5).", e.Message,
            StringComparison.Ordinal);
        Assert.Equal(2, machine.Calls.OpenDescriptors);
    }

    [Fact]
    public void A_kernel_refusal_is_told_from_a_refusal_of_the_hypervisor()
    {
        using FakeMachine machine = new();
        machine.Calls.BlockedHypercalls.Add(Constants.HVCALL_SET_PARTITION_PROPERTY);

        HypervisorException e = Assert.Throws<HypervisorException>(() => machine.Partition.Properties.ProcessorsPerSocket = 2);

        Assert.Equal((ushort)0, e.HypervisorStatus);
        Assert.Contains("was refused by the kernel, EINVAL (22).", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_interrupt_controller_of_arm64_is_placed_before_initialization()
    {
        using FakeMachine machine = new(GuestArchitecture.Arm64);

        machine.Device.CreatePartition().WithGic(new GicLayout(0x8000000, 0x8020000, PerformanceMonitorPpi: 23)).Build().Dispose();

        Assert.Equal(
            [
                "property 0x50028 = 0x8000000", "property 0x50029 = 0x8020000", "property 0x5002a = 0x0", "property 0x5002b = 0x1b",
                "property 0x5002d = 0x17", "initialize",
            ],
            machine.Calls.Log.SkipWhile(entry => !entry.Contains("0x50028", StringComparison.Ordinal)).Take(6));
    }

    [Fact]
    public void An_interrupt_controller_of_arm64_is_no_part_of_x64()
    {
        using FakeMachine machine = new();

        Assert.Throws<InvalidOperationException>(() => machine.Device.CreatePartition().WithGic(new GicLayout(0x8000000)));
    }

    [Fact]
    public void Time_goes_on_when_the_last_scope_ends()
    {
        using FakeMachine machine = new();
        TimeFreezeScope outer = machine.Partition.Properties.FreezeTime();
        TimeFreezeScope inner = machine.Partition.Properties.FreezeTime();
        inner.Dispose();
        inner.Dispose();
        Assert.Equal(["property 0x30003 = 0x1"], machine.Calls.Log);

        outer.Dispose();

        Assert.Equal(["property 0x30003 = 0x1", "property 0x30003 = 0x0"], machine.Calls.Log);
    }
}
