namespace HvBindgen.Generator.Tests.Diff;

/// <summary>Finds files of the source tree, whose place the test's own folder tells.</summary>
internal static class TestTree
{
    internal static string Root { get; } = FindRoot();

    internal static string Fixtures { get; } = Path.Combine(Root, "tests", "HvBindgen.Generator.Tests", "Fixtures");

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HvBindgen.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"no HvBindgen.sln above {AppContext.BaseDirectory}");
    }
}
