using HvBindgen.Cli.Printing;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

/// <summary>The ABI comparison from the command line: sides, forms of the report, exit codes, bad input.</summary>
public sealed class DiffCommandTests
{
    private const string Moved = """
        struct demo_point { unsigned char y[4]; int x; };
        enum demo_kind { DEMO_NONE, DEMO_SOME = 5 };
        #define DEMO_LIMIT 4096
        #define DEMO_TWICE(x) ((x) * 2)

        """;

    [Fact]
    public void Same_side_twice_is_compatible()
    {
        using TemporaryFolder folder = WithSnapshots();

        Ending result = CommandLine.Run(folder, "diff", folder["old"], folder["old"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("\ndemo: no ABI change on arm64, x86_64", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Break_exits_with_4_whatever_the_limit()
    {
        using TemporaryFolder folder = WithSnapshots();

        Ending result = CommandLine.Run(folder, "diff", folder["old"], folder["new"], "--fail-on", "break");

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("break HV1030 demo_point: fields in another order", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conditional", 1)]
    [InlineData("source-break", 1)]
    [InlineData("break", 0)]
    public void Source_break_fails_at_or_above_the_limit(string limit, int exitCode)
    {
        using TemporaryFolder folder = WithSnapshots(CommandLine.Header.Replace("int x;", "int left;", StringComparison.Ordinal));

        Assert.Equal(exitCode, CommandLine.Run(folder, "diff", folder["old"], folder["new"], "--fail-on", limit).ExitCode);
    }

    [Fact]
    public void Snapshot_compares_with_the_headers_of_a_configuration()
    {
        using TemporaryFolder folder = WithSnapshots();

        Ending result = CommandLine.Run(folder, "diff", folder["old"], folder["hvbindgen.json"]);

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("demo.h:1:", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Revision_of_a_repository_is_a_side()
    {
        using TemporaryFolder folder = WithSnapshots();
        folder.With("abi/demo.x86_64.json", folder.Text("old/demo.x86_64.json"))
            .With("abi/demo.arm64.json", folder.Text("old/demo.arm64.json"));
        folder.With(
            "hvbindgen.json", folder.Text("hvbindgen.json")
                .Replace("\"sets\"", "\"snapshots\": \"abi\", \"sets\"", StringComparison.Ordinal));
        Git(folder, "init", "-q");
        Git(folder, "add", "abi");
        Git(folder, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "snapshots");

        Assert.Equal(4, CommandLine.Run(folder, "diff", "git:HEAD", folder["new"]).ExitCode);
        Refused(CommandLine.Run(folder, "diff", "git:nowhere", folder["new"]), "cannot find revision \"nowhere\"");
    }

    [Theory]
    [InlineData("markdown", "<!-- hvbindgen-abi-diff -->")]
    [InlineData("json", "\"verdict\": \"break\"")]
    [InlineData("sarif", "\"version\": \"2.1.0\"")]
    [InlineData("html", "<!DOCTYPE html>")]
    public void Report_is_written_to_a_file_in_the_form_asked_for(string format, string expected)
    {
        using TemporaryFolder folder = WithSnapshots();

        Ending result = CommandLine.Run(folder, "diff", folder["old"], folder["new"], "--format", format, "--output", folder["report"]);

        Assert.Equal(4, result.ExitCode);
        Assert.Empty(result.Out);
        Assert.Contains(expected, folder.Text("report"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("report.txt", "break HV1030 demo_point: fields in another order")]
    [InlineData("report", "break HV1030 demo_point: fields in another order")]
    [InlineData("report.md", "<!-- hvbindgen-abi-diff -->")]
    [InlineData("report.json", "\"verdict\": \"break\"")]
    [InlineData("report.sarif", "\"version\": \"2.1.0\"")]
    [InlineData("report.html", "<!DOCTYPE html>")]
    public void The_ending_of_a_file_names_its_form(string file, string expected)
    {
        using TemporaryFolder folder = WithSnapshots();

        Assert.Equal(4, CommandLine.Run(folder, "diff", folder["old"], folder["new"], "--output", folder[file]).ExitCode);
        Assert.Contains(expected, folder.Text(file), StringComparison.Ordinal);
    }

    [Fact]
    public void An_ending_that_names_no_form_is_refused_with_those_that_do()
    {
        using TemporaryFolder folder = WithSnapshots();
        string[] diff = ["diff", folder["old"], folder["new"], "--output", folder["report.md"], "--output", folder["report.csv"]];

        Ending refused = CommandLine.Run(folder, diff);

        Assert.Equal((int)ExitCode.BadConfiguration, refused.ExitCode);
        Assert.Contains("report.csv: its ending names no form: .txt, .md, .json, .sarif or .html", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["report.md"]));

        Assert.Equal(4, CommandLine.Run(folder, [.. diff, "--format", "text"]).ExitCode);
        Assert.True(File.Exists(folder["report.csv"]));
    }

    [Fact]
    public void Headers_that_cannot_be_read_for_one_cause_are_told_of_together()
    {
        using TemporaryFolder folder = new();
        foreach ((string side, string word) in (ReadOnlySpan<(string, string)>)[("a", "old"), ("b", "now")])
        {
            folder.With($"{side}/one.h", $"#include <gone.h>\nstruct {word} {{ int a; }};\n")
                .With($"{side}/two.h", $"struct {word} {{ int a; }};\n#include <gone.h>\n")
                .With($"{side}/three.h", $"struct three {{ int {word}; }};\n");
        }

        string text = CommandLine.Run("diff", folder["a"], folder["b"], "--format", "markdown").Out;

        Assert.Contains("- 2 for `'gone.h' file not found`: `one.h`, `two.h`\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_version_and_changelog_are_suggested()
    {
        using TemporaryFolder folder = WithSnapshots();

        Ending result = CommandLine.Run(folder, "diff", folder["old"], folder["new"], "--suggest-version", "1.2.3");

        Assert.Contains("next version 2.0.0 (major)", result.Out, StringComparison.Ordinal);
        Assert.Contains("### Breaking", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"schema\": 2", "\"schema\": 3", "use a newer hvbindgen")]
    [InlineData("\"macros\"", "\"", "not valid JSON")]
    [InlineData("\"set\": \"demo\"", "\"set\": \"other\"", "other")]
    public void Damaged_snapshot_is_never_no_change(string old, string now, string expected)
    {
        using TemporaryFolder folder = WithSnapshots();
        string text = folder.Text("old/demo.x86_64.json");
        folder.With(
            "bad.json", text[..(text.IndexOf(old, StringComparison.Ordinal) + old.Length)].Replace(old, now, StringComparison.Ordinal)
            + text[(text.IndexOf(old, StringComparison.Ordinal) + old.Length)..]);

        Refused(CommandLine.Run(folder, "diff", folder["old/demo.x86_64.json"], folder["bad.json"]), expected);
    }

    [Fact]
    public void Target_that_one_side_lacks_is_named()
    {
        using TemporaryFolder folder = WithSnapshots();

        Refused(CommandLine.Run(
            folder, "diff", folder["old"], folder["new/demo.x86_64.json"]), "target arm64 is missing on the second side");
    }

    [Fact]
    public void Side_that_does_not_parse_is_never_no_change()
    {
        using TemporaryFolder folder = WithSnapshots();
        folder.With("inc/demo.h", "struct demo_point { int x y; };\n");

        Refused(CommandLine.Run(folder, "diff", folder["old"], folder["hvbindgen.json"]), "demo.h:1:");
    }

    [Theory]
    [InlineData("HV9999", "there is no rule HV9999")]
    [InlineData("HV1001", "matches no change any more")]
    public void Suppression_that_cannot_hold_is_an_error(string rule, string expected)
    {
        using TemporaryFolder folder = WithSnapshots();
        folder.With(
            "accepted.json", $$"""{"suppressions": [{"rule": "{{rule}}", "symbol": "*", "reason": "agreed", "expires": "2999-12-31"}]}""");

        Ending result = CommandLine.Run(
            folder, "diff", folder["old"], folder["new"], "--suppressions", folder["accepted.json"], "--output", folder["report"]);

        Refused(result, expected);
        Assert.False(File.Exists(folder["report"]));
    }

    [Fact]
    public void Accepted_break_is_no_failure()
    {
        using TemporaryFolder folder = WithSnapshots();
        folder.With(
            "accepted.json", """{"suppressions": [{"rule": "HV1030", "symbol": "demo_*", "reason": "agreed", "expires": "2999-12-31"}]}""");

        Ending result = CommandLine.Run(folder, "diff", folder["old"], folder["new"], "--suppressions", folder["accepted.json"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("1 suppressed", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_tells_one_rule_or_lists_all()
    {
        Assert.StartsWith("HV1004: field moved", CommandLine.Run("explain", "HV1004").Out, StringComparison.Ordinal);
        Assert.Contains("HV4003  break", CommandLine.Run("explain").Out, StringComparison.Ordinal);
        Assert.Equal(10, CommandLine.Run("explain", "HV9999").ExitCode);
    }

    [Fact]
    public void History_names_the_step_that_touched_a_field()
    {
        using TemporaryFolder folder = WithSnapshots();

        Ending result = CommandLine.Run(folder, "history", "demo_point.x", folder["old"], folder["new"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("HV1004 demo_point.x: field moved: byte 0 -> byte 4", result.Out, StringComparison.Ordinal);
    }

    // Snapshots of the usual header in old, of a changed one in new; the changed one stays in place.
    private static TemporaryFolder WithSnapshots(string changed = Moved)
    {
        TemporaryFolder folder = CommandLine.Workplace();
        Assert.Equal(0, CommandLine.Run(folder, "snapshot", "--output", folder["old"]).ExitCode);
        folder.With("inc/demo.h", changed);
        Assert.Equal(0, CommandLine.Run(folder, "snapshot", "--output", folder["new"]).ExitCode);
        return folder;
    }

    private static void Refused(Ending result, string expected)
    {
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Out);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    private static void Git(TemporaryFolder folder, params string[] arguments)
    {
        Ending ending = new ChildProgram("git", arguments) { Folder = folder.Root }.Run();
        Assert.True(ending.ExitCode == 0, ending.Error);
    }
}
