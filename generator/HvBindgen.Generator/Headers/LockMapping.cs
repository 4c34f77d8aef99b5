namespace HvBindgen.Generator.Headers;

/// <summary>Between a lock and its JSON document.</summary>
internal static class LockMapping
{
    internal static HeaderLock FromDocument(LockDocument document) => new(
        document.Source,
        document.Kernel,
        [.. document.Packages.Select(package => new LockedPackage(
            package.Name,
            package.Version,
            package.Suite,
            package.Sha256,
            package.Folder,
            package.Into,
            package.TreeFiles,
            package.TreeSha256,
            [.. package.Files.Select(file => new LockedFile(file.Key, file.Value)).OrderBy(file => file.Path, StringComparer.Ordinal)]))]);

    internal static LockDocument ToDocument(HeaderLock content) => new(
        HeaderLock.Schema,
        content.Source,
        content.KernelVersion,
        [.. content.Packages.Select(package => new PackageLocked
        {
            Name = package.Name,
            Version = package.Version,
            Suite = package.Suite,
            Sha256 = package.PackageSha256,
            Folder = package.PackageFolder,
            Into = package.TreeFolder,
            TreeFiles = package.TreeFileCount,
            TreeSha256 = package.TreeSha256,
            Files = new SortedDictionary<string, string>(
                package.Files.ToDictionary(file => file.Path, file => file.Sha256), StringComparer.Ordinal),
        })]);
}
