using static HvBindgen.Generator.Clang.LoadedLibClang;

namespace HvBindgen.Generator.Clang;

/// <summary>One search for a libclang: asks for one library after the other and keeps what it was told.</summary>
/// <param name="tryLoad">Opens a library.</param>
/// <param name="places">Where to search.</param>
internal sealed class LibClangProbe(TryLoadLibClang tryLoad, LibClangPlaces places)
{
    private readonly List<LibClangAttempt> attempts = [];

    /// <summary>Handle of the library that the search ended with.</summary>
    internal nint Handle { get; private set; }

    /// <summary>The library that someone named: a file, a folder or a shared-object name. Nothing else is tried.</summary>
    /// <param name="named">Path or name.</param>
    /// <param name="origin">Who named it, for the message.</param>
    /// <exception cref="LibClangNotFoundException">It is not there or not usable.</exception>
    internal LoadedLibClang FindNamed(string named, string origin)
    {
        IEnumerable<string> candidates;

        if (Directory.Exists(named))
        {
            string folder = Path.GetFullPath(named);
            string below = Path.Combine(folder, "lib");
            candidates = FilesOf([folder])
                .Concat(Directory.Exists(below) ? FilesOf([below]) : [])
                .Concat(FilesOf(places.Package?.FoldersBelow(folder) ?? []));
        }
        else
        {
            // A name without a slash that is no file here is left to the loader, as in dlopen.
            candidates = [named.Contains('/') || File.Exists(named) ? Path.GetFullPath(named) : named];
        }

        LoadedLibClang? found = First(candidates);

        if (attempts.Count == 0)
        {
            attempts.Add(new LibClangAttempt(named, "the folder has no libclang"));
        }

        return found ?? throw new LibClangNotFoundException(
            $"The libclang named by {origin}, \"{named}\", cannot be used.", attempts, places.Package);
    }

    /// <summary>The best library of this machine.</summary>
    /// <exception cref="LibClangNotFoundException">There is none.</exception>
    internal LoadedLibClang FindInstalled() =>
        First(FilesOf(places.BesideTool.Where(Directory.Exists)))
        ?? First(LibClangNames.Versioned())
        ?? First(FilesOfSystemFolders())
        ?? First(LibClangNames.Unversioned)
        ?? First(FilesOf(places.Package?.CachedFolders() ?? []))
        ?? throw new LibClangNotFoundException("No libclang was found on this machine.", attempts, places.Package);

    private LoadedLibClang? First(IEnumerable<string> candidates)
    {
        foreach (string candidate in candidates)
        {
            if (Try(candidate) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private LoadedLibClang? Try(string library)
    {
        if (tryLoad(library, out string reason) is not { } image)
        {
            attempts.Add(new LibClangAttempt(library, reason));
            return null;
        }

        int major = MajorOf(image.VersionText);

        if (major < OldestSupportedMajor)
        {
            string need = $"at least version {OldestSupportedMajor} is needed";
            attempts.Add(new LibClangAttempt(library, $"is \"{image.VersionText}\", but {need}"));
            return null;
        }

        Handle = image.Handle;
        return new LoadedLibClang(library, image.VersionText, major);
    }

    private IEnumerable<string> FilesOfSystemFolders() =>
        from file in LibClangNames.NewestFirst(places.SystemFolders.SelectMany(Expand).SelectMany(LibClangNames.InFolder))
        where file.Major is 0 or >= OldestSupportedMajor || Refuse(file.Path, file.Major)
        select file.Path;

    private static IEnumerable<string> FilesOf(IEnumerable<string> folders) =>
        LibClangNames.NewestFirst(folders.SelectMany(LibClangNames.InFolder)).Select(file => file.Path);

    private bool Refuse(string path, int major)
    {
        attempts.Add(new LibClangAttempt(path, $"version {major}, but at least version {OldestSupportedMajor} is needed"));
        return false;
    }

    // Folders that a pattern means, with at most one star.
    private static IEnumerable<string> Expand(string pattern)
    {
        int star = pattern.IndexOf('*', StringComparison.Ordinal);

        if (star < 0)
        {
            return Directory.Exists(pattern) ? [pattern] : [];
        }

        int start = pattern.LastIndexOf('/', star);
        int end = pattern.IndexOf('/', star);
        string parent = pattern[..start];
        string name = end < 0 ? pattern[(start + 1)..] : pattern[(start + 1)..end];
        string rest = end < 0 ? "" : pattern[(end + 1)..];
        EnumerationOptions lenient = new() { IgnoreInaccessible = true };

        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, name, lenient).Select(folder => Path.Combine(folder, rest)).Where(Directory.Exists)
            : [];
    }

    /// <summary>Major version in what a library says, such as "Debian clang version 14.0.6"; 0 when there is none.</summary>
    internal static int MajorOf(string versionText) => LibClangNames.NumberAfter(versionText, "version ");
}
