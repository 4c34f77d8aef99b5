using System.Runtime.InteropServices;

namespace HvBindgen.Generator.Clang;

/// <summary>The NuGet package that has a libclang for this kind of machine, and where NuGet puts it.</summary>
/// <param name="RuntimeIdentifier">Kind of machine, such as <c>linux-x64</c>.</param>
/// <param name="CacheFolder">NuGet's folder of downloaded packages.</param>
internal sealed record LibClangPackage(string RuntimeIdentifier, string CacheFolder)
{
    /// <summary>The version that this project was tested with.</summary>
    internal const string Version = "22.1.8";

    /// <summary>Name of the package.</summary>
    internal string Id => $"libclang.runtime.{RuntimeIdentifier}";

    /// <summary>Folder of the library within the package, and beside a program that was published with the package.</summary>
    internal string NativeFolder => $"runtimes/{RuntimeIdentifier}/native";

    /// <summary>One shell command that gets the package from the user's own package sources to where it is found.</summary>
    internal string Command => $"dotnet package download {Id}@{Version} --output {Quote(CacheFolder)}";

    /// <summary>Folders with a library in the cache, one for each version that is there.</summary>
    internal IEnumerable<string> CachedFolders() => VersionsIn(Path.Combine(CacheFolder, Id));

    /// <summary>Folders with a library below a folder that someone named: a package, one version of it, or neither.</summary>
    internal IEnumerable<string> FoldersBelow(string folder)
    {
        string native = Path.Combine(folder, NativeFolder);
        return Directory.Exists(native) ? [native] : VersionsIn(folder);
    }

    /// <summary>The package for the machine that this runs on; null where none is built: elsewhere than on Linux with glibc.</summary>
    internal static LibClangPackage? OfThisMachine()
    {
        string runtime = RuntimeInformation.RuntimeIdentifier;
        bool hasGlibc = !runtime.Contains("musl", StringComparison.Ordinal) && !runtime.StartsWith("alpine", StringComparison.Ordinal);
        string? machine = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "linux-x64",
            Architecture.Arm64 => "linux-arm64",
            _ => null,
        };
        string cache = CacheIn(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Environment.GetEnvironmentVariable("NUGET_PACKAGES"));
        return OperatingSystem.IsLinux() && hasGlibc && machine is not null ? new LibClangPackage(machine, cache) : null;
    }

    /// <summary>NuGet's folder of downloaded packages.</summary>
    /// <param name="home">The user's home folder.</param>
    /// <param name="chosen">What <c>NUGET_PACKAGES</c> says, if it does.</param>
    internal static string CacheIn(string home, string? chosen) =>
        string.IsNullOrEmpty(chosen) ? Path.Combine(home, ".nuget", "packages") : chosen;

    // A word of shell: as it is where it has nothing special, else between single quotes.
    private static string Quote(string path) => path.All(letter => char.IsAsciiLetterOrDigit(letter) || "/._-".Contains(letter))
        ? path
        : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private IEnumerable<string> VersionsIn(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder).Select(version => Path.Combine(version, NativeFolder)).Where(Directory.Exists)
        : [];
}
