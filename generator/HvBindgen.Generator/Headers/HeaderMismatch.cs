namespace HvBindgen.Generator.Headers;

/// <summary>Compares fetched headers with the lock and says, for a person, what is different and how to take it.</summary>
internal static class HeaderMismatch
{
    private const int MaxNamed = 40;

    /// <summary>Passes when every pinned header has the locked content.</summary>
    /// <exception cref="HeaderSyncException">Some differ; the message names each.</exception>
    internal static void Require(
        HeaderSyncOptions options, HeaderLock locked, HeaderLock now, IReadOnlyList<HeaderChange> changes, IReadOnlyList<string> notes)
    {
        if (changes.Count > 0)
        {
            IEnumerable<string> named = changes.Take(MaxNamed).Select(change => $"  {Word(change.Kind)} {change.Path}");
            string more = changes.Count > MaxNamed ? $"\n  and {changes.Count - MaxNamed} more" : "";
            throw new HeaderSyncException(
                string.Concat(notes.Select(note => note + "\n"))
                    + $"{changes.Count} pinned headers of {Describe(now)} differ from "
                    + $"{Path.GetFileName(options.LockPath)} ({Describe(locked)}):\n"
                    + string.Join('\n', named) + more,
                $"{UpdateCommand(options)} takes them and rewrites the lock; git diff then shows each changed header, "
                    + "and hvbindgen generate what changes in the bindings. To stay with the locked ones, name a suite in "
                    + $"sources.json that has {Describe(locked)}, or give its kernel's sources with --kernel DIR.");
        }

        foreach (LockedPackage package in now.Packages)
        {
            LockedPackage? before = locked.Packages.FirstOrDefault(p =>
                p.Name == package.Name && p.Version == package.Version && p.TreeFolder == package.TreeFolder);
            if (before?.PackageSha256 is not null && package.PackageSha256 is not null && before.TreeSha256 != package.TreeSha256)
            {
                throw new HeaderSyncException(
                    $"{package.Name} {package.Version}: the {package.TreeFileCount} files taken from it have digest {package.TreeSha256}, "
                        + $"the lock says {before.TreeSha256} for {before.TreeFileCount} files",
                    $"The same version must give the same files: look at the source, or take the files with {UpdateCommand(options)}");
            }
        }
    }

    private static string Describe(HeaderLock content) =>
        content.Packages.Count == 0 ? content.Source : $"{content.Packages[0].Name} {content.Packages[0].Version}";

    private static string UpdateCommand(HeaderSyncOptions options) => "hvbindgen headers sync --update" + options switch
    {
        { KernelTree: { } folder } => $" --kernel {folder}",
        { Sysroot: { } folder } => $" --sysroot {folder}",
        _ => "",
    };

    private static string Word(HeaderChangeKind kind) => kind switch
    {
        HeaderChangeKind.Added => "new    ",
        HeaderChangeKind.Gone => "gone   ",
        _ => "changed",
    };
}
