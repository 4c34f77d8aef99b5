namespace HvBindgen.Generator.Headers;

/// <summary>How the downloaded folder compares with the lock.</summary>
/// <param name="Origin">What was downloaded, from where and when; null when nothing was.</param>
/// <param name="Files">Every pinned header, and every other file that is not as it was downloaded.</param>
public sealed record HeaderTreeStatus(HeaderOrigin? Origin, IReadOnlyList<HeaderFileStatus> Files)
{
    /// <summary>Whether bindings can be made: every pinned header is there with the locked content.</summary>
    public bool IsUsable => Origin is not null && Files.All(file => !file.IsPinned || file.State == HeaderFileState.Present);

    /// <summary>Whether the folder is exactly what was downloaded.</summary>
    public bool IsClean => Origin is not null && Files.All(file => file.State == HeaderFileState.Present);

    /// <summary>Counts the files in a state.</summary>
    /// <param name="state">The state.</param>
    /// <returns>How many files are in it.</returns>
    public int Count(HeaderFileState state) => Files.Count(file => file.State == state);
}

/// <summary>One file of the downloaded folder.</summary>
/// <param name="Path">Path in the tree, with forward slashes.</param>
/// <param name="IsPinned">Whether the lock lists it.</param>
/// <param name="State">How it compares.</param>
public sealed record HeaderFileStatus(string Path, bool IsPinned, HeaderFileState State);

/// <summary>How a file of the downloaded folder compares with what should be there.</summary>
public enum HeaderFileState
{
    /// <summary>There, with the expected content.</summary>
    Present,

    /// <summary>Not there.</summary>
    Missing,

    /// <summary>There, with other content.</summary>
    Changed,

    /// <summary>There, though nobody downloaded it.</summary>
    Foreign,
}

/// <summary>The record that a download leaves behind.</summary>
/// <param name="Fetched">When it was made.</param>
/// <param name="Content">Source, packages, and every file with its hash.</param>
public sealed record HeaderOrigin(DateTimeOffset Fetched, HeaderLock Content);
