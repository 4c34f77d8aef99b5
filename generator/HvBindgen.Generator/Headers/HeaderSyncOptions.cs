namespace HvBindgen.Generator.Headers;

/// <summary>What to fetch, where from, and where to.</summary>
public sealed record HeaderSyncOptions
{
    /// <summary>File that says which headers are wanted: <c>headers/sources.json</c>.</summary>
    public required string SourcesPath { get; init; }

    /// <summary>File that says which content they must have: <c>headers/headers.lock.json</c>.</summary>
    public required string LockPath { get; init; }

    /// <summary>Folder that receives them: <c>headers/downloaded</c>.</summary>
    public required string TreePath { get; init; }

    /// <summary>Kernel source tree to take the headers from, in place of Debian's packages.</summary>
    public string? KernelTree { get; init; }

    /// <summary>Folder with <c>usr/include</c> to take the headers from, in place of Debian's packages.</summary>
    public string? Sysroot { get; init; }

    /// <summary>Mirror of Debian's archive, in place of the one in apt's configuration.</summary>
    public string? Mirror { get; init; }

    /// <summary>Take the newest version and rewrite the lock.</summary>
    public bool Update { get; init; }

    /// <summary>With <see cref="Update"/>, the version of the distribution's package to take in place of the newest.</summary>
    public string? Version { get; init; }

    /// <summary>Fetch even when the folder already holds what the lock asks for, and replace what was changed in it.</summary>
    public bool Refetch { get; init; }
}

/// <summary>How a sync ended.</summary>
/// <param name="Outcome">What was done.</param>
/// <param name="Lock">The lock as it is now.</param>
/// <param name="Origin">What the folder holds now.</param>
/// <param name="Changes">Pinned headers whose content is not what the lock said before; empty unless the lock was rewritten.</param>
/// <param name="Notes">What the user should know.</param>
public sealed record HeaderSyncReport(
    HeaderSyncOutcome Outcome,
    HeaderLock Lock,
    HeaderOrigin Origin,
    IReadOnlyList<HeaderChange> Changes,
    IReadOnlyList<string> Notes);

/// <summary>What a sync did.</summary>
public enum HeaderSyncOutcome
{
    /// <summary>Nothing: the folder already holds what the lock asks for. No network was used.</summary>
    UpToDate,

    /// <summary>The folder was filled; the lock is as before.</summary>
    Fetched,

    /// <summary>The folder was filled and the lock rewritten.</summary>
    LockRewritten,

    /// <summary>The folder is as it was and the lock rewritten to say so.</summary>
    Adopted,
}

/// <summary>A pinned header that differs between two locks.</summary>
/// <param name="Path">Path in the tree.</param>
/// <param name="Kind">How it differs.</param>
public sealed record HeaderChange(string Path, HeaderChangeKind Kind)
{
    /// <summary>All differences between two locks, sorted by path.</summary>
    internal static IReadOnlyList<HeaderChange> Between(HeaderLock before, HeaderLock after)
    {
        Dictionary<string, string> old = before.Files.ToDictionary(file => file.Path, file => file.Sha256);
        Dictionary<string, string> now = after.Files.ToDictionary(file => file.Path, file => file.Sha256);
        IEnumerable<HeaderChange> gone = old.Keys.Where(path => !now.ContainsKey(path))
            .Select(path => new HeaderChange(path, HeaderChangeKind.Gone));
        IEnumerable<HeaderChange> added = now.Keys.Where(path => !old.ContainsKey(path))
            .Select(path => new HeaderChange(path, HeaderChangeKind.Added));
        IEnumerable<HeaderChange> changed = now.Where(file => old.TryGetValue(file.Key, out string? hash) && hash != file.Value)
            .Select(file => new HeaderChange(file.Key, HeaderChangeKind.Changed));
        return [.. gone.Concat(added).Concat(changed).OrderBy(change => change.Path, StringComparer.Ordinal)];
    }
}

/// <summary>How a header differs between two locks.</summary>
public enum HeaderChangeKind
{
    /// <summary>Other content.</summary>
    Changed,

    /// <summary>Not pinned before: new, or newly included by a pinned header.</summary>
    Added,

    /// <summary>No longer there, or no longer included.</summary>
    Gone,
}
