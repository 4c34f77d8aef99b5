using System.Text.Json;
using HvBindgen.Generator.Tests.Cli;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>By what a change is known: machines, compiler, and the lines of both sides.</summary>
public sealed class EvidenceTests : IDisposable
{
    private readonly TemporaryFolder folder = new TemporaryFolder()
        .With("old/h.h", "struct s { int a;\n int b; };\n#define GONE 1\n#define KEPT 1\n")
        .With("new/h.h", "\nstruct s { int n; int a;\n int b; };\n#define NEW 1\n#define KEPT 2\n");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("text")]
    [InlineData("markdown")]
    [InlineData("html")]
    [InlineData("sarif")]
    public void Every_form_names_machines_compiler_and_the_lines_of_both_sides(string form)
    {
        string report = Diff("--evidence", "-f", form).Out;

        Assert.Matches(@"seen on x86_64, i686 by [^;]*\d+[^;]*; before: h\.h:4:9; after: h\.h:5:9", report);
        Assert.Matches(@"; before: nothing; after: h\.h:4:9", report);
        Assert.Matches(@"; before: h\.h:3:9; after: nothing", report);
    }

    [Fact]
    public void What_follows_has_evidence_of_its_own()
    {
        Assert.Contains("; before: h.h:1:16; after: h.h:2:23", Diff("--evidence").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_the_old_line_always_and_the_compiler_when_asked()
    {
        using JsonDocument plain = JsonDocument.Parse(Diff("-f", "json").Out);
        using JsonDocument asked = JsonDocument.Parse(Diff("-f", "json", "--evidence").Out);

        JsonElement kept = plain.RootElement.GetProperty("sets")[0].GetProperty("changes").EnumerateArray()
            .Single(change => change.GetProperty("symbol").GetString() == "KEPT");
        Assert.Equal(("h.h", 4, 5), (
            kept.GetProperty("old_header").GetString(), kept.GetProperty("old_line").GetInt32(), kept.GetProperty("line").GetInt32()));
        Assert.Equal("", plain.RootElement.GetProperty("before").GetProperty("reader").GetString());
        Assert.NotEqual("", asked.RootElement.GetProperty("before").GetProperty("reader").GetString());
    }

    [Fact]
    public void Nothing_of_it_is_there_unasked()
    {
        Assert.All(["text", "markdown", "html", "sarif"], form =>
            Assert.DoesNotContain("seen on", Diff("-f", form).Out, StringComparison.Ordinal));
    }

    private Ending Diff(params string[] more) =>
        CommandLine.Run(["diff", folder["old"], folder["new"], "-t", "x86_64", "-t", "i686", .. more]);
}
