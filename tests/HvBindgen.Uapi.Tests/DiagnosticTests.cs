extern alias uapi;

using System.Text;
using Microsoft.CodeAnalysis;
using Xunit;
using BuiltInCatalog = uapi::HvBindgen.Uapi.BuiltInCatalog;
using Output = uapi::HvBindgen.Uapi.Output.UapiOutput;
using Problem = uapi::HvBindgen.Uapi.Diagnostics.Problem;
using Problems = uapi::HvBindgen.Uapi.Diagnostics.ProblemKinds;
using Source = uapi::HvBindgen.Uapi.Output.EmittedSource;

namespace HvBindgen.Uapi.Tests;

public sealed class DiagnosticTests
{
    [Theory]
    [InlineData("HVU001", "EV_KEYY", "EV_KEY")]
    [InlineData("HVU001", "linux/vfoi.h", "linux/vfio.h")]
    [InlineData("HVU001", "NO_SUCH_NAME_*", "NO_SUCH_NAME_*")]
    [InlineData("HVU001", "SYS_io_uring_setpu", "SYS_io_uring_setup")]
    [InlineData("HVU005", "TUNGETIFF", "ifreq")]
    [InlineData("HVU006", "*", "UapiPatternLimit")]
    [InlineData("HVU007", "-EV_KEY", "EV_KEY")]
    [InlineData("HVU008", "__u32", "unsigned int")]
    public void A_line_that_cannot_be_done_as_it_stands_is_told_with_what_helps(string id, string line, string part)
    {
        Diagnostic said = Assert.Single(Project.With($"EV_REL\n{line}\n").Said);

        Assert.Equal(id, said.Id);
        Assert.Contains(part, said.GetMessage(null), StringComparison.Ordinal);
        Assert.Equal(Project.Path, said.Location.GetLineSpan().Path);
        Assert.Equal(1, said.Location.GetLineSpan().StartLinePosition.Line);
    }

    [Fact]
    public void The_place_is_the_name_within_its_line()
    {
        Diagnostic said = Assert.Single(Project.With("\n   NO_SUCH_NAME   // why not\n").Said);

        FileLinePositionSpan place = said.Location.GetLineSpan();
        Assert.Equal((1, 3, 15), (
            place.StartLinePosition.Line, place.StartLinePosition.Character, place.EndLinePosition.Character));
    }

    [Fact]
    public void A_name_that_stands_for_several_things_is_told_with_the_spellings_of_each()
    {
        AmbiguousCatalog catalog = new();

        Assert.Equal(("HVU002", "demo, struct demo, macro demo"), catalog.Ask("demo"));
        Assert.Equal(("", "demo"), catalog.Ask("struct demo"));
        Assert.Equal(("", "demo"), catalog.Ask("macro demo"));
        Assert.Equal(("", "alone"), catalog.Ask("alone"));
    }

    [Fact]
    public void Ten_thousand_names_of_garbage_are_ten_thousand_warnings()
    {
        string list = string.Join('\n', Enumerable.Range(0, 10_000).Select(number => $"garbage_{number:x}\u0001!\"§$%&"));

        Assert.Equal(10_000, Project.With(list).Said.Count(said => said.Id == "HVU001"));
    }

    [Fact]
    public void A_runtime_without_arrays_in_place_is_told()
    {
        Diagnostic said = Assert.Single(Project.On([], "EV_KEY").Said);

        Assert.Equal("HVU009", said.Id);
        Assert.Contains("net8.0", said.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_no_form_in_csharp_is_told_and_nothing_is_written()
    {
        Output output = new AmbiguousCatalog().Make("struct endless");

        Problem told = Assert.Single((IEnumerable<Problem>)output.Problems);
        Assert.Equal("HVU010", told.Id);
        Assert.Contains("a struct of 268435456 bytes", Assert.Single((IEnumerable<string>)told.Arguments), StringComparison.Ordinal);
        Assert.Empty((IEnumerable<Source>)output.Sources);
    }

    [Fact]
    public void Each_has_a_paragraph_to_which_its_id_leads()
    {
        string pages = File.ReadAllText(Repository.PathOf("generator/HvBindgen.Uapi/diagnostics.md"));

        Assert.All(Problems.ById.Values, problem =>
        {
            Assert.Contains($"\n## {problem.Id}\n\n**{problem.Title}**", pages, StringComparison.Ordinal);
            Assert.Equal(
                $"https://example.org/p/blob/main/generator/HvBindgen.Uapi/diagnostics.md#{problem.Id.ToLowerInvariant()}",
                Problems.PageOf("https://example.org/p/", problem.Id));
        });
        Assert.Equal(Problems.ById.Count, pages.Split("\n## ").Length - 1);
    }

    [Fact]
    public void A_list_that_is_not_there_gives_nothing_and_says_nothing()
    {
        Project project = Project.WithoutList();

        Assert.Empty(project.Said);
        Assert.Empty(project.Sources);
    }

    [Fact]
    public void Ten_thousand_names_are_written_and_told_apart_from_garbage()
    {
        string[] names =
        [
            .. BuiltInCatalog.Value.StartingWith("").Select(entry => entry.Name).Distinct().Where((_, index) => index % 4 == 0),
        ];
        string list = string.Join("\r\n", names.Take(10_000).Select((name, index) => index % 100 == 0 ? $"{name}_of_nothing" : name));

        Project project = Project.With(list);

        Assert.Equal(10_000, list.Split("\r\n").Length);
        Assert.Equal(100, project.Said.Count(said => said.Id == "HVU001"));
        Assert.DoesNotContain(project.Said, said => said.Id is "HVU009" or "HVU010" or "HVU011");
        project.Compile();
    }

    [Fact]
    public void Bytes_that_are_no_text_are_lines_like_others()
    {
        string list = Encoding.UTF8.GetString([0xef, 0xbb, 0xbf, 0xff, 0xfe, 0x00, 0x80, 0x0d, 0x0a, 0x45, 0x56, 0x5f, 0x4b, 0x45, 0x59]);

        Project project = Project.With(list);

        Assert.Equal("HVU001", Assert.Single(project.Said).Id);
        Assert.Contains("EV_KEY = 1", project.Text, StringComparison.Ordinal);
    }
}
