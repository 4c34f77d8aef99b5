using System.Threading.Channels;
using HvBindgen.Generator.Configuration;

namespace HvBindgen.Cli.Sets;

/// <summary>Waits for changes of a configuration, of its lock, and of headers in the folders that its sets include.</summary>
internal sealed class HeaderWatch : IDisposable
{
    // Editors write a file in steps and tools write many: a change is over when nothing has come for this long.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly Channel<string> changes = Channel.CreateUnbounded<string>();
    private readonly List<FileSystemWatcher> watchers = [];
    private readonly HashSet<string> files = new(StringComparer.Ordinal);

    /// <summary>Starts to watch.</summary>
    /// <param name="configurationPath">The configuration's file.</param>
    /// <param name="configuration">What it said when it could be read last; null when it never could.</param>
    internal HeaderWatch(string configurationPath, BindingConfiguration? configuration)
    {
        AddFile(Path.GetFullPath(configurationPath));
        if (configuration is null)
        {
            return;
        }

        AddFile(configuration.LockPath);
        string[] folders =
        [
            .. configuration.Sets.SelectMany(set => set.Targets.SelectMany(set.IncludePathsFor)).Distinct()
                .Where(Directory.Exists).Order(StringComparer.Ordinal),
        ];
        foreach (string folder in folders.Where(
            folder => !folders.Any(outer => folder.StartsWith(outer.TrimEnd('/') + "/", StringComparison.Ordinal))))
        {
            Add(folder, "*.h", isDeep: true);
        }
    }

    /// <summary>Number of folders that are watched.</summary>
    internal int FolderCount => watchers.Count;

    /// <summary>Waits for a change, and until changes have stopped coming.</summary>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>The changed files.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    internal async Task<IReadOnlyList<string>> WaitAsync(CancellationToken stop)
    {
        SortedSet<string> changed = new(StringComparer.Ordinal) { await changes.Reader.ReadAsync(stop).ConfigureAwait(false) };
        DateTime end = DateTime.UtcNow + Longest;
        while (DateTime.UtcNow < end)
        {
            while (changes.Reader.TryRead(out string? path))
            {
                changed.Add(path);
            }

            await Task.Delay(Quiet, stop).ConfigureAwait(false);
            if (!changes.Reader.TryPeek(out _))
            {
                break;
            }
        }

        return [.. changed];
    }

    /// <inheritdoc/>
    public void Dispose() => watchers.ForEach(watcher => watcher.Dispose());

    private void AddFile(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (files.Add(path) && Directory.Exists(folder))
        {
            Add(folder, Path.GetFileName(path), isDeep: false);
        }
    }

    private void Add(string folder, string pattern, bool isDeep)
    {
        FileSystemWatcher watcher = new(folder, pattern)
        {
            IncludeSubdirectories = isDeep,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.DirectoryName,
        };
        watcher.Changed += Report;
        watcher.Created += Report;
        watcher.Deleted += Report;
        watcher.Renamed += Report;

        // Too many changes at once to be told one by one.
        watcher.Error += (_, _) => changes.Writer.TryWrite(folder);
        watcher.EnableRaisingEvents = true;
        watchers.Add(watcher);
    }

    private void Report(object sender, FileSystemEventArgs change) => changes.Writer.TryWrite(change.FullPath);
}
