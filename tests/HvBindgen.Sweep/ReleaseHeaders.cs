using HvBindgen.Generator.Headers;
using HvBindgen.Generator.Model;
using Xunit;

namespace HvBindgen.Sweep;

/// <summary>The uapi headers of one released kernel, fetched as the lock beside the tests pins them.</summary>
internal sealed class ReleaseHeaders
{
    private readonly string include;

    private ReleaseHeaders(string include) => this.include = include;

    /// <summary>Fetches a release, or uses what was fetched before; the test is skipped with the reason where it cannot be had.</summary>
    /// <param name="name">The kernel, for example <c>6.12</c>.</param>
    /// <param name="cancellation">Stops the work.</param>
    internal static async Task<ReleaseHeaders> FetchAsync(string name, CancellationToken cancellation)
    {
        string folder = Repository.PathOf($"tests/HvBindgen.Sweep/Releases/linux-{name}");
        HeaderSyncOptions options = new()
        {
            SourcesPath = Path.Combine(folder, "sources.json"),
            LockPath = Path.Combine(folder, "headers.lock.json"),
            TreePath = Path.Combine(Repository.Root, "artifacts", "releases", name),
        };
        Directory.CreateDirectory(Path.GetDirectoryName(options.TreePath)!);
        try
        {
            await HeaderSync.SyncAsync(options, null, cancellation);
        }
        catch (HeaderSyncException fault)
        {
            Assert.Skip($"the headers of Linux {name} cannot be had: {fault.Message}");
        }

        return new ReleaseHeaders(Path.Combine(options.TreePath, "usr", "include"));
    }

    /// <summary>Where a machine's headers are looked for.</summary>
    /// <remarks>Some take types from a C library, whose part the folder at the end plays.</remarks>
    internal IReadOnlyList<string> IncludePaths(TargetInfo target) =>
        [Path.Combine(include, target.Multiarch), include, Repository.PathOf("headers/uapi/shim")];

    /// <summary>The headers that a program for the machine can include.</summary>
    internal IEnumerable<string> Headers(TargetInfo target)
    {
        string own = Path.Combine(include, target.Multiarch);
        foreach (string folder in Directory.EnumerateDirectories(include))
        {
            // Folders of machines have asm/ in them; asm-generic is for the machines' headers alone.
            bool isOwn = folder == own;
            if (Path.GetFileName(folder) != "asm-generic" && (isOwn || !Directory.Exists(Path.Combine(folder, "asm"))))
            {
                foreach (string file in Directory.EnumerateFiles(folder, "*.h", SearchOption.AllDirectories))
                {
                    yield return Path.GetRelativePath(isOwn ? own : include, file);
                }
            }
        }
    }

    /// <summary>The text of a header as a program for the machine gets it.</summary>
    internal string Read(string header, TargetInfo target) =>
        File.ReadAllText(IncludePaths(target).Select(folder => Path.Combine(folder, header)).First(File.Exists));
}
