namespace HvBindgen.Generator.Headers;

/// <summary>Brings the headers that the lock asks for into the downloaded folder, whole or not at all.</summary>
public static class HeaderSync
{
    /// <summary>Fetches the headers unless they are already there, and checks every one against the lock.</summary>
    /// <param name="options">What, from where, where to.</param>
    /// <param name="progress">Receives one line per step that takes time.</param>
    /// <param name="cancellation">Stops the work; the folder stays as it was.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="HeaderSyncException">
    /// The headers cannot be had, are not what the lock says, or something else is in their folder; nothing was changed.
    /// </exception>
    public static Task<HeaderSyncReport> SyncAsync(
        HeaderSyncOptions options, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.KernelTree is not null && options.Sysroot is not null)
        {
            throw new HeaderSyncException("--kernel and --sysroot exclude each other", "Give one of them.");
        }

        return SyncAsync(options, null, progress, cancellation);
    }

    internal static async Task<HeaderSyncReport> SyncAsync(
        HeaderSyncOptions options, IHeaderSource? source, IProgress<string>? progress, CancellationToken cancellation)
    {
        HeaderSources wanted = HeaderSources.Read(options.SourcesPath);
        HeaderLock? locked = File.Exists(options.LockPath) ? HeaderLock.Read(options.LockPath) : null;
        HeaderTree tree = new(options.TreePath);

        bool isLocal = options.KernelTree is not null || options.Sysroot is not null;
        if (locked is not null && !options.Update && !options.Refetch && !isLocal && FindReady(tree, locked, wanted) is { } origin)
        {
            return new HeaderSyncReport(HeaderSyncOutcome.UpToDate, locked, origin, [], []);
        }

        RequireOurs(tree);
        if (!options.Refetch)
        {
            RequireUnedited(tree);
        }

        try
        {
            using HeaderStaging staging = new(tree.Root);
            source ??= SourceFor(options, staging.WorkFolder);
            return await FillAsync(options, wanted, locked, source, staging, progress, cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HeaderSyncException(
                $"the headers cannot be written to {tree.Root}: {fault.Message}",
                "Make the folder and its parent writable and see that the disk has room. What was there before is still there.",
                fault);
        }
    }

    private static async Task<HeaderSyncReport> FillAsync(
        HeaderSyncOptions options,
        HeaderSources wanted,
        HeaderLock? locked,
        IHeaderSource source,
        HeaderStaging staging,
        IProgress<string>? progress,
        CancellationToken cancellation)
    {
        CollectRequest request = new(wanted, options.Update ? null : locked, staging.TreeFolder, staging.WorkFolder)
        {
            Version = options.Version,
        };
        CollectedHeaders collected = await source.CollectAsync(request, progress, cancellation).ConfigureAwait(false);

        progress?.Report("checking every header");
        RequireRoots(wanted, staging.TreeFolder);
        IReadOnlySet<string> pinned = new IncludeScan(staging.TreeFolder, wanted.Multiarch).Closure(wanted.Roots);
        HeaderLock now = collected.Content.Pinning(pinned);
        IReadOnlyList<HeaderChange> changes = locked is null ? [] : HeaderChange.Between(locked, now);
        if (locked is not null && !options.Update)
        {
            HeaderMismatch.Require(options, locked, now, changes, collected.Notes);
        }

        HeaderOrigin origin = new(DateTimeOffset.UtcNow, collected.Content);
        HeaderTree.WriteOrigin(staging.TreeFolder, origin);
        bool rewrites = locked is null || (options.Update && locked.ToJson() != now.ToJson());
        cancellation.ThrowIfCancellationRequested();
        staging.Commit(rewrites ? (options.LockPath, now.ToJson()) : null);

        List<string> notes = [.. collected.Notes];
        if (locked is not null && !options.Update && locked.Packages[0].Version != now.Packages[0].Version)
        {
            notes.Add("every pinned header has the locked content, so the bindings stay as they are");
        }

        return new HeaderSyncReport(
            rewrites ? HeaderSyncOutcome.LockRewritten : HeaderSyncOutcome.Fetched, rewrites ? now : locked!, origin, changes, notes);
    }

    private static HeaderOrigin? FindReady(HeaderTree tree, HeaderLock locked, HeaderSources wanted)
    {
        try
        {
            HashSet<string> pinned = [.. locked.Files.Select(file => file.Path)];
            HeaderTreeStatus status = tree.Verify(locked);
            return status.IsClean && wanted.Roots.All(pinned.Contains) ? status.Origin : null;
        }
        catch (HeaderSyncException)
        {
            // A damaged record of the last download: fetch again.
            return null;
        }
    }

    // What stands in the folder's place is replaced: only what a sync before this one has put there.
    private static void RequireOurs(HeaderTree tree)
    {
        bool isTaken = File.Exists(tree.Root) || (Directory.Exists(tree.Root) && Directory.EnumerateFileSystemEntries(tree.Root).Any());
        if (isTaken && !tree.Exists)
        {
            throw new HeaderSyncException(
                $"{tree.Root} is there and holds no fetched headers: it is not replaced",
                "Name another folder as \"tree\" in the configuration, or remove this one yourself.");
        }
    }

    // A sync puts a new folder in the old one's place, and with it would go what a person has changed there.
    private static void RequireUnedited(HeaderTree tree)
    {
        IReadOnlyList<HeaderFileStatus> edits;
        try
        {
            edits = tree.FindEdits();
        }
        catch (HeaderSyncException)
        {
            // A damaged record of the last download tells of no edits.
            return;
        }

        if (edits.Count > 0)
        {
            throw new HeaderSyncException(
                $"{edits.Count} files below {tree.Root} are not as they were fetched, and a sync would replace them:\n"
                    + string.Join('\n', edits.Take(20).Select(Described)),
                "Keep them, and have the lock say so, with: hvbindgen headers adopt; or give them up with: "
                    + "hvbindgen headers sync --refetch");
        }
    }

    private static string Described(HeaderFileStatus edit) =>
        $"  {(edit.State == HeaderFileState.Foreign ? "added" : "changed")} {edit.Path}";

    internal static void RequireRoots(HeaderSources wanted, string treeFolder)
    {
        List<string> missing = [.. wanted.Roots.Where(root => !File.Exists(Path.Combine(treeFolder, root)))];
        if (missing.Count > 0)
        {
            throw new HeaderSyncException(
                $"the source does not have: {string.Join(", ", missing)}",
                "Use a source with these headers (Linux 7.2 or later has them all), or take them off 'roots' in sources.json.");
        }
    }

    private static IHeaderSource SourceFor(HeaderSyncOptions options, string workFolder) => options switch
    {
        { KernelTree: { } folder } => new KernelTreeSource(folder),
        { Sysroot: { } folder } => new SysrootSource(folder),
        _ => new DebianSource(new AptArchive(workFolder, options.Mirror)),
    };
}
