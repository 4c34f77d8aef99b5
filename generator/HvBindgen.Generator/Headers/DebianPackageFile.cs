using System.Formats.Tar;
using HvBindgen.Generator.Processes;

namespace HvBindgen.Generator.Headers;

/// <summary>Takes one folder out of a Debian package file.</summary>
internal static class DebianPackageFile
{
    /// <summary>Extracts every file below a folder; gives their paths relative to it.</summary>
    /// <remarks>Symbolic links become files of their own: linux-libc-dev links each asm/ header to a file outside usr/include.</remarks>
    internal static async Task<IReadOnlyList<string>> ExtractAsync(
        string packageFile, string packageFolder, string targetFolder, CancellationToken cancellation)
    {
        string prefix = packageFolder + "/";
        HashSet<string> seen = new(StringComparer.Ordinal);
        Budget budget = new(packageFile);
        List<string> taken = [];
        List<(string Path, string Target)> links = [];

        await ReadAsync(packageFile, async entry =>
        {
            string path = PathOf(entry.Name);
            if (!path.StartsWith(prefix, StringComparison.Ordinal) || entry.EntryType == TarEntryType.Directory)
            {
                return;
            }

            budget.Take(path, entry.Length);
            if (!seen.Add(path))
            {
                throw Damaged(packageFile, $"it holds {path} twice");
            }

            if (entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            {
                string folder = entry.EntryType == TarEntryType.HardLink ? "" : path[..path.LastIndexOf('/')];
                string target = TreePath.Resolve(folder, entry.LinkName)
                    ?? throw Damaged(packageFile, $"{path} links to {entry.LinkName}");
                links.Add((path[prefix.Length..], target));
            }
            else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                await SaveAsync(entry, Path.Combine(targetFolder, path[prefix.Length..]), cancellation).ConfigureAwait(false);
                taken.Add(path[prefix.Length..]);
            }
        }, cancellation).ConfigureAwait(false);

        // Links stand before their targets in the archive, hence a second pass.
        if (links.Count > 0)
        {
            await ExtractLinksAsync(packageFile, links, targetFolder, budget, cancellation).ConfigureAwait(false);
            taken.AddRange(links.Select(link => link.Path));
        }

        return taken;
    }

    private static async Task ExtractLinksAsync(
        string packageFile, List<(string Path, string Target)> links, string targetFolder, Budget budget, CancellationToken cancellation)
    {
        Dictionary<string, List<string>> waiting = links.GroupBy(link => link.Target)
            .ToDictionary(group => group.Key, group => group.Select(link => link.Path).ToList());

        await ReadAsync(packageFile, async entry =>
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile
                && waiting.Remove(PathOf(entry.Name), out List<string>? paths))
            {
                budget.Take(entry.Name, entry.Length * paths.Count);
                string first = Path.Combine(targetFolder, paths[0]);
                await SaveAsync(entry, first, cancellation).ConfigureAwait(false);
                foreach (string other in paths.Skip(1))
                {
                    string file = Path.Combine(targetFolder, other);
                    Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                    File.Copy(first, file);
                }
            }
        }, cancellation).ConfigureAwait(false);

        if (waiting.Count > 0)
        {
            (string target, List<string> paths) = waiting.First();
            throw Damaged(packageFile, $"{paths[0]} links to {target}, which is no file of the package");
        }
    }

    private static async Task ReadAsync(string packageFile, Func<TarEntry, Task> visit, CancellationToken cancellation)
    {
        try
        {
            ProcessEnd result = await ProcessRunner.RunAsync(
                "dpkg-deb", ["--fsys-tarfile", packageFile], Path.GetTempPath(), cancellation, ReadEntriesAsync).ConfigureAwait(false);
            if (result.ExitCode != 0)
            {
                throw Damaged(packageFile, ProcessRunner.WordsOf(result));
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw Damaged(packageFile, fault.Message);
        }

        async Task ReadEntriesAsync(Stream stream)
        {
            await using TarReader reader = new(stream, leaveOpen: true);
            while (await reader.GetNextEntryAsync(copyData: false, cancellation).ConfigureAwait(false) is { } entry)
            {
                await visit(entry).ConfigureAwait(false);
            }
        }
    }

    private static async Task SaveAsync(TarEntry entry, string file, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        FileStream output = new(file, FileMode.CreateNew, FileAccess.Write);
        await using (output.ConfigureAwait(false))
        {
            if (entry.DataStream is { } content)
            {
                await content.CopyToAsync(output, cancellation).ConfigureAwait(false);
            }
        }
    }

    // A name that leads out of the package gives "", which is below no wanted folder.
    private static string PathOf(string name)
    {
        string path = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
        path = path.TrimEnd('/');
        return TreePath.IsInside(path) ? path : "";
    }

    // What headers can be at most: a package that has more is none of headers.
    private sealed class Budget(string packageFile)
    {
        private const long MaxFileBytes = 32 << 20;
        private const long MaxTotalBytes = 1 << 30;
        private const int MaxFiles = 200_000;

        private long total;
        private int files;

        internal void Take(string path, long sizeBytes)
        {
            total += sizeBytes;
            if (sizeBytes > MaxFileBytes || total > MaxTotalBytes || ++files > MaxFiles)
            {
                throw Damaged(
                    packageFile,
                    $"with {path} it has more than {MaxFileBytes >> 20} MB in a file, {MaxTotalBytes >> 20} MB or {MaxFiles} files in all");
            }
        }
    }

    private static HeaderSyncException Damaged(string packageFile, string what) => new(
        $"{Path.GetFileName(packageFile)} is no package that can be read: {VisibleText.Of(what)}",
        "Run the command again; if it persists, use another mirror.");
}
