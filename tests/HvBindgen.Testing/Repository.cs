namespace HvBindgen.Testing;

/// <summary>The working copy that the tests were built from.</summary>
public static class Repository
{
    private const string TestProjects = "tests/HvBindgen.";

    /// <summary>The folder with <c>HvBindgen.sln</c>.</summary>
    public static string Root { get; } = Find();

    /// <summary>The folders whose projects are the product.</summary>
    public static IReadOnlyList<string> ProductFolders { get; } = ["generator", "runtime"];

    /// <summary>Path of a file or folder of the working copy.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>What a project builds to, in the configuration of the running test.</summary>
    /// <param name="project">Folder of the project in the repository.</param>
    /// <param name="file">File in its output.</param>
    public static string Built(string project, string file)
    {
        // tests/HvBindgen.Samples.Tests/bin/Release/net10.0
        DirectoryInfo output = new(AppContext.BaseDirectory.TrimEnd('/'));
        string path = Path.Combine(Root, project, "bin", output.Parent!.Name, output.Name, file);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: build {project} first", path);
    }

    /// <summary>The synchronised kernel headers. Skips the test when there are none.</summary>
    public static string DownloadedHeaders()
    {
        string folder = PathOf("headers/downloaded");
        if (!Directory.Exists(Path.Combine(folder, "usr/include/linux")))
        {
            Requirement.SkipOrFail("the kernel's headers have not been fetched: run ./regenerate.sh");
        }

        return folder;
    }

    /// <summary>The real place of a source file that the compiler named.</summary>
    /// <param name="sourceFile">
    /// Path from <c>[CallerFilePath]</c>. Deterministic builds put <c>/_/</c> in place of the repository's folder, so only the
    /// part from <c>tests/</c> on is taken from it.
    /// </param>
    /// <exception cref="ArgumentException">It is no source of a test.</exception>
    public static string Locate(string sourceFile)
    {
        string path = sourceFile.Replace('\\', '/');
        int start = path.LastIndexOf(TestProjects, StringComparison.Ordinal);
        return start < 0
            ? throw new ArgumentException($"\"{sourceFile}\" is not below {TestProjects}*", nameof(sourceFile))
            : PathOf(path[start..]);
    }

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HvBindgen.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException(
            $"no HvBindgen.sln above {AppContext.BaseDirectory}: run the tests from the working copy they were built in");
    }
}
