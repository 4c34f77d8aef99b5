using HvBindgen.Generator.Files;

namespace HvBindgen.Generator.Output;

/// <summary>
/// Applies changes of files all together: first every new content beside its file, or in a folder beside the one that is not there yet,
/// then names change places.
/// </summary>
internal sealed class OutputTransaction : IDisposable
{
    // Also tells leftovers of a killed run apart from everything else.
    private const string Mark = ".hvbindgen-";

    private readonly string suffix = $"{Mark}{Environment.ProcessId}";
    private readonly List<string> madeFolders = [];
    private readonly HashSet<string> presentFolders = new(StringComparer.Ordinal);
    private readonly NewFolders newFolders;
    private readonly List<string> temporary = [];
    private readonly List<string> backups = [];
    private readonly List<(string Path, string? Backup)> replaced = [];
    private bool isDone;

    internal OutputTransaction() => newFolders = new NewFolders(suffix);

    /// <summary>Applies all changes.</summary>
    /// <exception cref="OutputException">One failed; all files are as before.</exception>
    internal void Apply(IReadOnlyList<OutputChange> changes)
    {
        string?[] nexts = [.. changes.Select(change => change.Kind == OutputChangeKind.Stale ? null : MakeRoom(change.Path))];
        WriteAll(changes, nexts);
        for (int index = 0; index < nexts.Length; index++)
        {
            OutputChange change = changes[index];
            string? next = nexts[index];
            if (next is null || !TryPlaceFolder(change.Path))
            {
                Try(change.Path, "replacing it", () =>
                {
                    if (change.Kind != OutputChangeKind.New || !TryPlace(change.Path, next!))
                    {
                        Replace(change.Path, next);
                    }
                });
            }
        }

        isDone = true;
    }

    // At the same time; of failures the first in the order of the files is told.
    private void WriteAll(IReadOnlyList<OutputChange> changes, string?[] nexts)
    {
        OutputException?[] failures = new OutputException?[nexts.Length];
        Parallel.For(0, nexts.Length, index =>
        {
            try
            {
                if (nexts[index] is { } next)
                {
                    Write(changes[index].Path, next, changes[index].After);
                }
            }
            catch (OutputException failure)
            {
                failures[index] = failure;
            }
        });
        if (Array.Find(failures, failure => failure is not null) is { } first)
        {
            throw first;
        }
    }

    /// <summary>Takes back what was applied unless all of it was, and removes what was only for the way.</summary>
    public void Dispose()
    {
        if (!isDone)
        {
            for (int index = replaced.Count - 1; index >= 0; index--)
            {
                (string path, string? backup) = replaced[index];
                Quietly(() => TakeBack(path, backup));
            }
        }

        newFolders.Remove(alsoPlaced: !isDone);

        // When all is done each new content is where it belongs.
        foreach (string path in isDone ? backups : [.. temporary, .. backups])
        {
            Quietly(() => File.Delete(path));
        }

        for (int index = madeFolders.Count - 1; index >= 0 && !isDone; index--)
        {
            string folder = madeFolders[index];
            Quietly(() => Directory.Delete(folder));
        }
    }

    private void Write(string path, string next, ReadOnlyMemory<byte> content) => Try(path, "writing it", () =>
    {
        if (newFolders.Around(path) is null && Directory.Exists(path) && !OutputPlan.IsLink(path))
        {
            throw new IOException("a folder has this name");
        }

        FileContent.WriteNew(next, content.Span);
    });

    // Where a file's new content is written.
    private string MakeRoom(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        string next = path + suffix;
        Try(folder, "making the folder", () =>
        {
            if (newFolders.Make(folder) is { } made)
            {
                next = made.MakeRoom(path);
            }
            else
            {
                MakeFolder(folder);
                temporary.Add(next);
            }
        });
        return next;
    }

    // Whether a file came to its place with a new folder. If not, the file's own folder is there.
    private bool TryPlaceFolder(string path)
    {
        bool isPlaced = false;
        if (newFolders.Around(path) is { } made)
        {
            string folder = Path.GetDirectoryName(path)!;
            Try(folder, "making the folder", () =>
            {
                isPlaced = made.TryPlace();
                if (!isPlaced)
                {
                    MakeFolder(folder);
                }
            });
        }

        return isPlaced;
    }

    private void MakeFolder(string folder)
    {
        if (!presentFolders.Add(folder) || Directory.Exists(folder))
        {
            return;
        }

        if (Path.GetDirectoryName(folder) is { } parent)
        {
            MakeFolder(parent);
        }

        Directory.CreateDirectory(folder);
        madeFolders.Add(folder);
    }

    // Whether nothing has the name, as it was when the files were compared.
    private bool TryPlace(string path, string next)
    {
        try
        {
            File.Move(next, path);
        }
        catch (IOException) when (File.Exists(path) || OutputPlan.IsLink(path))
        {
            return false;
        }

        replaced.Add((path, null));
        return true;
    }

    private void Replace(string path, string? next)
    {
        // A link is replaced like a file; what it points to is somebody else's.
        bool isLink = OutputPlan.IsLink(path);
        if (!File.Exists(path) && !isLink)
        {
            // What is stale may have gone meanwhile.
            if (next is not null)
            {
                replaced.Add((path, null));
                File.Move(next, path);
            }

            return;
        }

        string backup = path + suffix + "-old";
        backups.Add(backup);
        replaced.Add((path, backup));
        if (next is null || isLink)
        {
            File.Move(path, backup, overwrite: true);
            if (next is not null)
            {
                File.Move(next, path);
            }
        }
        else
        {
            Exchange(path, next, backup);
        }
    }

    private static void Exchange(string path, string next, string backup)
    {
        try
        {
            // One step: whoever opens the file finds the old content or the new one.
            File.Replace(next, path, backup);
        }
        catch (IOException) when (File.Exists(next) && File.Exists(path))
        {
            // File systems without hard links cannot; two steps then.
            File.Move(path, backup, overwrite: true);
            File.Move(next, path);
        }
    }

    private static void TakeBack(string path, string? backup)
    {
        if (backup is not null)
        {
            File.Move(backup, path, overwrite: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    private static void Try(string path, string operation, Action action)
    {
        try
        {
            action();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            bool isFull = IsDiskFull(fault);
            throw new OutputException(
                $"{path}: {operation} failed: {fault.Message}",
                (isFull ? "Free space on the disk" : "Make the folder writable, or choose another one")
                    + ", then run the command again. No file has been changed.",
                fault,
                isFull);
        }
    }

    // .NET on Unix carries errno in the low bits of HResult for errors it has no class for: 28 is ENOSPC, 122 EDQUOT.
    internal static bool IsDiskFull(Exception fault) => (fault.HResult & 0xFFFF) is 28 or 122 or 0x70;

    /// <summary>Does what belongs to taking back; what fails stays.</summary>
    internal static void Quietly(Action action)
    {
        try
        {
            action();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report.
        }
    }
}
