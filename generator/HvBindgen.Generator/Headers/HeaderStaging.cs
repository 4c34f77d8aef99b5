using System.Text;
using HvBindgen.Generator.Files;

namespace HvBindgen.Generator.Headers;

/// <summary>A sibling of the downloaded folder that a new tree is built in; it takes the old one's place when it is complete.</summary>
internal sealed class HeaderStaging : IDisposable
{
    private static readonly TimeSpan LeftOverAge = TimeSpan.FromHours(1);

    private readonly string root;
    private readonly string stagingFolder;

    internal HeaderStaging(string root)
    {
        this.root = root;
        stagingFolder = $"{root}.new-{Environment.ProcessId}";
        DeleteFolder(stagingFolder);
        DeleteLeftOvers();
        TreeFolder = Directory.CreateDirectory(Path.Combine(stagingFolder, "tree")).FullName;
        WorkFolder = Directory.CreateDirectory(Path.Combine(stagingFolder, "work")).FullName;
    }

    /// <summary>The tree to be.</summary>
    internal string TreeFolder { get; }

    /// <summary>Room for what is needed on the way.</summary>
    internal string WorkFolder { get; }

    /// <summary>Puts the new tree in the old one's place, and the lock's new text, if any, with it.</summary>
    internal void Commit((string Path, string Text)? lockFile)
    {
        // Written first: a full disk or a read-only folder shows here, before anything has changed.
        string? newLock = lockFile is null ? null : $"{lockFile.Value.Path}.new-{Environment.ProcessId}";
        string oldTree = $"{root}.old-{Environment.ProcessId}";
        bool hadTree = Directory.Exists(root);
        try
        {
            if (newLock is not null)
            {
                FileContent.WriteNew(newLock, Encoding.UTF8.GetBytes(lockFile!.Value.Text));
            }

            if (hadTree)
            {
                Directory.Move(root, oldTree);
            }

            try
            {
                Directory.Move(TreeFolder, root);
                if (newLock is not null)
                {
                    File.Move(newLock, lockFile!.Value.Path, overwrite: true);
                }
            }
            catch
            {
                TakeBack(oldTree, hadTree);
                throw;
            }
        }
        finally
        {
            if (newLock is not null)
            {
                File.Delete(newLock);
            }
        }

        DeleteFolder(oldTree);
    }

    public void Dispose() => DeleteFolder(stagingFolder);

    private void TakeBack(string oldTree, bool hadTree)
    {
        DeleteFolder(root);
        if (hadTree)
        {
            Directory.Move(oldTree, root);
        }
    }

    // Of runs that were killed. Young ones may belong to a run beside this one.
    private void DeleteLeftOvers()
    {
        string parent = Path.GetDirectoryName(root)!;
        foreach (string kind in (string[])["new", "old"])
        {
            string pattern = $"{Path.GetFileName(root)}.{kind}-*";
            foreach (string folder in Directory.Exists(parent) ? Directory.GetDirectories(parent, pattern) : [])
            {
                if (IsLeftOver(folder) && DateTime.UtcNow - Directory.GetLastWriteTimeUtc(folder) > LeftOverAge)
                {
                    DeleteFolder(folder);
                }
            }
        }
    }

    // Its name ends in a process number, and it holds what a run puts there.
    private static bool IsLeftOver(string folder)
    {
        string number = folder[(folder.LastIndexOf('-') + 1)..];
        string[] entries = [.. Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)!)];
        return number.Length > 0 && number.All(char.IsAsciiDigit)
            && (entries.Contains(HeaderTree.OriginName) || entries.All(entry => entry is "tree" or "work"));
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
