namespace HvBindgen.Generator.Headers;

/// <summary>Exact origin and hash of every header that bindings are made from: the content of <c>headers.lock.json</c>.</summary>
/// <param name="Source">Kind of source the headers came from: one of the constants of <see cref="HeaderSourceKind"/>.</param>
/// <param name="KernelVersion">Version of the kernel that the headers belong to, such as <c>7.3.4</c>.</param>
/// <param name="Packages">Packages in the order of <c>sources.json</c>.</param>
public sealed record HeaderLock(string Source, string KernelVersion, IReadOnlyList<LockedPackage> Packages)
{
    internal const int Schema = 1;

    /// <summary>Every pinned header by its path in the downloaded tree, with its SHA-256.</summary>
    public IEnumerable<LockedFile> Files =>
        Packages.SelectMany(package => package.Files.Select(file => new LockedFile($"{package.TreeFolder}/{file.Path}", file.Sha256)))
            .OrderBy(file => file.Path, StringComparer.Ordinal);

    /// <summary>Reads a lock file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its content.</returns>
    /// <exception cref="HeaderSyncException">The file is missing, damaged or of a later version, or a name in it is none.</exception>
    public static HeaderLock Read(string path)
    {
        LockDocument document = HeaderJson.Read(path, HeaderJson.Context.LockDocument, Schema);
        foreach (PackageLocked package in document.Packages)
        {
            SourceNames.Require(path, "package", package.Name, SourceNames.Package());
            SourceNames.Require(path, "version", package.Version, SourceNames.Version());
            if (package.Suite is { } suite)
            {
                SourceNames.Require(path, "suite", suite, SourceNames.Suite());
            }

            TreePath.Require(path, package.Folder);
            TreePath.Require(path, package.Into);
            foreach (string file in package.Files.Keys)
            {
                TreePath.Require(path, file);
            }
        }

        return LockMapping.FromDocument(document);
    }

    /// <summary>The lock as JSON: stable order, one header a line, so that a difference names each changed header.</summary>
    /// <returns>JSON text with LF line ends.</returns>
    public string ToJson() => HeaderJson.Write(LockMapping.ToDocument(this), HeaderJson.Context.LockDocument);

    /// <summary>Finds the package that a tree path was taken from.</summary>
    /// <param name="treePath">Path in the downloaded tree.</param>
    /// <returns>The package, or null when the header is not pinned.</returns>
    public LockedPackage? FindPackageOf(string treePath) =>
        Packages.FirstOrDefault(package => package.Files.Any(file => $"{package.TreeFolder}/{file.Path}" == treePath));

    /// <summary>The same lock with only the given tree paths listed one by one; counts and digests still cover the whole trees.</summary>
    internal HeaderLock Pinning(IReadOnlySet<string> treePaths) => this with
    {
        Packages = [.. Packages.Select(package => package with
        {
            Files = [.. package.Files.Where(file => treePaths.Contains($"{package.TreeFolder}/{file.Path}"))],
        })],
    };
}

/// <summary>One package, or the folder of a source tree that stands for it.</summary>
/// <param name="Name">Package name, such as <c>linux-libc-dev</c>.</param>
/// <param name="Version">Its version.</param>
/// <param name="Suite">Suite it was found in; null when it is no distribution package.</param>
/// <param name="PackageSha256">SHA-256 of the package file; null when it is no distribution package.</param>
/// <param name="PackageFolder">Folder of the headers inside the package.</param>
/// <param name="TreeFolder">Folder of the headers in the downloaded tree.</param>
/// <param name="TreeFileCount">How many files were taken, pinned or not.</param>
/// <param name="TreeSha256">Digest over path and content of all of them.</param>
/// <param name="Files">The pinned files, their paths relative to both folders.</param>
public sealed record LockedPackage(
    string Name,
    string Version,
    string? Suite,
    string? PackageSha256,
    string PackageFolder,
    string TreeFolder,
    int TreeFileCount,
    string TreeSha256,
    IReadOnlyList<LockedFile> Files);

/// <summary>One header file and its content's hash.</summary>
/// <param name="Path">Relative path with forward slashes.</param>
/// <param name="Sha256">SHA-256 in lower-case hexadecimal.</param>
public sealed record LockedFile(string Path, string Sha256);

/// <summary>Where headers were taken from.</summary>
public static class HeaderSourceKind
{
    /// <summary>Packages of the distribution, checked by apt.</summary>
    public const string Debian = "debian";

    /// <summary>A kernel source tree.</summary>
    public const string KernelTree = "kernel-tree";

    /// <summary>A folder that holds <c>usr/include</c>.</summary>
    public const string Sysroot = "sysroot";
}
