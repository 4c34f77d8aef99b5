using System.Runtime.CompilerServices;

namespace HvBindgen.Docs.Tests;

/// <summary>The Markdown files of the repository, as a reader finds them.</summary>
internal static class Documents
{
    private static readonly string[] Folders = ["generator", "runtime", "headers", "samples", "tests", ".github"];
    private static readonly string[] NotOurs = ["bin", "obj", "downloaded", "Fixtures"];

    /// <summary>Folder of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All Markdown files, relative to the repository.</summary>
    public static IReadOnlyList<string> All { get; } = Find();

    private static List<string> Find()
    {
        List<string> files = [.. Directory.EnumerateFiles(Root, "*.md").Select(file => Path.GetRelativePath(Root, file))];
        foreach (string folder in Folders.Select(folder => Path.Combine(Root, folder)).Where(Directory.Exists))
        {
            files.AddRange(Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Root, file))
                .Where(file => !file.Split('/').Intersect(NotOurs).Any()));
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        DirectoryInfo? folder = new(File.Exists(thisFile) ? Path.GetDirectoryName(thisFile)! : AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HvBindgen.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("HvBindgen.sln is in no folder above.");
    }
}
