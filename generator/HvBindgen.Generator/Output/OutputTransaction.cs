using HvBindgen.Generator.Files;

namespace HvBindgen.Generator.Output;

/// <summary>Applies changes of files all together: first every new content beside its file, then names change places.</summary>
internal sealed class OutputTransaction : IDisposable
{
    // Also tells leftovers of a killed run apart from everything else.
    private const string Mark = ".hvbindgen-";

    private readonly string suffix = $"{Mark}{Environment.ProcessId}";
    private readonly List<string> madeFolders = [];
    private readonly HashSet<string> presentFolders = new(StringComparer.Ordinal);
    private readonly List<string> temporary = [];
    private readonly List<string> backups = [];
    private readonly List<(string Path, string? Backup)> replaced = [];
    private bool isDone;

    /// <summary>Applies all changes.</summary>
    /// <exception cref="OutputException">One failed; all files are as before.</exception>
    internal void Apply(IReadOnlyList<OutputChange> changes)
    {
        OutputChange[] written = [.. changes.Where(change => change.Kind != OutputChangeKind.Stale)];
        foreach (OutputChange change in written)
        {
            string folder = Path.GetDirectoryName(change.Path)!;
            Try(folder, "making the folder", () => MakeFolder(folder));
            temporary.Add(change.Path + suffix);
        }

        WriteAll(written);
        foreach (OutputChange change in changes)
        {
            string? next = change.Kind == OutputChangeKind.Stale ? null : change.Path + suffix;
            Try(change.Path, "replacing it", () =>
            {
                if (change.Kind != OutputChangeKind.New || !TryPlace(change.Path, next!))
                {
                    Replace(change.Path, next);
                }
            });
        }

        isDone = true;
    }

    // At the same time; of failures the first in the order of the files is told.
    private void WriteAll(OutputChange[] changes)
    {
        OutputException?[] failures = new OutputException?[changes.Length];
        Parallel.For(0, changes.Length, index =>
        {
            try
            {
                WriteBeside(changes[index].Path, changes[index].After);
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

    private void WriteBeside(string path, ReadOnlyMemory<byte> content) => Try(path, "writing it", () =>
    {
        if (Directory.Exists(path) && !OutputPlan.IsLink(path))
        {
            throw new IOException("a folder has this name");
        }

        FileContent.WriteNew(path + suffix, content.Span);
    });

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
            replaced.Add((path, null));
            File.Move(next!, path);
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

    private static void Quietly(Action action)
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
