using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;

namespace HvBindgen.Mshv.Tests.Devices;

public sealed class MshvDeviceTests
{
    [Theory]
    [InlineData(Errno.ENOENT, false, MshvUnavailableReason.NoDevice, "modprobe")]
    [InlineData(Errno.ENODEV, false, MshvUnavailableReason.NoDevice, "modprobe")]
    [InlineData(Errno.ENODEV, true, MshvUnavailableReason.NotRootPartition, "guest")]
    [InlineData(Errno.EACCES, false, MshvUnavailableReason.NoPermission, "root")]
    [InlineData(Errno.EMFILE, false, MshvUnavailableReason.Other, "refused")]
    public void The_reason_why_opening_fails_is_typed(int errno, bool isGuest, MshvUnavailableReason reason, string advice)
    {
        MshvUnavailableException e = DeviceNode.CannotOpen("Opening it", errno, isGuest);

        Assert.Equal(reason, e.Reason);
        Assert.Equal(errno, e.Errno);
        Assert.Contains(Errno.NameOf(errno)!, e.Message, StringComparison.Ordinal);
        Assert.Contains(advice, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Opening_without_permission_says_so()
    {
        FakeSystemCalls calls = new() { OpenErrno = Errno.EACCES };

        MshvUnavailableException e = Assert.Throws<MshvUnavailableException>(() => Open(calls));

        Assert.Equal(MshvUnavailableReason.NoPermission, e.Reason);
    }

    [Fact]
    public void A_node_that_the_kernel_does_not_have_is_no_device()
    {
        MshvDeviceOptions options = new() { Path = "/dev/mshv-of-another-world", SystemCalls = LinuxSystemCalls.Instance };

        MshvUnavailableException e = Assert.Throws<MshvUnavailableException>(() => DeviceNode.Open(options.SystemCalls, options.Path));

        Assert.Equal(Errno.ENOENT, e.Errno);
        Assert.True(e.Reason is MshvUnavailableReason.NoDevice or MshvUnavailableReason.NotRootPartition);
        Assert.Contains(options.Path, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_of_another_generation_is_told_apart_and_closed()
    {
        FakeSystemCalls calls = new();
        calls.RequestErrno[Constants.MSHV_CREATE_PARTITION] = Errno.ENOTTY;

        MshvUnavailableException e = Assert.Throws<MshvUnavailableException>(() => Open(calls));

        Assert.Equal(MshvUnavailableReason.OtherAbi, e.Reason);
        Assert.Contains("generation", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, calls.OpenDescriptors);
    }

    [Fact]
    public void The_driver_for_trust_levels_is_told_apart()
    {
        FakeSystemCalls calls = new();
        calls.RequestErrno[Constants.MSHV_CREATE_PARTITION] = Errno.ENOTTY;
        calls.RequestErrno[Constants.MSHV_CHECK_EXTENSION] = Errno.EOPNOTSUPP;

        MshvUnavailableException e = Assert.Throws<MshvUnavailableException>(() => Open(calls));

        Assert.Equal(MshvUnavailableReason.OtherAbi, e.Reason);
        Assert.Contains("mshv_vtl", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_device_the_fallback_is_taken()
    {
        FakeSystemCalls fallback = new();
        using MshvDevice device = MshvDevice.Open(new MshvDeviceOptions
        {
            SystemCalls = new FakeSystemCalls { OpenErrno = Errno.ENOENT },
            Fallback = fallback,
        });

        Assert.True(device.IsFallback);
        Assert.Same(fallback, device.Handle.SystemCalls);
    }

    [Theory]
    [InlineData(null, MshvBackend.Device)]
    [InlineData("", MshvBackend.Device)]
    [InlineData("auto", MshvBackend.Auto)]
    [InlineData("emulator", MshvBackend.Emulator)]
    public void The_environment_overrides_the_backend(string? variable, MshvBackend expected) =>
        Assert.Equal(expected, new DeviceOpener(new MshvDeviceOptions { Backend = MshvBackend.Device }).BackendOf(variable));

    [Fact]
    public void A_misspelt_environment_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => new DeviceOpener(new MshvDeviceOptions()).BackendOf("kvm"));

    [Fact]
    public void The_descriptor_stays_open_until_the_last_partition_is_closed()
    {
        FakeSystemCalls calls = new();
        MshvDevice device = Open(calls);
        Partition partition = device.CreatePartition().Build();
        device.Dispose();
        Assert.Equal(2, calls.OpenDescriptors);

        partition.Dispose();

        Assert.Equal(0, calls.OpenDescriptors);
        Assert.Null(calls.Misuse);
    }

    private static MshvDevice Open(FakeSystemCalls calls) =>
        MshvDevice.Open(new MshvDeviceOptions { SystemCalls = calls, Fallback = null, Backend = MshvBackend.Device });
}
