using System.Text;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Files;
using HvBindgen.Generator.Processes;

namespace HvBindgen.Cli.Sides;

/// <summary>Files of a repository as they were at a revision, or as they are staged, laid out in a folder of their own.</summary>
/// <remarks>git itself writes them, by way of an index that nobody else uses: the user's index and files are not touched.</remarks>
internal sealed class GitTree : IDisposable
{
    private readonly string repository;
    private readonly DirectoryInfo folder;
    private readonly string? index;
    private readonly string empty;
    private readonly string gitFolder;

    /// <summary>Looks the revision up.</summary>
    /// <param name="revision">Anything that git takes for a commit; empty for what is staged.</param>
    /// <param name="path">A file or folder in the repository; it need not exist any more.</param>
    /// <exception cref="DiffException">git is missing, this is no repository, or the revision is unknown.</exception>
    internal GitTree(string revision, string path)
    {
        Name = revision.Length == 0 ? "what is staged" : revision;
        repository = Encoding.UTF8.GetString(
            Git(ExistingFolderOf(path), "find the repository", null, "rev-parse", "--show-toplevel")).TrimEnd('\n');

        // A revision that begins with a dash would be an option.
        string tree = revision.Length == 0 ? StagedIndex() : Encoding.UTF8.GetString(
            Git(
                repository,
                $"find revision \"{revision}\"",
                null,
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                $"{revision}^{{commit}}")).Trim();
        folder = Directory.CreateTempSubdirectory("hvbindgen-revision-");
        index = Path.Combine(folder.FullName, "index");
        try
        {
            empty = folder.CreateSubdirectory("empty").FullName;
            gitFolder = Encoding.UTF8.GetString(
                Git(repository, "find the repository", null, "rev-parse", "--absolute-git-dir")).TrimEnd('\n');
            if (revision.Length == 0)
            {
                File.Copy(tree, index);
            }
            else
            {
                Git(repository, $"read {revision}", null, "read-tree", tree);
                Commit = Encoding.UTF8.GetString(Git(repository, "name the commit", null, "rev-parse", "--short", tree)).Trim();
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The revision as the user names it.</summary>
    internal string Name { get; }

    /// <summary>The commit in short; in words for what is staged.</summary>
    internal string Commit { get; } = "staged";

    /// <summary>Folder of the files that were asked for.</summary>
    internal string Root => Path.Combine(folder.FullName, "tree");

    /// <summary>Where a file or folder of the repository lies as it was at the revision.</summary>
    /// <param name="path">Its path in the working tree.</param>
    /// <returns>The path; null when the revision does not have it.</returns>
    internal string? Find(string path)
    {
        string full = Path.GetFullPath(path);
        string inside = Path.GetRelativePath(repository, full);
        if (inside.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(inside))
        {
            return null;
        }

        byte[] files = Git(repository, $"list {inside} at {Name}", null, "ls-files", "-z", "--", inside);
        if (files.Length == 0)
        {
            return null;
        }

        // In a working tree that has nothing: attributes there are the branch's, and would have a say in how the base's files are written.
        Git(empty, $"read {inside} at {Name}", files, "checkout-index", "-z", "--stdin", "--force", $"--prefix={Root}/");
        return Path.Combine(Root, inside);
    }

    /// <summary>Content of a file of the revision.</summary>
    /// <param name="file">What <see cref="Find"/> gave.</param>
    /// <param name="mostBytes">Largest size that such a file has.</param>
    /// <exception cref="DiffException">The revision has a link to elsewhere there, or more than that.</exception>
    internal byte[] Read(string file, long mostBytes)
    {
        try
        {
            return FileContent.ReadBelow(Root, file, mostBytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DiffException($"{Readable(file)} cannot be read: {Readable(fault.Message)}", fault);
        }
    }

    /// <summary>The same path with the repository as at the revision where that is known, else as it is: for files from outside the
    /// repository
    /// and for those that git ignores, such as downloaded headers.</summary>
    /// <param name="path">A path in the working tree.</param>
    internal string FindOrKeep(string path)
    {
        string inside = Path.GetRelativePath(repository, Path.GetFullPath(path));
        bool isOutside = inside.StartsWith("..", StringComparison.Ordinal);
        return Find(path) ?? (isOutside || IsIgnored(inside) ? path : Path.Combine(Root, inside));
    }

    /// <summary>A message without the name of the folder that is soon gone.</summary>
    internal string Readable(string message) => message.Replace(Root + "/", $"{Name}:", StringComparison.Ordinal);

    /// <summary>Removes the files.</summary>
    public void Dispose() => folder.Delete(recursive: true);

    private static string ExistingFolderOf(string path)
    {
        string at = Path.GetFullPath(path);
        while (!Directory.Exists(at))
        {
            at = Path.GetDirectoryName(at)!;
        }

        return at;
    }

    // Below a hook, git names the index that the commit is made of.
    private string StagedIndex() => Environment.GetEnvironmentVariable("GIT_INDEX_FILE") is { Length: > 0 } named
        ? Path.GetFullPath(named, repository)
        : Path.GetFullPath(
            Encoding.UTF8.GetString(Git(repository, "find the index", null, "rev-parse", "--git-path", "index")).TrimEnd('\n'), repository);

    private bool IsIgnored(string inside)
    {
        // The one command that takes no literal names; "./" keeps a leading colon from meaning something.
        return Run(repository, index, isLiteral: false, null, "check-ignore", "--quiet", "--", $"./{inside}").ExitCode == 0;
    }

    private byte[] Git(string workingFolder, string purpose, byte[]? input, params string[] arguments)
    {
        string[] places = workingFolder == empty ? [$"--git-dir={gitFolder}", $"--work-tree={empty}"] : [];
        ProcessEnd end = Run(workingFolder, index, isLiteral: true, input, [.. places, .. arguments]);
        string fault = end.Errors.Trim();
        return end.ExitCode == 0
            ? end.Bytes.ToArray()
            : throw new DiffException($"git cannot {purpose}{(fault.Length > 0 ? $": {fault}" : ": it is not known here")}");
    }

    private static ProcessEnd Run(string workingFolder, string? index, bool isLiteral, byte[]? input, params string[] arguments)
    {
        // Names of files are names, whatever characters are in them.
        Dictionary<string, string?> environment = new() { ["GIT_LITERAL_PATHSPECS"] = isLiteral ? "1" : "0" };
        if (index is not null)
        {
            environment["GIT_INDEX_FILE"] = index;
        }

        try
        {
            return new ChildProcess("git", arguments) { WorkFolder = workingFolder, Environment = environment, Input = input }.Run();
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw new DiffException("git cannot be started: install it, or compare files instead of revisions", fault);
        }
    }
}
