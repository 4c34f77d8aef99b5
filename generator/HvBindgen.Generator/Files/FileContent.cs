using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace HvBindgen.Generator.Files;

/// <summary>
/// Reads and writes files of a repository, whose author need not be the user: a name may stand for a device that never ends, a pipe that
/// nobody writes to, or a link to somebody else's file.
/// </summary>
public static class FileContent
{
    /// <summary>Largest header that is read, in bytes: far more than any.</summary>
    public const long MaxHeaderBytes = 32 << 20;

    /// <summary>Reads a file whole.</summary>
    /// <param name="path">The file; links are followed.</param>
    /// <param name="mostBytes">Largest size that such a file has.</param>
    /// <returns>Its content.</returns>
    /// <exception cref="IOException">It is no regular file or larger, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] Read(string path, long mostBytes)
    {
        RequireOrdinary(path, mostBytes);
        return File.ReadAllBytes(path);
    }

    /// <summary>Reads a file whole that lies below a folder, not only by its name.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="path">The file; links are followed.</param>
    /// <param name="mostBytes">Largest size that such a file has.</param>
    /// <returns>Its content.</returns>
    /// <exception cref="IOException">A link leads out of the folder; or it is no regular file or larger, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadBelow(string folder, string path, long mostBytes) =>
        RealPath.IsWithin(RealPath.Of(path), RealPath.Of(folder))
            ? Read(path, mostBytes)
            : throw new IOException($"{path} is a link that leads out of {folder}");

    /// <summary>Passes what is a file with content, of a size that such a file has; also what is not there, which opening tells.</summary>
    /// <param name="path">The file; links are followed.</param>
    /// <param name="mostBytes">Largest size that such a file has.</param>
    /// <exception cref="IOException">It is a device, a pipe or a folder, or larger.</exception>
    public static void RequireOrdinary(string path, long mostBytes)
    {
        if (FileStatus.Of(path) is not { } status)
        {
            return;
        }

        if (!status.IsRegular)
        {
            throw new IOException($"{path} is no regular file");
        }

        if (status.SizeBytes > (ulong)mostBytes)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{path} is larger than {mostBytes >> 20} MB"));
        }
    }

    /// <summary>Writes a file that only this run knows; what lies there is removed, a link itself and not what it leads to.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    internal static void WriteNew(string path, ReadOnlySpan<byte> content)
    {
        using SafeFileHandle file = CreateNew(path);
        RandomAccess.Write(file, content, fileOffset: 0);
    }

    // Mostly nothing lies there. It is shared with nobody: a lock that others may share would first ask what file system it is.
    private static SafeFileHandle CreateNew(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        }
        catch (IOException) when (File.Exists(path) || new FileInfo(path).LinkTarget is not null)
        {
            File.Delete(path);
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        }
    }
}
