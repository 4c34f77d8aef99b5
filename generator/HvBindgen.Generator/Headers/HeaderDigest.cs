using System.Security.Cryptography;
using System.Text;
using HvBindgen.Generator.Files;

namespace HvBindgen.Generator.Headers;

/// <summary>SHA-256 of a file, and of a whole tree of files.</summary>
internal static class HeaderDigest
{
    /// <summary>SHA-256 of a file's content, in lower-case hexadecimal.</summary>
    /// <exception cref="IOException">It is a device or a pipe, or cannot be read.</exception>
    internal static string OfFile(string path)
    {
        FileContent.RequireOrdinary(path, long.MaxValue);
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>SHA-256 over the lines "path sha256", sorted by path: one value that changes with any file of the tree.</summary>
    internal static string OfTree(IEnumerable<LockedFile> files)
    {
        StringBuilder lines = new();
        foreach (LockedFile file in files.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            lines.Append(file.Path).Append(' ').Append(file.Sha256).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())));
    }
}
