using HvBindgen.Generator.Model;
using Xunit;

namespace HvBindgen.Layout.Tests;

/// <summary>The committed C#, compiled and tried.</summary>
public sealed class BindingsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("mshv", "x86_64")]
    [InlineData("mshv", "arm64")]
    [InlineData("kvm", "x86_64")]
    [InlineData("kvm", "arm64")]
    public void Compiled_bindings_have_every_layout_and_value_of_the_headers(string set, string target)
    {
        AbiModel model = HeaderSets.Model(set, target);
        (Type layout, string @namespace, string constants) = set == "mshv"
            ? (typeof(Mshv.Abi.AbiLayout), "HvBindgen.Mshv.Abi", nameof(Mshv.Abi.Constants))
            : (typeof(Kvm.Abi.KvmAbiLayout), "HvBindgen.Kvm.Abi", nameof(Kvm.Abi.KvmConstants));
        BindingsCheck check = new(layout, constants, @namespace, $"{@namespace}.{model.Target.CSharpName}");

        Assert.Empty(check.Layouts());
        Assert.Empty(check.Values(model));
        Assert.True(check.Compared > 2000);
        output.WriteLine($"{check.Compared} facts of {set} hold in C# for {target}");
    }

    [Fact]
    public void A_request_on_a_descriptor_of_something_else_gives_the_error_number()
    {
        using FileStream nothing = new("/dev/null", FileMode.Open);
        IoctlResult result = Kvm.Abi.KvmSystemIoctls.KVM_GET_API_VERSION(new Fd((int)nothing.SafeFileHandle.DangerousGetHandle()));

        // ENOTTY
        Assert.Equal((false, -1, 25), (result.IsSuccess, result.Value, result.Errno));
    }

    [Fact]
    public void One_descriptor_takes_the_requests_of_both_bindings()
    {
        Fd none = new(-1);
        IoctlResult[] results = [Kvm.Abi.KvmVmIoctls.KVM_CREATE_IRQCHIP(none), Mshv.Abi.PartitionIoctls.MSHV_INITIALIZE_PARTITION(none)];

        // EBADF
        Assert.All(results, result => Assert.Equal(9, result.Errno));
    }

    [Fact]
    public void A_request_to_the_running_kernel_gives_its_answer()
    {
        Requirement.Emulator();

        using FileStream kvm = new("/dev/kvm", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        IoctlResult result = Kvm.Abi.KvmSystemIoctls.KVM_GET_API_VERSION(new Fd((int)kvm.SafeFileHandle.DangerousGetHandle()));

        Assert.Equal((true, Kvm.Abi.KvmConstants.KVM_API_VERSION), (result.IsSuccess, result.Value));
    }

    [Fact]
    public void A_value_that_does_not_fit_a_bit_field_is_refused_and_changes_nothing()
    {
        Mshv.Abi.hv_x64_segment_register segment = default;
        segment.segment_type = 15;

        Assert.Throws<ArgumentOutOfRangeException>(() => SetType(ref segment, 16));
        Assert.Equal((15, 0), (segment.segment_type, segment.non_system_segment));
    }

    private static void SetType(ref Mshv.Abi.hv_x64_segment_register segment, ushort value) => segment.segment_type = value;
}
