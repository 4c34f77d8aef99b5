namespace HvBindgen.Docs.Tests;

/// <summary>The Markdown files of the repository, as a reader finds them.</summary>
internal static class Documents
{
    private static readonly string[] Folders = ["generator", "runtime", "headers", "samples", "tests", ".github"];
    private static readonly string[] NotOurs = ["bin", "obj", "downloaded", "Fixtures"];

    /// <summary>All Markdown files, relative to the repository.</summary>
    public static IReadOnlyList<string> All { get; } = Find();

    private static List<string> Find()
    {
        List<string> files =
            [.. Directory.EnumerateFiles(Repository.Root, "*.md").Select(file => Path.GetRelativePath(Repository.Root, file))];
        foreach (string folder in Folders.Select(folder => Path.Combine(Repository.Root, folder)).Where(Directory.Exists))
        {
            files.AddRange(Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Repository.Root, file))
                .Where(file => !file.Split('/').Intersect(NotOurs).Any()));
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }
}
