using System.Globalization;
using System.Text;
using HvBindgen.Generator.Files;

namespace HvBindgen.Generator.Headers;

/// <summary>The folder of downloaded headers: <c>usr/include</c>, further folders beside it, and the record of their origin.</summary>
/// <param name="root">The folder; it need not exist yet.</param>
public sealed class HeaderTree(string root)
{
    internal const string OriginName = "origin.json";

    /// <summary>The folder.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Folder of the exported user-space headers: the include path of every target.</summary>
    public string IncludeFolder => Path.Combine(Root, "usr", "include");

    /// <summary>Whether anything has been downloaded.</summary>
    public bool Exists => File.Exists(OriginPath);

    private string OriginPath => Path.Combine(Root, OriginName);

    /// <summary>Full path of a header.</summary>
    /// <param name="treePath">Path in the tree, with forward slashes.</param>
    /// <returns>Its full path; the file need not exist.</returns>
    public string FullPath(string treePath) => Path.Combine(Root, treePath);

    /// <summary>What was downloaded, from where and when.</summary>
    /// <returns>The record; null when nothing has been downloaded.</returns>
    /// <exception cref="HeaderSyncException">The record is damaged.</exception>
    public HeaderOrigin? ReadOrigin()
    {
        if (!Exists)
        {
            return null;
        }

        OriginDocument document = HeaderJson.Read(OriginPath, HeaderJson.Context.OriginDocument, HeaderLock.Schema);
        if (!DateTimeOffset.TryParseExact(
            document.FetchedUtc, "u", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset fetched))
        {
            throw new HeaderSyncException($"{OriginPath}: fetchedUtc is no date", "Run: hvbindgen headers sync");
        }

        return new HeaderOrigin(fetched, LockMapping.FromDocument(document.Content));
    }

    /// <summary>Compares the folder with the lock: pinned headers by content, all others by presence.</summary>
    /// <param name="locked">The lock.</param>
    /// <returns>Each pinned header, each other header that is gone, and each file that nobody put there.</returns>
    public HeaderTreeStatus Status(HeaderLock locked) => Compare(locked, everyContent: false);

    /// <summary>Compares the folder with the lock and with the record of its origin, every header by content.</summary>
    /// <param name="locked">The lock.</param>
    /// <returns>Each pinned header, each other header that is gone or changed, and each file that nobody put there.</returns>
    public HeaderTreeStatus Verify(HeaderLock locked) => Compare(locked, everyContent: true);

    /// <summary>Hashes the pinned headers and nothing else: the check before each use.</summary>
    /// <param name="locked">The lock.</param>
    /// <returns>Those that are missing or changed; empty when all are as locked.</returns>
    public IReadOnlyList<HeaderFileStatus> FindPinnedFaults(HeaderLock locked)
    {
        List<HeaderFileStatus> faults = [];
        foreach (LockedFile pinned in locked.Files)
        {
            HeaderFileState state = !File.Exists(FullPath(pinned.Path)) ? HeaderFileState.Missing
                : HeaderDigest.OfFile(FullPath(pinned.Path)) == pinned.Sha256 ? HeaderFileState.Present
                : HeaderFileState.Changed;
            if (state != HeaderFileState.Present)
            {
                faults.Add(new HeaderFileStatus(pinned.Path, true, state));
            }
        }

        return faults;
    }

    /// <summary>Compares the folder with the record of its origin.</summary>
    /// <returns>What has been changed or added since it was fetched; empty when nothing was, or nothing has been fetched.</returns>
    /// <exception cref="HeaderSyncException">The record is damaged.</exception>
    public IReadOnlyList<HeaderFileStatus> FindEdits()
    {
        if (ReadOrigin() is not { } origin)
        {
            return [];
        }

        Dictionary<string, LockedFile> fetched = origin.Content.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        List<HeaderFileStatus> edits = [];
        foreach (string path in TreePath.FilesBelow(Root).Where(path => path != OriginName))
        {
            if (!fetched.TryGetValue(path, out LockedFile? file))
            {
                edits.Add(new HeaderFileStatus(path, false, HeaderFileState.Foreign));
            }
            else if (HeaderDigest.OfFile(FullPath(path)) != file.Sha256)
            {
                edits.Add(new HeaderFileStatus(path, false, HeaderFileState.Changed));
            }
        }

        return edits;
    }

    internal static void WriteOrigin(string folder, HeaderOrigin origin)
    {
        OriginDocument document = new(
            HeaderLock.Schema,
            origin.Fetched.UtcDateTime.ToString("u", CultureInfo.InvariantCulture),
            LockMapping.ToDocument(origin.Content));
        string text = HeaderJson.Write(document, HeaderJson.Context.OriginDocument);
        FileContent.WriteNew(Path.Combine(folder, OriginName), Encoding.UTF8.GetBytes(text));
    }

    private HeaderTreeStatus Compare(HeaderLock locked, bool everyContent)
    {
        HeaderOrigin? origin = ReadOrigin();
        HashSet<string> onDisk = [.. TreePath.FilesBelow(Root)];
        List<HeaderFileStatus> files = [];
        HashSet<string> known = [OriginName];

        foreach (LockedFile pinned in locked.Files)
        {
            known.Add(pinned.Path);
            files.Add(new HeaderFileStatus(pinned.Path, true, StateOf(pinned, onDisk, byContent: true)));
        }

        foreach (LockedFile other in origin?.Content.Files ?? [])
        {
            if (known.Add(other.Path) && StateOf(other, onDisk, everyContent) is var state and not HeaderFileState.Present)
            {
                files.Add(new HeaderFileStatus(other.Path, false, state));
            }
        }

        foreach (string path in onDisk.Where(path => !known.Contains(path)))
        {
            files.Add(new HeaderFileStatus(path, false, HeaderFileState.Foreign));
        }

        return new HeaderTreeStatus(origin, [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)]);
    }

    private HeaderFileState StateOf(LockedFile expected, HashSet<string> onDisk, bool byContent)
    {
        if (!onDisk.Contains(expected.Path))
        {
            return HeaderFileState.Missing;
        }

        return !byContent || HeaderDigest.OfFile(FullPath(expected.Path)) == expected.Sha256
            ? HeaderFileState.Present
            : HeaderFileState.Changed;
    }
}
