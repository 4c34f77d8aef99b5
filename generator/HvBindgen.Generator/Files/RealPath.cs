namespace HvBindgen.Generator.Files;

/// <summary>Where a path really leads: complete, and with every link on the way followed.</summary>
internal static class RealPath
{
    // As many as the kernel follows (include/linux/namei.h, MAXSYMLINKS).
    private const int MaxLinks = 40;

    /// <summary>The path with links followed; the part of it that does not exist stays as it is written.</summary>
    /// <exception cref="IOException">The links go round in a circle.</exception>
    internal static string Of(string path)
    {
        Stack<string> waiting = new(Segments(Path.Combine(Environment.CurrentDirectory, path)).Reverse());
        string at = "/";
        int links = 0;
        while (waiting.TryPop(out string? segment))
        {
            if (segment == "..")
            {
                at = Path.GetDirectoryName(at) ?? "/";
                continue;
            }

            string next = Path.Combine(at, segment);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                at = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException($"{path}: too many links on the way");
            }

            at = Path.IsPathRooted(target) ? "/" : at;
            foreach (string part in Segments(target).Reverse())
            {
                waiting.Push(part);
            }
        }

        return at;
    }

    /// <summary>Whether a path is a folder or lies below it; both as <see cref="Of"/> gives them.</summary>
    internal static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static IEnumerable<string> Segments(string path) => path.Split('/').Where(segment => segment is not ("" or "."));
}
