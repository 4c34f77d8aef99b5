using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using HvBindgen.Generator.Model;

namespace HvBindgen.UapiData;

/// <summary>The names that the headers of a release declare.</summary>
internal static partial class ReleaseNames
{
    /// <summary>The names of headers that programs for a machine include.</summary>
    /// <param name="tree">The release.</param>
    /// <param name="target">The machine.</param>
    /// <param name="folders">The folders whose headers are asked.</param>
    internal static HashSet<string> Of(HeaderTree tree, TargetInfo target, IReadOnlyCollection<string> folders)
    {
        ConcurrentBag<IReadOnlyList<string>> names = [];
        Parallel.ForEach(tree.RootsOf(target).Where(root => folders.Contains(ReleaseList.FolderOf(root))), root => names.Add(
            tree.TryRead(root, target, out _) is { } model ? [.. Of(model)] : [.. WordsOf(tree.TextOf(root, target))]));
        return new HashSet<string>(names.SelectMany(some => some), StringComparer.Ordinal);
    }

    private static IEnumerable<string> Of(AbiModel model) =>
    [
        .. model.Declarations.Select(declaration => declaration.Name),
        .. model.Enums.SelectMany(@enum => @enum.Enumerators).Select(enumerator => enumerator.Name),
    ];

    // What a release's header that does not parse declares is not known; no name in it is said to be new.
    private static IEnumerable<string> WordsOf(string text) => Word().Matches(text).Select(match => match.Value);

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Word();
}
