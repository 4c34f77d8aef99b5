using Microsoft.CodeAnalysis;
using Xunit;

namespace HvBindgen.Uapi.Tests;

public sealed class CachingTests
{
    private static readonly IncrementalStepRunReason[] NotDone = [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged];

    [Fact]
    public void An_edit_of_another_file_does_nothing_again()
    {
        Project project = Project.With("struct input_event\nIORING_*").WithCode("class Other;");

        Assert.All(project.ReasonsOf("Output"), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        Assert.All(project.ReasonsOf("Sources"), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void A_comment_in_the_list_does_nothing_again()
    {
        Project project = Project.With("struct input_event").WithList("struct input_event // of a device");

        Assert.All(project.ReasonsOf("Lines"), reason => Assert.Contains(reason, NotDone));
        Assert.All(project.ReasonsOf("Sources"), reason => Assert.Contains(reason, NotDone));
    }

    [Fact]
    public void A_further_name_of_a_header_changes_the_files_of_that_header_alone()
    {
        Project project = Project.With("struct gpiochip_info\nEV_KEY").WithList("struct gpiochip_info\nEV_KEY\nEV_REL");

        IncrementalStepRunReason[] reasons = [.. project.ReasonsOf("Sources")];
        Assert.Single(reasons, reason => reason == IncrementalStepRunReason.Modified);
        Assert.Equal(reasons.Length - 1, reasons.Count(reason => NotDone.Contains(reason)));
    }
}
