using System.Text.RegularExpressions;
using Xunit;

namespace HvBindgen.Samples.Tests.Abi;

/// <summary>The sample BoundToPullRequest: its script on a real git repository.</summary>
public sealed class BoundToPullRequestTests : IDisposable
{
    private static readonly string Script = Path.Combine(Sample.Folder, "BoundToPullRequest", "run.sh");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Branch_is_refused_then_questioned_then_accepted_and_leaves_nothing_behind()
    {
        Requirement.Program("git", "git");

        Ending ending = await Run();

        Assert.True(ending.ExitCode == 0, ending.Out + ending.Error);
        Assert.Equal(["4", "1", "0"], Regex.Matches(ending.Out, "(?m)^-- exit code (.+)$").Select(match => match.Groups[1].Value));
        string[] comments = [.. ending.Out.Split("-- abi-diff/comment.md\n").Skip(1).Select(part => part.Split("-- exit code")[0])];
        Assert.StartsWith("<!-- hvbindgen-abi-diff -->\n### ABI of `ring`: break\n", comments[0], StringComparison.Ordinal);
        Assert.Contains("| break | `ring_setup.priority` | `ring.h:15:8` | field inserted", comments[0], StringComparison.Ordinal);
        Assert.Contains("next version 2.0.0 (major)", comments[0], StringComparison.Ordinal);
        Assert.Contains(
            "| conditional | `ring_setup.priority` | `ring.h:16:7` | reserved bits got a meaning", comments[1], StringComparison.Ordinal);
        Assert.Contains("1 accepted before.", comments[2], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root, "tmp.*"));
        Assert.All(comments, comment => Assert.Contains("where this branch left main.", comment, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Folder_that_is_already_there_is_left_alone()
    {
        Ending ending = await Run("--keep", folder.Root);

        Assert.Equal(1, ending.ExitCode);
        Assert.Contains("is already there", ending.Error, StringComparison.Ordinal);
        Assert.Empty(folder.Entries());
    }

    // TMPDIR: whatever the script leaves behind lies in the folder of the test.
    private Task<Ending> Run(params string[] arguments) => new ChildProgram(Script, arguments)
    {
        Environment = new Dictionary<string, string?>
        {
            ["HVBINDGEN"] = $"dotnet {Repository.Built("generator/HvBindgen.Cli", "hvbindgen.dll")}",
            ["TMPDIR"] = folder.Root,
        },
    }.RunAsync(TestContext.Current.CancellationToken);
}
