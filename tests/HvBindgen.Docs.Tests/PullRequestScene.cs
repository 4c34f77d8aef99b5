namespace HvBindgen.Docs.Tests;

/// <summary>The story of samples/BoundToPullRequest, as it lies there at its end: told once for all commands, which only read.</summary>
public sealed class PullRequestScene : IDisposable
{
    /// <summary>What documents call it.</summary>
    public const string Name = "a pull request";

    private readonly Lazy<TemporaryFolder> folder = new(Tell);

    /// <summary>The repository of the story.</summary>
    public string Story => folder.Value["story"];

    /// <inheritdoc/>
    public void Dispose()
    {
        if (folder.IsValueCreated)
        {
            folder.Value.Dispose();
        }
    }

    private static TemporaryFolder Tell()
    {
        TemporaryFolder folder = new();
        ChildProgram story = new("bash", Path.Combine(Repository.Root, "samples/BoundToPullRequest/run.sh"), "--keep", folder["story"])
        {
            Environment = new Dictionary<string, string?> { ["HVBINDGEN"] = OutputTests.ToolScript(folder) },
        };
        Ending ending = story.Run();
        folder.With("story/.git/info/attributes", "headers/abi/*.json diff=hvbindgen\n");
        Ending setUp = new ChildProgram("bash", Path.Combine(Repository.Root, ".github/actions/abi-diff/setup-git.sh"))
        {
            Folder = folder["story"],
        }.Run();
        return ending.ExitCode == 0 && setUp.ExitCode == 0
            ? folder
            : throw new InvalidOperationException(ending.Out + ending.Error + setUp.Out + setUp.Error);
    }
}
