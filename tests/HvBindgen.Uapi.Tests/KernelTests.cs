using Microsoft.CodeAnalysis;
using Xunit;

namespace HvBindgen.Uapi.Tests;

/// <summary>In which kernels a name is: what the documentation says, and what the platform analyzer of .NET is told.</summary>
public sealed class KernelTests
{
    [Theory]
    [InlineData("EV_KEY", "linux/input-event-codes.h, x86_64, arm64. In Linux 6.1 and later.")]
    [InlineData("struct input_event", "In Linux 6.1 and later.")]
    [InlineData("struct landlock_net_port_attr", "In Linux 6.12 and later, not in 6.1.")]
    [InlineData("__NR_statmount", "In Linux 6.12 and later, not in 6.1.")]
    [InlineData("PIDFD_GET_INFO", "In Linux 7.2 and later, not in 6.12.")]
    [InlineData("struct mshv_create_partition", "In Linux 7.2 and later, not in 6.12.")]
    [InlineData("IORING_OP_FUTEX_WAIT", "In Linux 6.12 and later, not in 6.1.")]
    public void Documentation_says_which_kernels_have_it(string name, string text) =>
        Assert.Contains(text, Project.With(name).Text, StringComparison.Ordinal);

    [Fact]
    public void Of_what_is_no_header_of_the_kernel_nothing_is_said() =>
        Assert.DoesNotContain("In Linux", Project.With("struct hv_x64_segment_register").Text, StringComparison.Ordinal);

    [Fact]
    public void What_is_newer_than_the_oldest_kernel_says_so_to_the_platform_analyzer()
    {
        Project project = Project.With(
            "struct landlock_net_port_attr\n__NR_statmount\nPIDFD_GET_INFO\nEV_KEY\nstruct input_event\nenum io_uring_op",
            ("UapiMinimumKernel", "6.1"));

        const string attribute = "[System.Runtime.Versioning.SupportedOSPlatform(\"linux";
        Assert.Contains(attribute + "6.12\")]\ninternal struct landlock_net_port_attr", project.Text, StringComparison.Ordinal);
        Assert.Contains(attribute + "6.12\")]\n    public const int __NR_statmount", project.Text, StringComparison.Ordinal);
        Assert.Contains(attribute + "7.2\")]\n    public const uint PIDFD_GET_INFO", project.Text, StringComparison.Ordinal);
        Assert.Contains(attribute + "6.12\")]\n    IORING_OP_FUTEX_WAIT", project.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(attribute, project.Sources["linux.input.Records.g.cs"], StringComparison.Ordinal);
        Assert.DoesNotContain(attribute, project.Sources["linux.input-event-codes.Constants.g.cs"], StringComparison.Ordinal);
        project.Compile();
    }

    [Theory]
    [InlineData("6.12")]
    [InlineData("6.13")]
    public void What_the_oldest_kernel_has_is_not_marked(string kernel)
    {
        Project project = Project.With("__NR_statmount\nPIDFD_GET_INFO", ("UapiMinimumKernel", kernel));

        Assert.DoesNotContain("linux6.12", project.Text, StringComparison.Ordinal);
        Assert.Contains("linux7.2", project.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_oldest_kernel_nothing_is_marked() =>
        Assert.DoesNotContain("SupportedOSPlatform", Project.With("__NR_statmount").Text, StringComparison.Ordinal);

    [Fact]
    public void Every_name_of_every_header_can_be_marked()
    {
        Requirement.WholeSweep("tens of thousands of types are compiled");
        Project project = Project.With("*/*", ("UapiPatternLimit", "1000000"), ("UapiMinimumKernel", "5.15"));

        Assert.DoesNotContain(project.Said, said => said.Severity > DiagnosticSeverity.Info);
        project.Compile();
    }
}
