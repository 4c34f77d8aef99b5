using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;

namespace HvBindgen.Mshv.Tests.Devices;

public sealed class CapabilityProbeTests
{
    [Fact]
    public void Every_request_is_asked_without_changing_anything()
    {
        using FakeMachine machine = new();

        MshvCapabilities report = machine.Device.Probe();

        Assert.All(report.Requests, each => Assert.Equal(
            Requests.All.Find(each.Descriptor, each.Number)!.RefusesOnes ? true : null, each.Answers));
        Assert.Null(report.Answers(DescriptorKind.Partition, Constants.MSHV_INITIALIZE_PARTITION));
        Assert.True(report.Answers(DescriptorKind.Partition, Constants.MSHV_CREATE_VP));
        Assert.Null(report.PartitionFailure);
        Assert.Equal(2, machine.Calls.OpenDescriptors);
        Assert.DoesNotContain(machine.Calls.Log, entry => entry.StartsWith("create vp", StringComparison.Ordinal) || entry == "initialize");
    }

    [Fact]
    public void A_request_that_the_driver_does_not_know_is_reported()
    {
        using FakeMachine machine = new();
        machine.Calls.RequestErrno[Constants.MSHV_GET_GPAP_ACCESS_BITMAP] = Errno.ENOTTY;

        MshvCapabilities report = machine.Device.Probe();

        Assert.False(report.Answers(DescriptorKind.Partition, Constants.MSHV_GET_GPAP_ACCESS_BITMAP));
        Assert.True(report.Answers(DescriptorKind.Partition, Constants.MSHV_IRQFD));
    }

    [Fact]
    public void A_hypercall_is_passed_on_when_the_hypervisor_has_a_status_for_it()
    {
        using FakeMachine machine = new();
        machine.Calls.BlockedHypercalls.Add(Constants.HVCALL_READ_GPA);
        machine.Calls.OnHypercall = (code, _, _) =>
            code == Constants.HVCALL_TRANSLATE_VIRTUAL_ADDRESS ? (ushort)Constants.HV_STATUS_INVALID_VP_INDEX : null;

        MshvCapabilities report = machine.Device.Probe();

        Assert.False(Of(report, nameof(Constants.HVCALL_READ_GPA)).IsPassedOn);
        Assert.True(Of(report, nameof(Constants.HVCALL_TRANSLATE_VIRTUAL_ADDRESS)).IsPassedOn);
        Assert.Equal(Constants.HV_STATUS_INVALID_VP_INDEX, Of(report, nameof(Constants.HVCALL_TRANSLATE_VIRTUAL_ADDRESS)).Result.Status);
    }

    [Fact]
    public void The_register_page_is_known_once_there_is_a_processor()
    {
        using FakeMachine machine = new();
        Assert.Null(machine.Device.Probe().HasRegisterPage);
        machine.CreateProcessor();

        Assert.True(machine.Device.Probe().HasRegisterPage);
    }

    [Fact]
    public void An_older_kernel_creates_partitions_without_the_choice_of_features()
    {
        using FakeMachine machine = new(prepare: calls => calls.KnowsFeatures = false);

        Assert.False(machine.Device.Probe().CreatesPartitionsWithFeatures);
    }

    [Fact]
    public void A_host_that_cannot_create_a_partition_still_gives_a_report()
    {
        using FakeMachine machine = new();
        machine.Calls.RequestErrno[Constants.MSHV_CREATE_PARTITION] = Errno.ENOMEM;

        MshvCapabilities report = machine.Device.Probe();

        Assert.Equal(Errno.ENOMEM, report.PartitionFailure?.Errno);
        Assert.Null(report.CreatesPartitionsWithFeatures);
        Assert.Null(report.Answers(DescriptorKind.Partition, Constants.MSHV_IRQFD));
    }

    [Fact]
    public void Host_features_are_left_open_where_the_host_does_not_tell()
    {
        using FakeMachine machine = new();
        Assert.Null(machine.Device.Probe().ProcessorFeatures);

        machine.Calls.Properties[(uint)hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0] = 5;
        machine.Calls.Properties[(uint)hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES1] = 1;

        hv_partition_processor_features? features = machine.Device.Probe().ProcessorFeatures;
        Assert.Equal(1UL, features?.sse3_support);
        Assert.Equal(1UL, features?.acount_mcount_support);
        Assert.Equal(0UL, features?.lahf_sahf_support);
    }

    private static HypercallSupport Of(MshvCapabilities report, string name) =>
        report.Hypercalls.Single(each => each.Name == name && each.Descriptor == DescriptorKind.Partition);
}
