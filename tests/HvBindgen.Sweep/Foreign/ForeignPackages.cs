using System.Runtime.InteropServices;
using HvBindgen.Cli.Starting;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Headers;
using HvBindgen.Generator.Model;
using Xunit;

namespace HvBindgen.Sweep.Foreign;

/// <summary>
/// Headers of the pinned packages, fetched through apt as <c>headers sync</c> fetches the kernel's, and unpacked below <c>artifacts</c>.
/// Nothing is installed.
/// </summary>
internal sealed class ForeignPackages
{
    private const string Content = "usr/include";

    private static readonly string Cache = Path.Combine(Repository.Root, "artifacts", "foreign");

    private readonly ForeignDocument document;

    private ForeignPackages(ForeignDocument document) => this.document = document;

    /// <summary>Fetches what is not there yet; the test is skipped with the reason where it cannot be had.</summary>
    internal static async Task<ForeignPackages> FetchAsync(ForeignDocument document, CancellationToken cancellation)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the packages are pinned as amd64 has them");
        ForeignPackage[] missing = [.. document.Packages.Where(package => !Directory.Exists(FolderOf(package)))];
        if (missing.Length > 0)
        {
            using TemporaryFolder work = new();
            try
            {
                await FillAsync(document.Suite, missing, work.Root, cancellation);
            }
            catch (HeaderSyncException fault)
            {
                Assert.Skip($"packages of {document.Suite} cannot be had: {fault.Message}");
            }
        }

        return new ForeignPackages(document);
    }

    /// <summary>A set as <c>init</c> starts it.</summary>
    internal BindingSet SetOf(ForeignSet set, TargetInfo target) => HeaderFolder.SetOf(
        new StarterConfiguration(set.Name, set.Headers, $"Foreign.{set.Name}", IncludePaths(set, target), [target.Name])
        {
            Own = set.Own,
            Defines = set.Defines,
        });

    /// <summary>A set with its packages and their versions.</summary>
    internal string Describe(ForeignSet set) =>
        $"{set.Name}: {string.Join(", ", set.Packages.Select(name => $"{name} {Find(name).Version}"))}, {set.Headers.Count} headers named";

    // Its packages, the libraries', the kernel's.
    private IReadOnlyList<string> IncludePaths(ForeignSet set, TargetInfo target)
    {
        string kernel = Path.Combine(Repository.DownloadedHeaders(), Content);
        string[] own = [.. set.Packages.Select(FolderOf)];
        IEnumerable<string> libraries = document.Libraries.Except(set.Packages).Select(FolderOf);
        return
        [
            .. set.Folders.SelectMany(folder => own.Select(package => Path.Combine(package, folder))).Where(Directory.Exists),
            .. own.Concat(libraries).SelectMany(package => (string[])[Path.Combine(package, target.Multiarch), package])
                .Where(Directory.Exists),
            Path.Combine(kernel, target.Multiarch),
            kernel,
        ];
    }

    private string FolderOf(string name) => Path.Combine(FolderOf(Find(name)), Content);

    private static string FolderOf(ForeignPackage package) => Path.Combine(Cache, $"{package.Name}_{package.Version.Replace(':', '_')}");

    private ForeignPackage Find(string name) => document.Packages.Single(package => package.Name == name);

    private static async Task FillAsync(string suite, ForeignPackage[] packages, string work, CancellationToken cancellation)
    {
        AptArchive archive = new(work, null);
        HeaderPackage[] wanted =
        [
            .. packages.Select(package => new HeaderPackage(package.Name, Content, Content, KernelFolder: null, OnlyWhenMissing: false)),
        ];
        IReadOnlyList<AvailablePackage> available = await archive.ListAsync(suite, wanted, cancellation);
        Directory.CreateDirectory(Cache);
        foreach (ForeignPackage package in packages)
        {
            string file = available.Contains(new AvailablePackage(package.Name, package.Version))
                ? await archive.DownloadAsync(suite, package.Name, package.Version, cancellation)
                : await archive.FindArchivedAsync(package.Name, package.Version, cancellation)
                    ?? throw new HeaderSyncException(
                        $"{suite} has no {package.Name} {package.Version} any more",
                        "Pin in sets.json the version that it has, and accept the table.");
            if (HeaderDigest.OfFile(file) != package.Sha256)
            {
                throw new HeaderSyncException($"{package.Name} {package.Version} is not the file that is pinned", "Use another mirror.");
            }

            // Whole or not at all: a folder that is there is complete.
            string staged = Path.Combine(Cache, $".{package.Name}");
            if (Directory.Exists(staged))
            {
                Directory.Delete(staged, recursive: true);
            }

            await DebianPackageFile.ExtractAsync(file, Content, Path.Combine(staged, Content), cancellation);
            Directory.Move(staged, FolderOf(package));
        }
    }
}
