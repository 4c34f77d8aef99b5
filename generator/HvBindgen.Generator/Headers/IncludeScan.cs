using System.Text.RegularExpressions;

namespace HvBindgen.Generator.Headers;

/// <summary>Finds every header of a tree that some headers include, directly or not.</summary>
/// <remarks>
/// Conditions are not evaluated: a header that only one target includes counts as included. Headers that the tree does not
/// have (the shim's, the C library's, the compiler's) are passed over.
/// </remarks>
internal sealed partial class IncludeScan(string treeRoot, IReadOnlyList<string> multiarch)
{
    private const string IncludeFolder = "usr/include";

    /// <summary>The roots that exist and all they include, as sorted tree paths.</summary>
    internal IReadOnlySet<string> Closure(IEnumerable<string> roots)
    {
        SortedSet<string> found = new(StringComparer.Ordinal);
        Stack<string> open = new(roots.Where(Exists));
        while (open.TryPop(out string? path))
        {
            if (found.Add(path))
            {
                foreach (string next in IncludesOf(path))
                {
                    open.Push(next);
                }
            }
        }

        return found;
    }

    private IEnumerable<string> IncludesOf(string path)
    {
        string folder = path[..(path.LastIndexOf('/') + 1)];
        foreach (string line in File.ReadLines(Path.Combine(treeRoot, path)))
        {
            if (IncludeLine().Match(line) is not { Success: true } match)
            {
                continue;
            }

            string name = match.Groups["name"].Value;
            bool isQuoted = match.Groups["open"].Value == "\"";
            if (isQuoted && TreePath.Resolve(folder, name) is { } beside && Exists(beside))
            {
                yield return beside;
                continue;
            }

            foreach (string candidate in Candidates(name).Where(Exists))
            {
                yield return candidate;
            }
        }
    }

    // asm/ is another folder for each target, and each of them is wanted.
    private IEnumerable<string> Candidates(string name) =>
        [$"{IncludeFolder}/{name}", .. multiarch.Select(target => $"{IncludeFolder}/{target}/{name}")];

    private bool Exists(string path) => TreePath.IsInside(path) && File.Exists(Path.Combine(treeRoot, path));

    [GeneratedRegex("""^\s*#\s*include\s*(?<open>[<"])(?<name>[^>"]+)[>"]""", RegexOptions.CultureInvariant)]
    private static partial Regex IncludeLine();
}
