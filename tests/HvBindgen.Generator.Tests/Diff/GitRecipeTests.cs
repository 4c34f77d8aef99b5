using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>What a clone gets from the recipes: snapshots that <c>git diff</c> shows readably, a difftool, a hook before commits.</summary>
public sealed class GitRecipeTests
{
    [Fact]
    public void Git_diff_shows_a_snapshot_as_text_with_the_declaration_at_the_head_of_the_hunk()
    {
        using GitRepository repository = Prepared();
        repository.Change("__u32 flags;", "__u32 mode;");
        repository.Generate();

        string diff = repository.Git("diff", "-U0", "--", "headers/abi/demo.x86_64.json");

        Assert.Contains("\n-        8  __u32 flags\n+        8  __u32 mode\n", diff, StringComparison.Ordinal);
        Assert.Contains("@@ struct demo_region\n", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("{\"name\"", diff, StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshot_that_cannot_be_read_is_shown_as_it_is()
    {
        using GitRepository repository = Prepared();
        repository.Folder.With("headers/abi/demo.x86_64.json", "<<<<<<< a conflict\n");

        Assert.Contains("+<<<<<<< a conflict", repository.Git("diff", "--", "headers/abi"), StringComparison.Ordinal);
    }

    [Fact]
    public void Repository_marks_its_own_snapshots_for_the_text_conversion()
    {
        Assert.Contains("headers/abi/*.json diff=hvbindgen", File.ReadAllLines(Path.Combine(Repository.Root, ".gitattributes")));
    }

    [Fact]
    public void Difftool_compares_the_snapshots_of_two_revisions_all_targets_at_once()
    {
        using GitRepository repository = Prepared();
        repository.Change("__u32 flags;", "__u64 flags;");
        repository.Generate();
        repository.Git("commit", "-q", "-a", "--no-verify", "-m", "break");

        string report = repository.Git("difftool", "-d", "-t", "hvbindgen", "main", "--", "headers/abi");

        Assert.Contains("  all                       break         break\n", report, StringComparison.Ordinal);
        Assert.Contains("HV1009 demo_region.flags: field resized", report, StringComparison.Ordinal);
        Assert.Contains(
            "struct demo_region", repository.Git("difftool", "-y", "-t", "hvbindgen", "main", "--", "headers/abi/demo.i686.json"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Hook_stops_a_commit_that_breaks_the_abi()
    {
        using GitRepository repository = Prepared();
        repository.Change("__u32 flags;", "__u64 flags;");
        repository.Generate();

        Ending result = repository.Run("git", ["commit", "-a", "-m", "break"], ("HVBINDGEN", GitRepository.Tool));

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("break HV1009 demo_region.flags: field resized", result.Out + result.Error, StringComparison.Ordinal);
        Assert.Equal(repository.Git("rev-parse", "main"), repository.Git("rev-parse", "HEAD~1"));
    }

    [Fact]
    public void Hook_looks_at_what_is_staged_not_at_what_lies_around()
    {
        using GitRepository repository = Prepared();
        repository.Change("DEMO_BIT_B,", "DEMO_BIT_B, DEMO_BIT_C,");
        repository.Generate();
        repository.Git("add", "headers", "src");
        repository.Change("__u32 flags;", "__u64 flags;");

        Ending result = repository.Run("git", ["commit", "-m", "addition"]);

        Assert.True(result.ExitCode == 0, result.Out + result.Error);
    }

    [Fact]
    public void Hook_stops_a_commit_whose_snapshots_are_not_those_of_its_headers()
    {
        using GitRepository repository = Prepared();
        repository.Change("DEMO_BIT_B,", "DEMO_BIT_B, DEMO_BIT_C,");

        Ending result = repository.Run("git", ["commit", "-a", "-m", "headers only"]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("the staged snapshots are not those of the staged headers", result.Error, StringComparison.Ordinal);
    }

    private static GitRepository Prepared()
    {
        GitRepository repository = new();
        repository.Folder.With(".gitattributes", "headers/abi/*.json diff=hvbindgen\n");
        repository.Commit("attributes");
        Ending setup = repository.Run(Path.Combine(GitRepository.Action, "setup-git.sh"), [GitRepository.Tool]);
        Assert.True(setup.ExitCode == 0, setup.Error);
        File.CreateSymbolicLink(repository.Folder[".git/hooks/pre-commit"], Path.Combine(GitRepository.Action, "pre-commit"));
        return repository;
    }
}
