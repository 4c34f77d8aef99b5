using System.Text.Json;
using HvBindgen.Generator.Diff.Reports;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>The script of the pull-request workflow on real repositories: from a commit to comment, exit code and SARIF.</summary>
public sealed class PullRequestTests
{
    private const string Accepted =
        """{"suppressions": [{"rule": "HV4004", "symbol": "DEMO_ASK", "reason": "nobody asks", "expires": "2999-12-31"}]}""";

    [Fact]
    public void Break_is_told_in_the_comment_in_sarif_and_by_the_exit_code()
    {
        using GitRepository repository = new();
        repository.Change("_IOR(0xD0, 2,", "_IOWR(0xD0, 2,");
        repository.Generate();
        repository.Commit("change");

        Ending result = repository.Run(
            Path.Combine(GitRepository.Action, "abi-diff.sh"), ["--base", "main", "--version", "1.2.0"],
            ("GITHUB_OUTPUT", repository.Folder["outputs"]), ("GITHUB_STEP_SUMMARY", repository.Folder["summary"]));

        Assert.Equal(4, result.ExitCode);
        string comment = repository.Folder.Text("abi-diff/comment.md");
        Assert.StartsWith(
            $"{MarkdownReport.Marker}\n### ABI of `demo`: break\n\nNot safe: programs that run today stop working.\n", comment,
            StringComparison.Ordinal);
        Assert.Contains(
            "| break | `DEMO_ASK` | `demo.h:14:9` | ioctl has another direction: `_IOR(0xD0, 0x02, __u32) = 0x8004d002", comment,
            StringComparison.Ordinal);
        Assert.Contains("next version 2.0.0 (major)", comment, StringComparison.Ordinal);
        Assert.Contains("where this branch left main.", comment, StringComparison.Ordinal);
        Assert.Equal(comment, repository.Folder.Text("summary"));
        Assert.Equal(
            ["exit-code=4", "comment=abi-diff/comment.md", "sarif=abi-diff/report.sarif", "json=abi-diff/report.json",
                "html=abi-diff/report.html"],
            File.ReadAllLines(repository.Folder["outputs"]));
        using JsonDocument sarif = JsonDocument.Parse(repository.Folder.Text("abi-diff/report.sarif"));
        JsonElement found = Assert.Single(sarif.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray());
        JsonElement place = found.GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("HV4004", found.GetProperty("ruleId").GetString());
        Assert.Equal("headers/uapi/demo.h", place.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal(14, place.GetProperty("region").GetProperty("startLine").GetInt32());
        Assert.Contains("break HV4004 DEMO_ASK", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("abi-diff", repository.Git("status", "--short"), StringComparison.Ordinal);
    }

    [Fact]
    public void Branch_is_compared_with_the_commit_it_left_not_with_what_came_after()
    {
        using GitRepository repository = new();
        repository.Change("DEMO_BIT_B,", "DEMO_BIT_B, DEMO_BIT_C,");
        repository.Generate();
        repository.Commit("addition");
        repository.Git("checkout", "-q", "main");
        repository.Change("__u32 flags;", "__u64 flags;");
        repository.Generate();
        repository.Commit("break on main");
        repository.Git("checkout", "-q", "work");

        Ending result = repository.AbiDiff("--base", "main");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("\ndemo: 1 additive", result.Out, StringComparison.Ordinal);
        Assert.Contains("Safe: something new", repository.Folder.Text("abi-diff/comment.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Change_of_comments_alone_is_no_change()
    {
        using GitRepository repository = new();
        repository.Change("__u64 address;", "__u64 address; /* of the first byte */");
        repository.Commit("comment");

        Ending result = repository.AbiDiff("--base", "main", "--drift", "snapshot");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("### ABI of `demo`: no change\n", repository.Folder.Text("abi-diff/comment.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Stale_snapshots_fail_and_the_comment_says_what_to_run()
    {
        using GitRepository repository = new();
        repository.Change("DEMO_BIT_B,", "DEMO_BIT_B, DEMO_BIT_C,");
        repository.Commit("headers only");

        Ending result = repository.AbiDiff("--base", "main");

        Assert.Equal(1, result.ExitCode);
        string comment = repository.Folder.Text("abi-diff/comment.md");
        Assert.StartsWith(
            $"{MarkdownReport.Marker}\n**Generated files are stale**: run `hvbindgen generate`", comment, StringComparison.Ordinal);
        Assert.Contains("### ABI of `demo`: additive", comment, StringComparison.Ordinal);
        Assert.Contains("+++ headers/abi/demo.i686.json", comment, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conditional", 1)]
    [InlineData("break", 0)]
    public void Policy_decides_what_fails_below_a_break(string failOn, int expected)
    {
        using GitRepository repository = new();
        repository.Change("__u32 rsvd;", "__u8 mode;\n\t__u8 rsvd[3];");
        repository.Generate();
        repository.Commit("conditional");

        Assert.Equal(expected, repository.AbiDiff("--base", "main", "--fail-on", failOn).ExitCode);
    }

    [Fact]
    public void Accepted_change_passes()
    {
        using GitRepository repository = new();
        repository.Folder.With("accepted.json", Accepted);
        repository.Commit("accepted");
        repository.Git("branch", "-f", "main");
        repository.Change("_IOR(0xD0, 2,", "_IOWR(0xD0, 2,");
        repository.Generate();
        repository.Commit("change");

        Ending result = repository.AbiDiff("--base", "main", "--suppressions", "accepted.json");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("1 accepted before.", repository.Folder.Text("abi-diff/comment.md"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("main", "struct demo_region {", "struct demo_region [", "headers/uapi/demo.h:5:")]
    [InlineData("nowhere", "DEMO_BIT_B,", "DEMO_BIT_B, DEMO_BIT_C,", "The revision nowhere is not known here.")]
    public void No_answer_is_said_as_loudly_as_a_break(string @base, string old, string now, string expected)
    {
        using GitRepository repository = new();
        repository.Folder.With("abi-diff/report.sarif", "of an earlier run").With("abi-diff/comment.md", "of an earlier run");
        repository.Change(old, now);
        repository.Commit("change");

        Ending result = repository.AbiDiff("--base", @base);

        Assert.Equal(2, result.ExitCode);
        string comment = repository.Folder.Text("abi-diff/comment.md");
        Assert.StartsWith($"{MarkdownReport.Marker}\n### ABI: could not be evaluated\n", comment, StringComparison.Ordinal);
        Assert.Contains(expected, comment, StringComparison.Ordinal);
        Assert.DoesNotContain("no change", comment, StringComparison.Ordinal);
        Assert.False(File.Exists(repository.Folder["abi-diff/report.sarif"]) && @base == "main");
    }

    [Fact]
    public void First_configuration_of_a_repository_has_no_baseline_and_the_comment_says_so()
    {
        using GitRepository repository = new();
        repository.Git("rm", "-q", "-r", "--cached", "headers", "src");
        repository.Git("commit", "-q", "--amend", "--allow-empty", "-m", "nothing");
        repository.Git("branch", "-f", "main");
        repository.Commit("all of it");

        Ending result = repository.AbiDiff("--base", "main");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("### ABI: no baseline yet", repository.Folder.Text("abi-diff/comment.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void New_target_is_a_change_of_the_rules_and_not_compared()
    {
        using GitRepository repository = new();
        repository.Folder.With(GitRepository.Configuration, GitRepository.ConfigurationOf("\"x86_64\", \"i686\", \"arm64\""));
        repository.Change("DEMO_BIT_B,", "DEMO_BIT_B, DEMO_BIT_C,");
        repository.Generate();
        repository.Commit("arm64");

        Ending result = repository.AbiDiff("--base", "main");

        Assert.Equal(1, result.ExitCode);
        string comment = repository.Folder.Text("abi-diff/comment.md");
        Assert.StartsWith($"{MarkdownReport.Marker}\n### ABI: conditional\n", comment, StringComparison.Ordinal);
        Assert.Contains("**The rules of this comparison differ.**", comment, StringComparison.Ordinal);
        Assert.Contains("- `Set demo has other targets.`", comment, StringComparison.Ordinal);
        Assert.Contains("demo: 1 additive", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--drift", "none")]
    [InlineData("--headers", "headers/uapi")]
    public void Repository_without_snapshots_compares_its_headers(string option, string value)
    {
        using GitRepository repository = new(withOutput: false);
        repository.Change("__u32 flags;", "__u64 flags;");
        repository.Commit("change");

        Ending result = repository.AbiDiff("--base", "main", option, value);

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("HV1009 demo_region.flags: field resized", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--bas", "main", "unknown option --bas")]
    [InlineData("main", "main", "unknown option main")]
    public void Wrong_option_is_refused(string option, string value, string expected)
    {
        using GitRepository repository = new(withOutput: false);

        Ending result = repository.AbiDiff(option, value);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Action_hands_the_script_every_option_but_where_to_write()
    {
        string script = File.ReadAllText(Path.Combine(GitRepository.Action, "abi-diff.sh"));
        string action = File.ReadAllText(Path.Combine(GitRepository.Action, "action.yml"));
        string[] options = script.Split("options=(")[1].Split(')')[0].Split(' ');

        Assert.All(
            options.Except(["OUT", "AUTHOR", "POST"]),
            option => Assert.Contains($"ABI_DIFF_{option}: ", action, StringComparison.Ordinal));
        Assert.All(
            action.Split("inputs.").Skip(1)
                .Select(rest => string.Concat(rest.TakeWhile(letter => char.IsAsciiLetter(letter) || letter == '-'))),
            input => Assert.Contains($"\n  {input}:\n", action, StringComparison.Ordinal));
        Assert.DoesNotContain('\t', action);
    }
}
