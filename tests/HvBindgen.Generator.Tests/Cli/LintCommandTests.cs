using System.Text.Json;
using HvBindgen.Generator.Tests.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

/// <summary><c>lint</c> from the command line: targets, baseline, forms of the report, exit codes.</summary>
public sealed class LintCommandTests
{
    private const string Header = """
        #include "uapi.h"
        struct demo_point { unsigned long long x; unsigned int y; };
        #define DEMO_SET _IOW('d', 1, struct demo_point)

        """;

    [Fact]
    public void Padding_of_an_argument_is_found_and_exits_with_1()
    {
        using TemporaryFolder folder = Workplace(Header);

        Ending result = CommandLine.Run(folder, "lint");

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("demo: 1 warning, 1 note on x86_64, arm64", result.Out, StringComparison.Ordinal);
        Assert.Contains("HV7005: padding at the end of an argument\n    demo.h:2:8: demo_point: ", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_target_shows_that_the_request_has_two_numbers()
    {
        using TemporaryFolder folder = Workplace(Header);

        Ending result = CommandLine.Run(folder, "lint", "--target", "i686", "--fail-on", "error");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("error HV7003", result.Out, StringComparison.Ordinal);
        Assert.Contains("12 bytes on i686", result.Out, StringComparison.Ordinal);
        Assert.Equal(0, CommandLine.Run(folder, "lint", "--fail-on", "error").ExitCode);
    }

    [Fact]
    public void Baseline_accepts_what_was_released()
    {
        using TemporaryFolder folder = Workplace(Header).With(
            "accepted.json", """{"accepted": [{"rule": "HV7005", "symbol": "demo_*", "reason": "released with 1.0"}]}""");

        Ending accepted = CommandLine.Run(folder, "lint", "--baseline", folder["accepted.json"]);
        folder.With("inc/demo.h", Header.Replace("int y", "long long y", StringComparison.Ordinal));
        Ending stale = CommandLine.Run(folder, "lint", "--baseline", folder["accepted.json"]);

        Assert.Equal(0, accepted.ExitCode);
        Assert.StartsWith("demo: 1 note (1 accepted)", accepted.Out, StringComparison.Ordinal);
        Assert.Equal(2, stale.ExitCode);
        Assert.Contains("HV7005 for demo_* is found no more", stale.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_written_baseline_accepts_what_is_there_and_fits_its_schema()
    {
        using TemporaryFolder folder = Workplace(Header);

        Ending written = CommandLine.Run(folder, "lint", "--write-baseline", folder["accepted.json"]);
        Ending accepted = CommandLine.Run(folder, "lint", "--baseline", folder["accepted.json"], "--fail-on", "note");
        folder.With(
            "inc/demo.h",
            Header + "struct demo_late { unsigned long long x; unsigned int y; };\n#define DEMO_LATE _IOW('d', 3, struct demo_late)\n");
        Ending late = CommandLine.Run(folder, "lint", "--baseline", folder["accepted.json"]);

        using JsonDocument schema = JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("headers/lint-baseline.schema.json")));
        using JsonDocument baseline = JsonDocument.Parse(File.ReadAllBytes(folder["accepted.json"]));
        JsonSchemaCheck.Check(schema.RootElement, baseline.RootElement);
        Assert.Equal((0, 0, 1), (written.ExitCode, accepted.ExitCode, late.ExitCode));
        Assert.Contains("demo_late", late.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("demo_point", late.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_and_a_snapshot_are_looked_at_without_a_configuration()
    {
        using TemporaryFolder folder = Workplace(Header);
        CommandLine.Run(folder, "snapshot", "--output", folder["shots"]);

        Ending header = CommandLine.Run("lint", folder["inc/demo.h"], "--target", "x86_64", "--target", "i686");
        Ending snapshot = CommandLine.Run("lint", folder["shots"]);
        Ending nothing = CommandLine.Run("lint", folder["nowhere.h"]);

        Assert.Contains("error HV7003", header.Out, StringComparison.Ordinal);
        Assert.Contains("HV7005", snapshot.Out, StringComparison.Ordinal);
        Assert.Equal((1, 1, 2), (header.ExitCode, snapshot.ExitCode, nothing.ExitCode));
    }

    [Fact]
    public void Json_has_every_finding_with_its_place()
    {
        using TemporaryFolder folder = Workplace(Header);

        using JsonDocument report = JsonDocument.Parse(CommandLine.Run(folder, "lint", "--json").Out);

        JsonElement finding = report.RootElement.GetProperty("sets")[0].GetProperty("findings")[0];
        Assert.Equal("HV7005", finding.GetProperty("rule").GetString());
        Assert.Equal(("demo.h", 2), (finding.GetProperty("header").GetString(), finding.GetProperty("line").GetInt32()));
    }

    [Fact]
    public void Request_that_no_kind_of_descriptor_names_is_a_note_unless_there_is_a_default()
    {
        const string Descriptors = "\"targets\": [\"x86_64\"], \"descriptors\": { \"vm\": [\"VM_*\"] }";
        using TemporaryFolder untold = Workplace(Header, Descriptors);
        using TemporaryFolder told = Workplace(Header, Descriptors + ", \"defaultDescriptor\": \"device\"");

        Assert.Contains("note HV7014", CommandLine.Run(untold, "lint").Out, StringComparison.Ordinal);
        Assert.DoesNotContain("HV7014", CommandLine.Run(told, "lint").Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text", "\nNew declarations\ndemo: 1 warning, 1 note on x86_64, arm64\n")]
    [InlineData("markdown", "<summary>New declarations: 2 to look at</summary>")]
    public void A_comparison_tells_what_is_to_be_said_of_new_declarations(string format, string expected)
    {
        using TemporaryFolder before = Workplace("#include \"uapi.h\"\n#define DEMO_OLD _IO('d', 2)\n");
        using TemporaryFolder after = Workplace(Header + "#define DEMO_OLD _IO('d', 2)\n");

        Ending result = CommandLine.Run(after, "diff", before["hvbindgen.json"], after["hvbindgen.json"], "--format", format);
        Ending same = CommandLine.Run(after, "diff", after["hvbindgen.json"], after["hvbindgen.json"], "--format", format);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(expected, result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("New declarations", same.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_that_do_not_parse_exit_with_2()
    {
        using TemporaryFolder folder = Workplace("struct {");

        Assert.Equal(2, CommandLine.Run(folder, "lint").ExitCode);
        Assert.Equal(2, CommandLine.Run(folder, "lint", "--baseline", folder["nowhere.json"]).ExitCode);
    }

    [Fact]
    public void Rules_are_listed_and_explained()
    {
        Assert.Contains("HV7004  warning ", CommandLine.Run("explain").Out, StringComparison.Ordinal);
        Assert.StartsWith("HV7004: hole between", CommandLine.Run("explain", "hv7004").Out, StringComparison.Ordinal);
        Assert.Contains("did you mean HV70", CommandLine.Run("explain", "HV7099").Error, StringComparison.Ordinal);
    }

    private static TemporaryFolder Workplace(string header, string members = "\"targets\": [\"x86_64\", \"arm64\"]") =>
        CommandLine.Workplace(header, members).With(
            "inc/uapi.h", File.ReadAllText(Path.Combine(FixtureFolders.Root, "Pairs", "uapi.h")));
}
