using System.Globalization;
using System.Text.RegularExpressions;
using HvBindgen.Generator.Files;

namespace HvBindgen.Generator.Headers;

/// <summary>
/// Headers from a folder that has them installed: <c>usr/include</c>, kernel-internal ones beside it or in <c>usr/src</c>.
/// </summary>
internal sealed partial class SysrootSource(string sysroot) : IHeaderSource
{
    // Folders that the kernel exports to usr/include; the rest of it is the C library's and others'.
    private static readonly string[] KernelFolders =
        ["asm-generic", "cxl", "drm", "fwctl", "linux", "misc", "mtd", "rdma", "regulator", "scsi", "sound", "video", "xen"];

    public Task<CollectedHeaders> CollectAsync(CollectRequest request, IProgress<string>? progress, CancellationToken cancellation)
    {
        progress?.Report($"copying the headers of {sysroot}");
        string version = ReadVersion();
        List<string> notes = [];
        List<LockedPackage> packages = [];
        foreach (HeaderPackage package in request.Wanted.Packages.Where(package => !package.OnlyWhenMissing))
        {
            string target = Path.Combine(request.TreeFolder, package.TreeFolder);
            string folder = package.KernelFolder is null ? "usr/include" : FindFolder(package);
            List<string> paths = [];
            foreach ((string from, string into) in package.KernelFolder is null ? UapiFolders(request.Wanted, notes) : [(folder, "")])
            {
                paths.AddRange(Copy(from, into, target));
                cancellation.ThrowIfCancellationRequested();
            }

            packages.Add(CollectedHeaders.Hash(request.TreeFolder, package, "sysroot", version, folder, paths));
        }

        return Task.FromResult(new CollectedHeaders(new HeaderLock(HeaderSourceKind.Sysroot, version, packages), notes));
    }

    private List<(string From, string Into)> UapiFolders(HeaderSources wanted, List<string> notes)
    {
        List<(string From, string Into)> folders = [];
        foreach (string name in KernelFolders.Where(name => Has($"usr/include/{name}")))
        {
            folders.Add(($"usr/include/{name}", name));
        }

        foreach (string multiarch in wanted.Multiarch)
        {
            // Multiarch, then a cross compiler's folder, then a system that is of one architecture only.
            string? asm = new[] { $"usr/include/{multiarch}/asm", $"usr/{multiarch}/include/asm" }.FirstOrDefault(Has)
                ?? (Has("usr/include/asm") && IsFor(KernelArchitecture.Of(multiarch)) ? "usr/include/asm" : null);
            if (asm is null)
            {
                notes.Add($"{sysroot} has no asm headers for {multiarch}");
            }
            else
            {
                folders.Add((asm, $"{multiarch}/asm"));
            }
        }

        return folders;
    }

    private string FindFolder(HeaderPackage package)
    {
        List<string> tried = [package.TreeFolder, $"usr/include/{package.TreeFolder}"];
        string[] pattern = package.PackageFolder.Split('*');
        if (pattern.Length == 2)
        {
            string parent = pattern[0][..pattern[0].LastIndexOf('/')];
            if (Has(parent))
            {
                tried.AddRange(Directory.GetDirectories(Path.Combine(sysroot, parent))
                    .Select(folder => $"{parent}/{Path.GetFileName(folder)}")
                    .Where(folder => folder.StartsWith(pattern[0], StringComparison.Ordinal))
                    .OrderDescending(Comparer<string>.Create(DebianVersion.Compare))
                    .Select(folder => $"{folder}/{package.KernelFolder}"));
            }
        }

        return tried.Find(Has) ?? throw new HeaderSyncException(
            $"{sysroot} has none of: {string.Join(", ", tried)}, {package.PackageFolder}",
            $"Put the folder {package.KernelFolder} of the kernel's sources there, or use --kernel DIR.");
    }

    private List<string> Copy(string from, string into, string target)
    {
        string source = Path.Combine(sysroot, from);
        List<string> taken = [];
        foreach (string path in TreePath.FilesBelow(source, sysroot).Where(path => path.EndsWith(".h", StringComparison.Ordinal)))
        {
            string relative = into.Length == 0 ? path : $"{into}/{path}";
            string file = Path.Combine(target, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, FileContent.Read(Path.Combine(source, path), FileContent.MaxHeaderBytes));
            taken.Add(relative);
        }

        return taken;
    }

    private string ReadVersion()
    {
        string file = Path.Combine(sysroot, "usr", "include", "linux", "version.h");
        if (!Has("usr/include/linux") || !File.Exists(file))
        {
            throw new HeaderSyncException(
                $"{sysroot} has no usr/include/linux/version.h",
                "Name the folder that holds usr/include with the kernel's exported headers.");
        }

        Match match = VersionCode().Match(File.ReadAllText(file));
        int code = match.Success ? int.Parse(match.Groups["code"].Value, CultureInfo.InvariantCulture) : 0;
        return $"{code >> 16}.{(code >> 8) & 0xff}.{code & 0xff}";
    }

    // Headers that only one architecture has.
    private bool IsFor(string architecture) => architecture switch
    {
        "x86" => File.Exists(Path.Combine(sysroot, "usr/include/asm/ldt.h")),
        "arm64" => File.Exists(Path.Combine(sysroot, "usr/include/asm/sve_context.h")),
        _ => false,
    };

    private bool Has(string folder) => Directory.Exists(Path.Combine(sysroot, folder));

    [GeneratedRegex(@"#define\s+LINUX_VERSION_CODE\s+(?<code>\d{1,9})")]
    private static partial Regex VersionCode();
}
