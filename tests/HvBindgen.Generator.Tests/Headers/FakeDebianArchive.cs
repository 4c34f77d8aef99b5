using HvBindgen.Generator.Headers;
using Xunit;

namespace HvBindgen.Generator.Tests.Headers;

/// <summary>An archive of packages that a test builds; needs dpkg-deb, else the test is skipped.</summary>
internal sealed class FakeDebianArchive : IDebianArchive, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<(string Suite, string Name, string Version, string File)> packages = [];

    public FakeDebianArchive() => Assert.SkipUnless(File.Exists("/usr/bin/dpkg-deb"), "dpkg-deb is needed to build packages");

    /// <summary>Name of what is no suite: packages that were in one once.</summary>
    public const string Past = "past";

    /// <summary>Suites that cannot be read.</summary>
    public HashSet<string> Broken { get; } = [];

    /// <summary>Suites that were asked for, in order.</summary>
    public List<string> Asked { get; } = [];

    public FakeDebianArchive With(string suite, string name, string version, params (string Path, string Text)[] files)
    {
        using TemporaryFolder content = new TemporaryFolder()
            .With("root/DEBIAN/control",
                $"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: nobody\nDescription: test\n");
        foreach ((string path, string text) in files)
        {
            if (text.StartsWith("-> ", StringComparison.Ordinal))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(content["root/" + path])!);
                File.CreateSymbolicLink(content["root/" + path], text[3..]);
            }
            else
            {
                content.With("root/" + path, text);
            }
        }

        string file = folder[$"{packages.Count}.deb"];
        Ending ending = ChildProgram.Run("dpkg-deb", "--root-owner-group", "-b", content["root"], file);
        Assert.True(ending.ExitCode == 0, ending.Error);
        packages.Add((suite, name, version, file));
        return this;
    }

    /// <summary>A complete release: user-space headers with linked asm files, and internal ones.</summary>
    public FakeDebianArchive WithRelease(string suite, string version, string types = "typedef int t;\n", bool hasArm64 = true)
    {
        List<(string, string)> files =
        [
            ("usr/include/linux/dev.h", "#include <asm/types.h>\n"),
            ("usr/include/linux/unrelated.h", version),
            ("usr/include/x86_64-linux-gnu/asm/types.h", "-> ../../../lib/linux/uapi/x86/asm/types.h"),
            ("usr/include/x86_64-linux-gnux32/asm/types.h", "-> ../../../lib/linux/uapi/x86/asm/types.h"),
            ("usr/lib/linux/uapi/x86/asm/types.h", types),
            ("usr/share/doc/readme", ""),
        ];
        if (hasArm64)
        {
            files.Add(("usr/include/aarch64-linux-gnu/asm/types.h", "typedef long t;\n"));
        }

        return With(suite, "libc-dev", version, [.. files]).With(
            suite, $"headers-{version}-common", version, ($"usr/src/headers-{version}-common/include/internal/in.h", "int in;\n"),
            ($"usr/src/headers-{version}-common/include/other/x.h", ""));
    }

    public Task<IReadOnlyList<AvailablePackage>> ListAsync(
        string suite, IReadOnlyList<HeaderPackage> wanted, CancellationToken cancellation)
    {
        Asked.Add(suite);
        return Broken.Contains(suite)
            ? throw new HeaderSyncException($"apt says: {suite} is down", "Check the network.")
            : Task.FromResult<IReadOnlyList<AvailablePackage>>(
                [.. packages.Where(p => p.Suite == suite).Select(p => new AvailablePackage(p.Name, p.Version))]);
    }

    public Task<string> DownloadAsync(string suite, string name, string version, CancellationToken cancellation) =>
        Task.FromResult(packages.Single(p => p.Suite == suite && p.Name == name && p.Version == version).File);

    /// <summary>Packages that are in no suite any more, and whether the archive that still has them answers.</summary>
    public Task<string?> FindArchivedAsync(string name, string version, CancellationToken cancellation) =>
        Task.FromResult<string?>(packages.FirstOrDefault(p => p.Suite == Past && p.Name == name && p.Version == version).File);

    /// <summary>Moves a suite's packages to those of the past.</summary>
    public FakeDebianArchive Leave(string suite)
    {
        for (int index = 0; index < packages.Count; index++)
        {
            packages[index] = packages[index].Suite == suite ? packages[index] with { Suite = Past } : packages[index];
        }

        return this;
    }

    public void Dispose() => folder.Dispose();
}
