extern alias uapi;

using Microsoft.CodeAnalysis;
using Xunit;
using Abilities = uapi::HvBindgen.Uapi.Project.ProjectAbilities;
using BuiltInCatalog = uapi::HvBindgen.Uapi.BuiltInCatalog;
using Models = uapi::HvBindgen.Uapi.Selection.SelectedModels;
using NameLine = uapi::HvBindgen.Uapi.Names.NameLine;
using Output = uapi::HvBindgen.Uapi.Output.UapiOutput;
using Rehearsal = uapi::HvBindgen.Uapi.Rehearsal;
using Selection = uapi::HvBindgen.Uapi.Selection.NameSelection;
using Settings = uapi::HvBindgen.Uapi.Project.UapiSettings;

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

    [Theory]
    [InlineData("struct gpiochip_info\nEV_KEY", "struct gpiochip_info\nstruct statx\nEV_KEY")]
    [InlineData("struct gpiochip_info\nstruct statx\nEV_KEY", "struct gpiochip_info\nEV_KEY")]
    public void Files_that_come_and_go_leave_the_others(string before, string after)
    {
        Project project = Project.With(before);
        Dictionary<string, string> first = project.Sources;
        Dictionary<string, string> second = project.WithList(after).Sources;

        int different = first.Keys.Union(second.Keys).Count(name => first.GetValueOrDefault(name) != second.GetValueOrDefault(name));
        IncrementalStepRunReason[] reasons = [.. project.ReasonsOf("Sources")];
        Assert.InRange(reasons.Count(reason => !NotDone.Contains(reason)), 1, different);
        Assert.True(different < second.Count, $"{different} of {second.Count} files differ");
    }

    [Fact]
    public void What_is_no_longer_wanted_ends_and_is_done_when_it_is_wanted_again()
    {
        Project project = Project.With("EV_KEY");
        using CancellationTokenSource source = new();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => project.Begin("*/*", source.Token));
        Assert.Contains("EV_REL", project.WithList("EV_REL").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Emission_ends_between_its_parts_when_it_is_no_longer_wanted()
    {
        using CancellationTokenSource source = new();
        NameLine[] lines = [new("linux/gpio.h", false, false, default)];
        Settings settings = new("Uapi", false, "Constants", ["x86_64", "arm64"], false, 2000, []);
        Selection selection = Selection.Of(BuiltInCatalog.Value, settings, lines, source.Token);
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => Models.Of(BuiltInCatalog.Value, selection, source.Token));
        Assert.Throws<OperationCanceledException>(() => Output.Of(
            BuiltInCatalog.Value, lines, settings, new Abilities(true, true, true), source.Token));
    }

    [Fact]
    public void A_further_name_of_a_header_changes_the_files_of_that_header_alone()
    {
        Project project = Project.With("struct gpiochip_info\nEV_KEY").WithList("struct gpiochip_info\nEV_KEY\nEV_REL");

        IncrementalStepRunReason[] reasons = [.. project.ReasonsOf("Sources")];
        Assert.Single(reasons, reason => reason == IncrementalStepRunReason.Modified);
        Assert.Equal(reasons.Length - 1, reasons.Count(reason => NotDone.Contains(reason)));
    }

    [Fact]
    public void What_is_emitted_in_advance_has_something_of_each_kind()
    {
        Output made = Rehearsal.Emit();
        string text = string.Concat(((IEnumerable<uapi::HvBindgen.Uapi.Output.EmittedSource>)made.Sources).Select(source => source.Text));

        Assert.DoesNotContain((IEnumerable<uapi::HvBindgen.Uapi.Diagnostics.Problem>)made.Problems, problem => problem.Id == "HVU001");
        Assert.All(
            (string[])
            [
                "bits_", "[InlineArray(", "enum v4l2_buf_type", "FieldOffset(", "IoctlResult UI_DEV_DESTROY", "IoctlResult SPI_IOC_MESSAGE",
            ],
            part => Assert.Contains(part, text, StringComparison.Ordinal));
    }
}
