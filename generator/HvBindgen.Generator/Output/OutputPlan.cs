using System.Text;
using HvBindgen.Generator.Files;

namespace HvBindgen.Generator.Output;

/// <summary>Everything one run writes, gathered first: compared with what is on disk, then written whole or not at all.</summary>
public sealed class OutputPlan
{
    private const string GeneratedSuffix = ".g.cs";

    // Far above anything that is generated.
    private const long MostBytes = 1 << 30;

    private readonly SortedDictionary<string, ReadOnlyMemory<byte>> files = new(StringComparer.Ordinal);
    private readonly List<string> ownedFolders = [];
    private readonly List<string> foreignFolders = [];
    private readonly HashSet<string> passedFolders = new(StringComparer.Ordinal);

    /// <summary>How many files there are.</summary>
    public int Count => files.Count;

    /// <summary>Adds a file.</summary>
    /// <param name="folder">Folder that receives it; made when it does not exist.</param>
    /// <param name="relativePath">Path in the folder, with forward slashes.</param>
    /// <param name="content">The whole content.</param>
    /// <exception cref="ArgumentException">The path leads out of the folder, or the file was added before.</exception>
    /// <exception cref="OutputException">A folder on the way below <paramref name="folder"/> is a link.</exception>
    public void Add(string folder, string relativePath, ReadOnlyMemory<byte> content)
    {
        string root = PathOf(folder);
        string path = Path.GetFullPath(Path.Combine(root, relativePath));
        if (!path.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal))
        {
            throw new ArgumentException($"{relativePath} leads out of {root}", nameof(relativePath));
        }

        for (string at = Path.GetDirectoryName(path)!; at.Length > root.Length; at = Path.GetDirectoryName(at)!)
        {
            if (!passedFolders.Contains(at) && IsLink(at))
            {
                throw new OutputException(
                    $"{at}: is a link, which would lead out of {root}",
                    "Remove the link, then run the command again. No file has been changed.");
            }

            passedFolders.Add(at);
        }

        if (!files.TryAdd(path, content))
        {
            throw new ArgumentException($"{path} is written twice", nameof(relativePath));
        }
    }

    /// <summary>Adds a text file.</summary>
    /// <param name="folder">Folder that receives it.</param>
    /// <param name="relativePath">Path in the folder, with forward slashes.</param>
    /// <param name="text">The whole content.</param>
    public void Add(string folder, string relativePath, string text) => Add(folder, relativePath, Encoding.UTF8.GetBytes(text));

    /// <summary>Says that generated C# in this folder is all this run's: what it no longer writes is stale.</summary>
    /// <param name="folder">The folder; folders in it count too.</param>
    public void Own(string folder) => ownedFolders.Add(PathOf(folder));

    /// <summary>Says that generated C# in this folder is another run's, even if a folder around it is this run's.</summary>
    /// <param name="folder">The folder; folders in it count too.</param>
    public void Leave(string folder) => foreignFolders.Add(PathOf(folder).TrimEnd('/') + "/");

    /// <summary>Compares with the disk.</summary>
    /// <returns>Every file that would be written with new content or removed, sorted by path; empty when all is up to date.</returns>
    /// <exception cref="OutputException">A file that is there cannot be read.</exception>
    public IReadOnlyList<OutputChange> Compare()
    {
        List<OutputChange> changes = [];
        Dictionary<string, bool> folders = new(StringComparer.Ordinal);
        foreach ((string path, ReadOnlyMemory<byte> after) in files)
        {
            string folder = Path.GetDirectoryName(path)!;
            if (!folders.TryGetValue(folder, out bool isThere))
            {
                folders[folder] = isThere = Directory.Exists(folder);
            }

            if (!isThere || Read(path) is not { } before)
            {
                changes.Add(new OutputChange(path, OutputChangeKind.New, default, after));
            }
            else if (!after.Span.SequenceEqual(before))
            {
                changes.Add(new OutputChange(path, OutputChangeKind.Changed, before, after));
            }
        }

        foreach (string path in ownedFolders.Distinct().SelectMany(FindStale))
        {
            changes.Add(new OutputChange(path, OutputChangeKind.Stale, Read(path), default));
        }

        return [.. changes.OrderBy(change => change.Path, StringComparer.Ordinal)];
    }

    /// <summary>Writes what differs; files that are up to date are not touched.</summary>
    /// <returns>What was written and removed.</returns>
    /// <exception cref="OutputException">Something cannot be written; everything is as it was before.</exception>
    public IReadOnlyList<OutputChange> Commit()
    {
        IReadOnlyList<OutputChange> changes = Compare();
        using OutputTransaction transaction = new();
        transaction.Apply(changes);
        return changes;
    }

    // A user may write "out/", and a shell does when it completes the name.
    private static string PathOf(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    private IEnumerable<string> FindStale(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        // Neither below links nor at them: what is there was not generated there.
        EnumerationOptions everywhere = new()
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
        };
        return Directory.EnumerateFiles(folder, "*" + GeneratedSuffix, everywhere)
            .Where(path => !files.ContainsKey(path) && IsGenerated(path)
                && !foreignFolders.Exists(foreign => path.StartsWith(foreign, StringComparison.Ordinal)));
    }

    // A file that someone wrote by hand and named so is left alone.
    private static bool IsGenerated(string path)
    {
        if (FileStatus.Of(path) is not { IsRegular: true })
        {
            return false;
        }

        Span<byte> start = stackalloc byte[64];
        using FileStream stream = File.OpenRead(path);
        int count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start[..count].IndexOf("<auto-generated"u8) >= 0;
    }

    /// <summary>Whether a path is a link, wherever it leads.</summary>
    internal static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    // What a link points to is not what is there: it is neither compared nor shown.
    private static byte[]? Read(string path)
    {
        try
        {
            return File.Exists(path) && !IsLink(path) ? FileContent.Read(path, MostBytes) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"{path}: cannot be compared: {fault.Message}", "Make the file readable.", fault);
        }
    }
}
