namespace HvBindgen.Generator.Headers;

/// <summary>An archive of Debian packages: what it has in a suite, and the package files.</summary>
internal interface IDebianArchive
{
    /// <summary>All versions of all packages of a suite whose names fit one of the patterns.</summary>
    /// <exception cref="HeaderSyncException">The suite cannot be read; the message holds apt's words.</exception>
    Task<IReadOnlyList<AvailablePackage>> ListAsync(
        string suite, IReadOnlyList<HeaderPackage> wanted, CancellationToken cancellation);

    /// <summary>Fetches a package of a suite that has been listed, checked against the suite's signature; gives the file's path.</summary>
    Task<string> DownloadAsync(string suite, string name, string version, CancellationToken cancellation);

    /// <summary>Fetches a package that was in the archive once; unsigned, so its digest must be known.</summary>
    /// <returns>The file; null when it cannot be had.</returns>
    Task<string?> FindArchivedAsync(string name, string version, CancellationToken cancellation);
}

/// <summary>One version of one package.</summary>
internal sealed record AvailablePackage(string Name, string Version);
