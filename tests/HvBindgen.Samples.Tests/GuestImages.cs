using Xunit;

namespace HvBindgen.Samples.Tests;

/// <summary>What the sample LinuxGuest starts, from Debian's packages: fetched once, and kept where the user keeps such things.</summary>
internal static class GuestImages
{
    private const int CannotBeFetched = 4;

    /// <summary>Fetches the files; where they cannot be had, the test is skipped.</summary>
    /// <returns>Their folder.</returns>
    internal static string Fetch()
    {
        Ending fetched = ChildProgram.Run(Path.Combine(Sample.Folder, "LinuxGuest/fetch.sh"));
        if (fetched.ExitCode == CannotBeFetched)
        {
            Assert.Skip($"the guests' packages cannot be had: {fetched.Error.Trim().Split('\n')[^1]}");
        }

        Assert.True(fetched.ExitCode == 0, fetched.Error);
        return fetched.Out.Trim();
    }
}
