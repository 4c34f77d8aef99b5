using static HvBindgen.Generator.Clang.LoadedLibClang;

namespace HvBindgen.Generator.Clang;

/// <summary>Names and folders under which distributions install libclang.</summary>
internal static class LibClangNames
{
    /// <summary>How all of their names begin.</summary>
    internal const string Start = "libclang";

    // LLVM's folder of one version: Debian llvm-22, Gentoo llvm/22, Homebrew llvm@22, Fedora and Alpine llvm22.
    private static readonly string[] VersionedFolders = ["/llvm-", "/llvm/", "/llvm@", "/llvm"];

    // NuGet's folder: libclang.runtime.linux-x64/22.1.8.
    private const string PackageFolder = "/libclang.runtime.";

    /// <summary>Folders of distributions, as patterns: a star stands for any part of one folder's name.</summary>
    internal static IReadOnlyList<string> SystemFolders { get; } =
    [
        "/usr/lib/llvm*/lib",
        "/usr/lib/llvm/*/lib64",
        "/usr/lib64/llvm*/lib",
        "/usr/lib64/llvm*/lib64",
        "/usr/lib64",
        "/usr/lib/*-linux-gnu*",
        "/usr/lib",
        "/usr/local/lib",
        "/usr/local/llvm*/lib",
        "/opt/llvm*/lib",
        "/home/linuxbrew/.linuxbrew/opt/llvm*/lib",
        "/opt/homebrew/opt/llvm*/lib",
        "/usr/local/opt/llvm*/lib",
    ];

    /// <summary>Names without a version of clang; which one it is shows after loading.</summary>
    /// <remarks>libclang.so.13 is the name of every version since 13 where the distribution keeps one name for all.</remarks>
    internal static IReadOnlyList<string> Unversioned { get; } = ["libclang.so.13", "libclang.so.1", "libclang.so"];

    /// <summary>Names that tell the version, newest version first.</summary>
    internal static IEnumerable<string> Versioned()
    {
        for (int major = NewestTestedMajor; major >= OldestSupportedMajor; major--)
        {
            // Debian and Ubuntu.
            yield return $"libclang-{major}.so.{major}";

            if (major == 14)
            {
                yield return "libclang-14.so.13";
            }

            yield return $"libclang-{major}.so.1";

            // Fedora and others; since 18 the minor version is part of the name.
            if (major >= 18)
            {
                yield return $"libclang.so.{major}.1";
            }

            yield return $"libclang.so.{major}";
        }
    }

    /// <summary>Libclang files of a folder, tested versions first, newest first.</summary>
    internal static IEnumerable<(string Path, int Major)> InFolder(string folder)
    {
        EnumerationOptions lenient = new() { IgnoreInaccessible = true };
        IEnumerable<string> files = Directory.EnumerateFiles(folder, "libclang*", lenient).Where(IsLibClang);
        return NewestFirst(files.Select(path => (path, MajorOf(path))));
    }

    /// <summary>Sorts candidates: tested versions newest first, then newer ones, then those without a version.</summary>
    internal static IEnumerable<(string Path, int Major)> NewestFirst(IEnumerable<(string Path, int Major)> files) => files
        .OrderBy(file => file.Major == 0 ? 2 : file.Major > NewestTestedMajor ? 1 : 0)
        .ThenByDescending(file => file.Major)
        .ThenBy(file => file.Path, StringComparer.Ordinal);

    /// <summary>Major version that a path tells, by the file's name or by its folder's; 0 when it tells none.</summary>
    internal static int MajorOf(string path)
    {
        string name = Path.GetFileName(path);
        int major = Math.Max(NumberAfter(name, "libclang-"), NumberAfter(name, "libclang.so."));

        // libclang.so.1 and libclang.so.13 are names of many versions: only the folder can tell.
        if (major > 13)
        {
            return major;
        }

        return PackageMajorOf(path) is > 0 and int package
            ? package
            : VersionedFolders.Select(start => NumberAfter(path, start)).FirstOrDefault(number => number > 0);
    }

    private static int PackageMajorOf(string path)
    {
        int package = path.IndexOf(PackageFolder, StringComparison.Ordinal);
        return package < 0 ? 0 : NumberAfter(path[(package + 1)..], "/");
    }

    // libclang.so, libclang.so.21.1, libclang-22.so.1; not libclang-cpp.so.22.
    private static bool IsLibClang(string path)
    {
        string name = Path.GetFileName(path);
        bool isVersioned = NumberAfter(name, "libclang-") > 0 && name.Contains(".so", StringComparison.Ordinal);
        return isVersioned || name is "libclang.so" or "libclang.dylib" || NumberAfter(name, "libclang.so.") > 0;
    }

    /// <summary>Number right after the first occurrence of a prefix; 0 when there is none.</summary>
    internal static int NumberAfter(string text, string prefix)
    {
        int start = text.IndexOf(prefix, StringComparison.Ordinal);

        if (start < 0)
        {
            return 0;
        }

        ReadOnlySpan<char> number = text.AsSpan(start + prefix.Length);
        int end = number.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? number : number[..end], out int value) ? value : 0;
    }
}
