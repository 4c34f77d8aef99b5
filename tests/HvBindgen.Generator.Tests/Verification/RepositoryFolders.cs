namespace HvBindgen.Generator.Tests.Verification;

/// <summary>Where the repository's files lie while its tests run.</summary>
internal static class RepositoryFolders
{
    private const string TestsPath = "tests/HvBindgen.Generator.Tests/";

    /// <summary>The folder with <c>HvBindgen.sln</c>.</summary>
    internal static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>The folder of this test project.</summary>
    internal static string Tests { get; } = Path.Combine(Root, TestsPath.TrimEnd('/'));

    /// <summary>The headers that tests parse.</summary>
    internal static string FixtureHeaders { get; } = Path.Combine(Tests, "Fixtures/Headers");

    /// <summary>Headers that the fixtures include, in place of the kernel's.</summary>
    internal static string FixtureIncludes { get; } = Path.Combine(Tests, "Fixtures/include");

    /// <summary>The real place of a source file that the compiler named.</summary>
    /// <param name="sourceFile">
    /// Path from <c>[CallerFilePath]</c>. Deterministic builds put <c>/_/</c> in place of the repository's folder, so only the
    /// part below this project is taken from it.
    /// </param>
    internal static string Locate(string sourceFile) => Locate(sourceFile, Tests);

    internal static string Locate(string sourceFile, string testsFolder)
    {
        string path = sourceFile.Replace('\\', '/');
        int start = path.LastIndexOf(TestsPath, StringComparison.Ordinal);
        return start < 0
            ? throw new ArgumentException($"\"{sourceFile}\" is not below {TestsPath}: only tests of this project can be verified", nameof(sourceFile))
            : Path.Combine(testsFolder, path[(start + TestsPath.Length)..]);
    }

    private static string FindRoot(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HvBindgen.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no folder above {start} has HvBindgen.sln: run the tests inside the repository");
    }
}
