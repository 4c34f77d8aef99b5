using System.Globalization;
using HvBindgen.Generator.Files;

namespace HvBindgen.Generator.Snapshots;

/// <summary>Reads the bytes of snapshot files: of files only, and of a size that snapshots have.</summary>
public static class SnapshotFiles
{
    /// <summary>Largest file that is read, in bytes; the snapshot of all uapi headers together has about ten million.</summary>
    public const uint MaximumBytes = 256 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shown">Its name for messages.</param>
    /// <returns>Its content.</returns>
    /// <exception cref="SnapshotException">It is a device or a pipe, or too large.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] Read(string path, string shown) => FileStatus.Of(path) switch
    {
        { IsRegular: false } => throw new SnapshotException($"{shown}: is no regular file"),
        { SizeBytes: > MaximumBytes } => throw new SnapshotException(
            string.Create(CultureInfo.InvariantCulture, $"{shown}: is larger than any snapshot, {MaximumBytes >> 20} MB")),
        _ => File.ReadAllBytes(path),
    };
}
