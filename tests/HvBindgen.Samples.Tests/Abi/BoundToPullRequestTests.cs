using System.Text.RegularExpressions;
using Xunit;

namespace HvBindgen.Samples.Tests.Abi;

/// <summary>The sample BoundToPullRequest: its script on a real git repository.</summary>
public sealed class BoundToPullRequestTests : IDisposable
{
    private static readonly string Script = Path.Combine(SampleProgram.Folder, "BoundToPullRequest", "run.sh");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bound-to-pull-request");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Branch_is_refused_then_questioned_then_accepted_and_leaves_nothing_behind()
    {
        RequireGit();

        Ending ending = await Run();

        Assert.True(ending.ExitCode == 0, ending.Out + ending.Error);
        Assert.Equal(["4", "1", "0"], Regex.Matches(ending.Out, "(?m)^-- exit code (.+)$").Select(match => match.Groups[1].Value));
        string[] comments = [.. ending.Out.Split("-- abi-diff/comment.md\n").Skip(1).Select(part => part.Split("-- exit code")[0])];
        Assert.StartsWith("<!-- hvbindgen-abi-diff -->\n### ABI of `ring`: break\n", comments[0], StringComparison.Ordinal);
        Assert.Contains("| break | `ring_setup.priority` | field inserted", comments[0], StringComparison.Ordinal);
        Assert.Contains("next version 2.0.0 (major)", comments[0], StringComparison.Ordinal);
        Assert.Contains("| conditional | `ring_setup.priority` | reserved bits got a meaning", comments[1], StringComparison.Ordinal);
        Assert.Contains("1 accepted before.", comments[2], StringComparison.Ordinal);
        Assert.Contains(await ShownInReadMe(), comments[1], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.FullName, "tmp.*"));
        Assert.All(comments, comment => Assert.Contains("where this branch left main.", comment, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Folder_that_is_already_there_is_left_alone()
    {
        Ending ending = await Run("--keep", folder.FullName);

        Assert.Equal(1, ending.ExitCode);
        Assert.Contains("is already there", ending.Error, StringComparison.Ordinal);
        Assert.Empty(folder.GetFileSystemInfos());
    }

    private static async Task<string> ShownInReadMe()
    {
        string file = Path.Combine(Path.GetDirectoryName(Script)!, "README.md");
        string document = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        return "### ABI of " + document.Split("```\n### ABI of ")[1].Split("```")[0];
    }

    // TMPDIR: whatever the script leaves behind lies in the folder of the test.
    private Task<Ending> Run(params string[] arguments) => SampleProgram.Run(
        Script, arguments, ("HVBINDGEN", $"dotnet {SampleProgram.PathOf("generator/HvBindgen.Cli", "hvbindgen")}"), ("TMPDIR", folder.FullName));

    private static void RequireGit()
    {
        bool exists = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(path => File.Exists(Path.Combine(path, "git")));
        if (!exists && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip("git is not installed");
        }
    }
}
