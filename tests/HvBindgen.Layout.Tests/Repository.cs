using Xunit;

namespace HvBindgen.Layout.Tests;

/// <summary>The working copy that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>Whether a missing tool or header is a fault instead of a reason to skip.</summary>
    internal static bool IsCi { get; } = Environment.GetEnvironmentVariable("CI") is "true" or "1";

    internal static string Root { get; } = FindRoot();

    internal static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>The synchronised kernel headers. Skips the test when there are none.</summary>
    internal static string DownloadedHeaders()
    {
        string folder = PathOf("headers/downloaded");
        if (!Directory.Exists(Path.Combine(folder, "usr/include/linux")))
        {
            SkipOrFail("the kernel's headers have not been fetched: run ./regenerate.sh");
        }

        return folder;
    }

    /// <summary>Skips the test; in CI, where everything has been set up, it fails.</summary>
    internal static void SkipOrFail(string reason)
    {
        if (IsCi)
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HvBindgen.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no HvBindgen.sln above {AppContext.BaseDirectory}: run the tests from the working copy they were built in");
    }
}
