using System.Text.RegularExpressions;
using HvBindgen.Generator.Files;

namespace HvBindgen.Generator.Headers;

/// <summary>Headers from a kernel source tree, exported as <c>make headers_install</c> would.</summary>
internal sealed partial class KernelTreeSource(string kernelFolder) : IHeaderSource
{
    private const string Generated =
        "linux/version.h and asm/unistd_*.h are made by the kernel's build and are not in this tree of headers";

    public Task<CollectedHeaders> CollectAsync(CollectRequest request, IProgress<string>? progress, CancellationToken cancellation)
    {
        string version = ReadVersion();
        progress?.Report($"exporting the headers of Linux {version}");
        List<LockedPackage> packages = [];
        foreach (HeaderPackage package in request.Wanted.Packages.Where(package => !package.OnlyWhenMissing))
        {
            string folder = package.KernelFolder ?? UapiFolder();
            string target = Path.Combine(request.TreeFolder, package.TreeFolder);
            List<string> paths = Export(folder, target, isExported: folder == "usr/include" || package.KernelFolder is not null);
            if (package.KernelFolder is null)
            {
                foreach (string multiarch in request.Wanted.Multiarch)
                {
                    paths.AddRange(ExportAsm(multiarch, request.TreeFolder, target));
                }
            }

            cancellation.ThrowIfCancellationRequested();
            packages.Add(CollectedHeaders.Hash(request.TreeFolder, package, "linux", version, folder, paths));
        }

        return Task.FromResult(new CollectedHeaders(new HeaderLock(HeaderSourceKind.KernelTree, version, packages), [Generated]));
    }

    // usr/include is what "make headers_install" leaves; without it the sources are exported here.
    private string UapiFolder() =>
        File.Exists(Path.Combine(kernelFolder, "usr", "include", "linux", "types.h")) ? "usr/include" : "include/uapi";

    private List<string> Export(string folder, string target, bool isExported)
    {
        string source = Path.Combine(kernelFolder, folder);
        if (!Directory.Exists(source))
        {
            throw new HeaderSyncException(
                $"{kernelFolder} has no folder {folder}", "Name the top folder of a kernel source tree: the one with its Makefile.");
        }

        List<string> taken = [];
        foreach (string path in TreePath.FilesBelow(source, kernelFolder).Where(path => path.EndsWith(".h", StringComparison.Ordinal)))
        {
            // usr/include/asm belongs to one target only; asm/ is exported for each from the sources.
            if (folder == "usr/include" && path.StartsWith("asm/", StringComparison.Ordinal))
            {
                continue;
            }

            FileContent.RequireOrdinary(Path.Combine(source, path), FileContent.MaxHeaderBytes);
            string text = File.ReadAllText(Path.Combine(source, path));
            Save(Path.Combine(target, path), isExported ? text : HeaderSanitizer.Sanitize(text));
            taken.Add(path);
        }

        return taken;
    }

    private IEnumerable<string> ExportAsm(string multiarch, string treeFolder, string target)
    {
        string folder = $"arch/{KernelArchitecture.Of(multiarch)}/include/uapi/asm";
        string asm = $"{multiarch}/asm";
        List<string> taken = Export(folder, Path.Combine(target, asm), isExported: false);

        // Headers that an architecture shares with all others are not in its folder; each is one line that includes the common one.
        IEnumerable<string> shared = KbuildEntries($"{folder}/Kbuild", "generic-y")
            .Concat(KbuildEntries("include/uapi/asm-generic/Kbuild", "mandatory-y"));
        foreach (string name in shared.Distinct().Except(taken).ToList())
        {
            if (File.Exists(Path.Combine(treeFolder, "usr", "include", "asm-generic", name)))
            {
                Save(Path.Combine(target, asm, name), $"#include <asm-generic/{name}>\n");
                taken.Add(name);
            }
        }

        return taken.Select(name => $"{asm}/{name}");
    }

    private IEnumerable<string> KbuildEntries(string path, string variable)
    {
        string file = Path.Combine(kernelFolder, path);
        return !File.Exists(file) ? [] : File.ReadLines(file)
            .Select(line => line.Split("+=", StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2 && parts[0] == variable && TreePath.IsInside(parts[1]))
            .Select(parts => parts[1]);
    }

    private string ReadVersion()
    {
        string makefile = Path.Combine(kernelFolder, "Makefile");
        Dictionary<string, string> values = [];
        if (File.Exists(makefile))
        {
            foreach (Match match in File.ReadLines(makefile).Take(20).Select(line => VersionLine().Match(line)).Where(m => m.Success))
            {
                values[match.Groups["name"].Value] = match.Groups["value"].Value.Trim();
            }
        }

        if (!values.TryGetValue("VERSION", out string? version) || !values.TryGetValue("PATCHLEVEL", out string? patchLevel))
        {
            throw new HeaderSyncException(
                $"{makefile} is no kernel's Makefile: it has no VERSION and PATCHLEVEL",
                "Name the top folder of a kernel source tree: the one with its Makefile.");
        }

        return $"{version}.{patchLevel}.{values.GetValueOrDefault("SUBLEVEL", "0")}{values.GetValueOrDefault("EXTRAVERSION", "")}";
    }

    private static void Save(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    [GeneratedRegex(@"^(?<name>VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION)\s*=(?<value>.*)$")]
    private static partial Regex VersionLine();
}
