namespace HvBindgen.Generator.Headers;

/// <summary>A place that headers can be taken from.</summary>
internal interface IHeaderSource
{
    /// <summary>Puts the wanted headers below <see cref="CollectRequest.TreeFolder"/>.</summary>
    /// <exception cref="HeaderSyncException">They cannot be had from here.</exception>
    Task<CollectedHeaders> CollectAsync(CollectRequest request, IProgress<string>? progress, CancellationToken cancellation);
}

/// <summary>What a source is asked for.</summary>
/// <param name="Wanted">Packages, suites and targets.</param>
/// <param name="Locked">Version to prefer; null to take the newest.</param>
/// <param name="TreeFolder">Empty folder that receives the tree.</param>
/// <param name="WorkFolder">Empty folder for what is needed on the way; deleted afterwards.</param>
internal sealed record CollectRequest(HeaderSources Wanted, HeaderLock? Locked, string TreeFolder, string WorkFolder)
{
    /// <summary>The one version to take; null for the locked or the newest one.</summary>
    internal string? Version { get; init; }
}

/// <summary>What a source gave.</summary>
/// <param name="Content">Origin and hash of every file.</param>
/// <param name="Notes">What the user should know though nothing failed.</param>
internal sealed record CollectedHeaders(HeaderLock Content, IReadOnlyList<string> Notes)
{
    /// <summary>Hashes the files that a source just put into a folder of the tree.</summary>
    internal static LockedPackage Hash(
        string treeFolder, HeaderPackage package, string name, string version, string packageFolder, IEnumerable<string> paths)
    {
        List<LockedFile> files = [];
        foreach (string path in paths.Order(StringComparer.Ordinal))
        {
            files.Add(new LockedFile(path, HeaderDigest.OfFile(Path.Combine(treeFolder, package.TreeFolder, path))));
        }

        return new LockedPackage(
            name, version, null, null, packageFolder, package.TreeFolder, files.Count, HeaderDigest.OfTree(files), files);
    }
}
