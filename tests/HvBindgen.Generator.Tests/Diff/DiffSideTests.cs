using HvBindgen.Generator.Snapshots;
using HvBindgen.Generator.Tests.Cli;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>Everything that a side of a comparison may be, and everything that it may not.</summary>
public sealed class DiffSideTests
{
    private const string Snapshot = "headers/abi/demo.x86_64.json";

    [Theory]
    [InlineData("headers/abi", "headers/hvbindgen.json")]
    [InlineData("headers/hvbindgen.json", "headers/abi")]
    [InlineData("git:", "headers/abi")]
    [InlineData("git:HEAD", "headers/abi")]
    [InlineData("git:main", "git:work:headers/hvbindgen.json")]
    [InlineData("git:HEAD:headers/abi", "git::headers/hvbindgen.json")]
    [InlineData(Snapshot, "git:HEAD:" + Snapshot)]
    [InlineData("headers/uapi", "git:HEAD:headers/uapi")]
    public void Two_names_of_the_same_generation_show_no_change(string before, string after)
    {
        using GitRepository repository = new();

        Ending result = Diff(repository, before, after);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("no ABI change", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("git:HEAD", "headers/hvbindgen.json")]
    [InlineData("git:HEAD:headers/hvbindgen.json", "headers/hvbindgen.json")]
    [InlineData("git:HEAD:headers/uapi", "headers/uapi")]
    [InlineData("git:", "headers/hvbindgen.json")]
    [InlineData("headers/abi", "headers/hvbindgen.json")]
    [InlineData("git:HEAD", "headers/abi.new")]
    [InlineData(Snapshot, "headers/abi.new/demo.x86_64.json")]
    public void What_lies_in_the_working_tree_differs_from_what_was_committed(string before, string after)
    {
        using GitRepository repository = new();
        repository.Change("__u32 flags;", "__u64 flags;");
        Assert.Equal(
            0, CommandLine.Run(
                "snapshot", "--output", repository.Folder["headers/abi.new"], "--config",
                repository.Folder[GitRepository.Configuration]).ExitCode);

        Ending result = Diff(repository, before, after);

        Assert.True(result.ExitCode == 4, result.Error);
        Assert.Contains("HV1009 demo_region.flags: field resized", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Revision_without_snapshots_is_parsed_with_its_own_headers_and_its_own_configuration()
    {
        using GitRepository repository = new(withOutput: false);
        repository.Git("mv", "headers/uapi", "headers/moved");
        repository.Folder.With(
            GitRepository.Configuration, repository.Folder.Text(GitRepository.Configuration)
                .Replace("\"uapi\"", "\"moved\"", StringComparison.Ordinal));
        repository.Folder.With(
            "headers/moved/demo.h", repository.Folder.Text("headers/moved/demo.h")
                .Replace("__u32 flags;", "__u64 flags;", StringComparison.Ordinal));
        repository.Commit("moved and changed");

        Ending result = Diff(repository, "git:main", "git:work");

        Assert.True(result.ExitCode == 4, result.Error);
        Assert.Contains("HV1009 demo_region.flags: field resized", result.Out, StringComparison.Ordinal);
        Assert.Contains("demo.h:7:8", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_from_outside_the_repository_are_taken_as_they_are()
    {
        using GitRepository repository = new(withOutput: false);
        repository.Folder.With("headers/fetched/uapi.h", repository.Folder.Text("headers/uapi/uapi.h"))
            .With(".gitignore", "headers/fetched/\n");
        repository.Git("rm", "-q", "headers/uapi/uapi.h");
        repository.Folder.With(
            GitRepository.Configuration, repository.Folder.Text(GitRepository.Configuration)
                .Replace("\"uapi\"", "\"uapi\", \"fetched\"", StringComparison.Ordinal));
        repository.Commit("the rest is fetched");

        Ending result = Diff(repository, "git:HEAD", "headers/hvbindgen.json");

        Assert.True(result.ExitCode == 0, result.Error);
    }

    [Theory]
    [InlineData("git:nowhere", "headers/abi", "cannot find revision \"nowhere\"")]
    [InlineData("git:--help", "headers/abi", "cannot find revision \"--help\"")]
    [InlineData("git:HEAD:headers/elsewhere", "headers/abi", "there is no ")]
    [InlineData("headers/nothing", "headers/abi", "no such file or folder")]
    [InlineData("headers/empty", "headers/abi", "neither snapshots nor headers")]
    [InlineData("headers/abi", "headers/future.json", "use a newer hvbindgen")]
    [InlineData("headers/abi", "headers/cut.json", "not valid JSON")]
    [InlineData("headers/abi", Snapshot, "target i686 is missing on the second side of \"demo\"")]
    [InlineData(Snapshot, "headers/abi", "target i686 is missing on the first side of \"demo\"")]
    [InlineData("headers/abi", "headers/uapi", "is made of configured sets and ")]
    [InlineData("headers/abi", "headers/both", "set \"other\" is missing on the first side")]
    [InlineData("headers/both", "headers/abi", "set \"other\" is missing on the second side")]
    [InlineData("git:broken", "headers/abi", "broken:headers/uapi/demo.h:5:")]
    [InlineData("headers/abi", "headers/abi", "there is no rule HV9999", "--suppressions")]
    [InlineData("headers/abi", "headers/abi", "three numbers", "--suggest-version", "soon")]
    [InlineData("headers/abi", "headers/abi", "PATTERN=hypervisor", "--policy", "*.h=mine")]
    public void Side_that_gives_no_answer_is_refused_and_nothing_is_written(
        string before, string after, string expected, params string[] more)
    {
        using GitRepository repository = new();
        Spoil(repository);
        if (more is ["--suppressions"])
        {
            more = ["--suppressions", repository.Folder["unknown-rule.json"]];
        }

        Ending result = Diff(
            repository, before, after, [.. more, "--output", repository.Folder["new.md"], "--output", repository.Folder["old.sarif"]]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Out);
        Assert.False(File.Exists(repository.Folder["new.md"]));
        Assert.Equal("of before", repository.Folder.Text("old.sarif"));
    }

    [Fact]
    public void New_sets_and_targets_are_left_out_on_request_and_the_answer_says_so()
    {
        using GitRepository repository = new();
        Spoil(repository);

        Ending set = Diff(repository, "headers/abi", "headers/both", "--skip-new");
        Ending target = Diff(repository, Snapshot, "headers/abi", "--skip-new");

        Assert.Equal((0, 0), (set.ExitCode, target.ExitCode));
        Assert.StartsWith("note: Set other is new and has nothing to be compared with.", set.Out, StringComparison.Ordinal);
        Assert.StartsWith("note: Target i686 of demo is new and has nothing to be compared with.", target.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Policy_of_a_set_stands_in_its_configuration_and_the_command_line_goes_before_it()
    {
        using GitRepository repository = new();
        repository.Change("__u32 rsvd;", "__u8 mode;\n\t__u8 rsvd[3];");
        int uapi = Diff(repository, "headers/abi", GitRepository.Configuration).ExitCode;
        repository.Folder.With(
            GitRepository.Configuration,
            GitRepository.ConfigurationOf("\"x86_64\", \"i686\"", "\"policies\": { \"hypervisor\": [\"demo.*\"] },"));

        int hypervisor = Diff(repository, "headers/abi", GitRepository.Configuration).ExitCode;
        int overruled = Diff(repository, "headers/abi", GitRepository.Configuration, "--policy", "*.h=uapi").ExitCode;

        Assert.Equal((1, 0, 1), (uapi, hypervisor, overruled));
    }

    [Fact]
    public void Unknown_policy_in_a_configuration_is_refused_with_its_place()
    {
        using GitRepository repository = new();
        repository.Folder.With(
            GitRepository.Configuration,
            GitRepository.ConfigurationOf("\"x86_64\", \"i686\"", "\"policies\": { \"kernel\": [\"demo.*\"] },"));

        Ending result = Diff(repository, "headers/abi", "headers/abi");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("hvbindgen.json:4:", result.Error, StringComparison.Ordinal);
        Assert.Contains("unknown policy \"kernel\"", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void History_over_revisions_says_when_a_member_appeared()
    {
        using GitRepository repository = new();
        repository.Change("__u32 rsvd;", "__u8 mode;\n\t__u8 rsvd[3];");
        repository.Generate();
        repository.Commit("mode");
        string[] revisions = [Absolute(repository, "git:main"), Absolute(repository, "git:work")];

        Ending mode = CommandLine.Run(
            ["history", "demo_region.mode", .. revisions, "--config", repository.Folder[GitRepository.Configuration]]);
        Ending address = CommandLine.Run(
            ["history", "demo_region.address", .. revisions, "--config", repository.Folder[GitRepository.Configuration]]);
        Ending typo = CommandLine.Run(
            ["history", "demo_region.mod", .. revisions, "--config", repository.Folder[GitRepository.Configuration]]);

        Assert.StartsWith("git:main -> git:work\n  demo_region.mode appeared in git:work\n", mode.Out, StringComparison.Ordinal);
        Assert.Equal("demo_region.address: there since git:main and unchanged\n", address.Out);
        Assert.Equal(2, typo.ExitCode);
        Assert.Contains("none of the generations declares demo_region.mod", typo.Error, StringComparison.Ordinal);
    }

    // Sides that must be refused, and a revision whose headers do not parse.
    private static void Spoil(GitRepository repository)
    {
        string snapshot = repository.Folder.Text(Snapshot);
        string other = snapshot.Replace("\"set\": \"demo\"", "\"set\": \"other\"", StringComparison.Ordinal);
        repository.Folder
            .With("headers/empty/readme", "")
            .With("headers/future.json", snapshot.Replace(
                $"\"schema\": {SnapshotFormat.Schema}", "\"schema\": 999", StringComparison.Ordinal))
            .With("headers/cut.json", snapshot[..(snapshot.Length / 2)])
            .With("headers/both/demo.x86_64.json", snapshot)
            .With("headers/both/demo.i686.json", repository.Folder.Text("headers/abi/demo.i686.json"))
            .With("headers/both/other.x86_64.json", other)
            .With("unknown-rule.json",
                """{"suppressions": [{"rule": "HV9999", "symbol": "*", "reason": "agreed", "expires": "2999-12-31"}]}""")
            .With("old.sarif", "of before");
        repository.Git("checkout", "-q", "-b", "broken");
        repository.Git("rm", "-q", "-r", "--cached", "headers/abi");
        repository.Change("struct demo_region {", "struct demo_region [");
        repository.Git("commit", "-q", "-a", "-m", "broken");
        repository.Git("checkout", "-q", "-f", "work");
    }

    private static Ending Diff(GitRepository repository, string before, string after, params string[] more) => CommandLine.Run(
        ["diff", Absolute(repository, before), Absolute(
            repository, after), .. more, "--config", repository.Folder[GitRepository.Configuration]]);

    // The command runs in the test's own process: paths are made complete.
    private static string Absolute(GitRepository repository, string side)
    {
        if (!side.StartsWith("git:", StringComparison.Ordinal))
        {
            return repository.Folder[side];
        }

        int colon = side.IndexOf(':', 4);
        return colon < 0 ? side : $"{side[..colon]}:{repository.Folder[side[(colon + 1)..]]}";
    }
}
