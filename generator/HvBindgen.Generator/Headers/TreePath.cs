using HvBindgen.Generator.Files;

namespace HvBindgen.Generator.Headers;

/// <summary>Relative paths with forward slashes that stay below the folder they are meant for.</summary>
internal static class TreePath
{
    /// <summary>Whether a path is relative and has no empty, <c>.</c> or <c>..</c> segment.</summary>
    internal static bool IsInside(string path) =>
        path.Length > 0 && !path.Contains('\\') && !path.Contains('\0')
        && path.Split('/').All(segment => segment is not ("" or "." or ".."));

    /// <summary>Refuses a path of a JSON file that leads out of its folder.</summary>
    internal static void Require(string file, string path)
    {
        if (!IsInside(path))
        {
            throw new HeaderSyncException(
                $"{file}: '{path}' is not a relative path inside the header tree", "Correct the path: forward slashes, no '..'.");
        }
    }

    /// <summary>Resolves a symbolic link's target against the folder it is in; null when it leads out of the package.</summary>
    internal static string? Resolve(string folder, string target)
    {
        List<string> segments = target.StartsWith('/') ? [] : [.. folder.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        foreach (string segment in target.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == ".." && segments.Count > 0)
            {
                segments.RemoveAt(segments.Count - 1);
            }
            else if (segment == "..")
            {
                return null;
            }
            else if (segment != ".")
            {
                segments.Add(segment);
            }
        }

        return segments.Count == 0 ? null : string.Join('/', segments);
    }

    /// <summary>All files below a folder as sorted relative paths; symbolic links to folders are not followed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="owner">The folder that links to files may lead to; the same one where it is not given.</param>
    /// <exception cref="HeaderSyncException">A link leads elsewhere: what is there is none of these headers.</exception>
    internal static List<string> FilesBelow(string folder, string? owner = null)
    {
        string within = RealPath.Of(owner ?? folder);
        EnumerationOptions options = new()
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.None,
            MatchType = MatchType.Simple,
        };
        List<string> paths = [];
        if (Directory.Exists(folder))
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*", options))
            {
                if (new FileInfo(file).LinkTarget is not null && !RealPath.IsWithin(RealPath.Of(file), within))
                {
                    throw new HeaderSyncException(
                        $"{VisibleText.Of(file)} is a link that leads out of {owner ?? folder}",
                        "Remove it, or put the header itself there.");
                }

                paths.Add(Path.GetRelativePath(folder, file).Replace('\\', '/'));
            }
        }

        paths.Sort(string.CompareOrdinal);
        return paths;
    }
}
