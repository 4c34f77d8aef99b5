using System.Security.Cryptography;
using System.Text;
using HvBindgen.Generator.Headers;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Generator.Configuration;

/// <summary>
/// The headers that a set is made from: whether they are there and as locked, where they come from, and one digest over all of them.
/// </summary>
public static class HeaderInputs
{
    /// <summary>Passes when each listed header of some sets is found, and downloaded ones are those of the lock.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="sets">Sets of it.</param>
    /// <param name="targets">Machines they will be parsed for; none for each set's own.</param>
    /// <exception cref="HeadersMissingException">Some are missing or changed.</exception>
    public static void Require(BindingConfiguration configuration, IReadOnlyList<BindingSet> sets, IReadOnlyList<TargetInfo> targets)
    {
        // The lock is one for all sets, and to compare with it is to read what it pins.
        if (sets.Any(set => UsesTree(configuration, set))
            && (File.Exists(configuration.SourcesPath) || File.Exists(configuration.LockPath)))
        {
            RequireLocked(configuration);
        }

        foreach (BindingSet set in sets)
        {
            foreach (TargetInfo target in targets.Count > 0 ? targets : set.Targets)
            {
                RequireFound(configuration, set, target);
            }
        }
    }

    /// <summary>The kernel that a set's downloaded headers belong to, as the lock says; empty for headers from elsewhere.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="set">One of its sets.</param>
    /// <returns>For example <c>Linux 7.3.4</c>.</returns>
    public static string OriginOf(BindingConfiguration configuration, BindingSet set) =>
        UsesTree(configuration, set) && File.Exists(configuration.LockPath)
            ? $"Linux {HeaderLock.Read(configuration.LockPath).KernelVersion}"
            : "";

    /// <summary>One digest over the headers of all targets of a set.</summary>
    /// <param name="parsed">What was parsed, one result for each target.</param>
    /// <returns>SHA-256 in lower-case hexadecimal; the same on every machine that has the same headers.</returns>
    public static string DigestOf(IReadOnlyList<ParsedHeaders> parsed)
    {
        if (parsed.Count == 1)
        {
            return parsed[0].InputDigest;
        }

        string lines = string.Concat(parsed.Select(headers => $"{headers.Model.Target.Name} {headers.InputDigest}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines)));
    }

    private static void RequireFound(BindingConfiguration configuration, BindingSet set, TargetInfo target)
    {
        IReadOnlyList<string> paths = set.IncludePathsFor(target);
        string[] places = [.. paths, FreestandingHeaders.Folder];
        List<string> missing = [.. set.Headers.Where(header => !places.Any(path => IsIn(path, header)))];
        if (missing.Count > 0)
        {
            throw new HeadersMissingException(
                $"set {set.Name}, target {target.Name}: not found: {string.Join(", ", missing)}\n  looked in:\n"
                    + string.Join('\n', paths.Select(path => $"    {path}{(Directory.Exists(path) ? "" : " (no such folder)")}")),
                $"Correct headers or includePaths of the set in {configuration.Path}.");
        }
    }

    private static bool UsesTree(BindingConfiguration configuration, BindingSet set) =>
        set.IncludePaths.Any(
            path => path == configuration.TreePath || path.StartsWith(configuration.TreePath + "/", StringComparison.Ordinal));

    private static void RequireLocked(BindingConfiguration configuration)
    {
        HeaderTree tree = new(configuration.TreePath);
        if (!tree.Exists)
        {
            throw new HeadersMissingException($"{tree.Root}: no headers have been fetched yet", "Fetch them with: hvbindgen headers sync");
        }

        if (!File.Exists(configuration.LockPath))
        {
            return;
        }

        IReadOnlyList<HeaderFileStatus> faults = tree.FindPinnedFaults(HeaderLock.Read(configuration.LockPath));
        if (faults.Count > 0)
        {
            throw new HeadersMissingException(
                $"{faults.Count} headers below {tree.Root} are not those of {configuration.LockPath}:\n"
                    + string.Join(
                        '\n',
                        faults.Take(20).Select(
                            fault => $"  {(fault.State == HeaderFileState.Missing ? "missing" : "changed")} {fault.Path}")),
                "Fetch the locked ones again with: hvbindgen headers sync --refetch; or keep these with: hvbindgen headers adopt");
        }
    }

    private static bool IsIn(string folder, string header) => File.Exists(Path.Combine(folder, header));
}
