using System.Text;
using HvBindgen.Generator.Files;

namespace HvBindgen.Generator.Headers;

/// <summary>Takes the headers of the downloaded folder as they are: the lock follows them, nothing is fetched.</summary>
public static class HeaderAdoption
{
    /// <summary>Rewrites the lock, and the folder's record of its origin, from what lies in the folder.</summary>
    /// <param name="options">Where everything is.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="HeaderSyncException">
    /// Nothing has been fetched, a wanted header is missing or lies elsewhere, or the files cannot be written.
    /// </exception>
    public static HeaderSyncReport Adopt(HeaderSyncOptions options)
    {
        HeaderSources wanted = HeaderSources.Read(options.SourcesPath);
        HeaderLock? locked = File.Exists(options.LockPath) ? HeaderLock.Read(options.LockPath) : null;
        HeaderTree tree = new(options.TreePath);
        HeaderOrigin origin = tree.ReadOrigin()
            ?? throw new HeaderSyncException($"{tree.Root}: no headers have been fetched yet", "Fetch them with: hvbindgen headers sync");
        HeaderSync.RequireRoots(wanted, tree.Root);

        HeaderLock content = origin.Content with { Packages = HashedAgain(tree, origin.Content.Packages) };
        HeaderLock now = content.Pinning(new IncludeScan(tree.Root, wanted.Multiarch).Closure(wanted.Roots));
        HeaderOrigin adopted = new(DateTimeOffset.UtcNow, content);
        try
        {
            string newLock = $"{options.LockPath}.new-{Environment.ProcessId}";
            FileContent.WriteNew(newLock, Encoding.UTF8.GetBytes(now.ToJson()));
            HeaderTree.WriteOrigin(tree.Root, adopted);
            File.Move(newLock, options.LockPath, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HeaderSyncException(
                $"the lock cannot be written: {fault.Message}", "Make the folders writable, then run the command again.", fault);
        }

        IReadOnlyList<HeaderChange> changes = locked is null ? [] : HeaderChange.Between(locked, now);
        return new HeaderSyncReport(HeaderSyncOutcome.Adopted, now, adopted, changes, []);
    }

    // A file belongs to the package whose folder is the innermost one around it.
    private static LockedPackage[] HashedAgain(HeaderTree tree, IReadOnlyList<LockedPackage> packages)
    {
        Dictionary<LockedPackage, List<LockedFile>> files = packages.ToDictionary(package => package, _ => new List<LockedFile>());
        foreach (string path in TreePath.FilesBelow(tree.Root))
        {
            LockedPackage? package = packages.Where(package => path.StartsWith(package.TreeFolder + "/", StringComparison.Ordinal))
                .MaxBy(package => package.TreeFolder.Length);
            if (package is not null)
            {
                files[package].Add(new LockedFile(path[(package.TreeFolder.Length + 1)..], HeaderDigest.OfFile(tree.FullPath(path))));
            }
        }

        return [.. packages.Select(package => package with
        {
            Files = files[package],
            TreeFileCount = files[package].Count,
            TreeSha256 = HeaderDigest.OfTree(files[package]),
        })];
    }
}
