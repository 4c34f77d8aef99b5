using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using HvBindgen.Generator.Files;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>
/// All that a compiler could read for a header, as text: where that is the same on two sides, so is everything that the header declares.
/// </summary>
public sealed class IncludeClosure
{
    // Beside the digests of files stand the names that were asked for.
    private const string Nowhere = "nowhere";

    private readonly IReadOnlyList<string> folders;
    private readonly ConcurrentDictionary<string, TextFile?> files = new(StringComparer.Ordinal);

    /// <summary>Looks at the headers of a tree as one machine's compiler would find them.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="target">The machine.</param>
    public IncludeClosure(IncludeTree tree, TargetInfo target) => folders = tree.FoldersFor(target);

    /// <summary>
    /// Names and digests of all files, and the names that were asked for; null when nobody can know, because
    /// a macro names a file or one cannot be read.
    /// </summary>
    /// <param name="header">A header of the tree.</param>
    /// <returns>Digests by name.</returns>
    public IReadOnlyDictionary<string, string>? Of(string header)
    {
        Dictionary<string, string> closure = new(StringComparer.Ordinal);
        HashSet<string> seen = new(StringComparer.Ordinal);
        Queue<(string? Folder, string Name)> waiting = new([(null, header)]);
        while (waiting.TryDequeue(out (string? Folder, string Name) next))
        {
            // Every file that the name could mean: which one is opened is the compiler's business.
            IEnumerable<string> places = next.Folder is null ? folders : [next.Folder, .. folders];
            closure.TryAdd(next.Name, Nowhere);
            foreach (string place in places)
            {
                string file = Path.GetFullPath(Path.Combine(place, next.Name));
                if (!File.Exists(file))
                {
                    continue;
                }

                closure[next.Name] = "";
                if (!seen.Add(file))
                {
                    continue;
                }

                if (files.GetOrAdd(file, Read) is not { } text)
                {
                    return null;
                }

                closure[NameOf(file)] = text.Digest;
                foreach (IncludeName include in text.Includes)
                {
                    if (include.Name is null)
                    {
                        return null;
                    }

                    waiting.Enqueue((Path.GetDirectoryName(file), include.Name));
                }
            }
        }

        return closure;
    }

    /// <summary>Whether a header may ask for files that the tree does not have, as those of a C library.</summary>
    /// <param name="header">A header of the tree.</param>
    /// <returns>True also where nobody can know.</returns>
    public bool AsksForMore(string header) => Of(header) is not { } closure || closure.Values.Contains(Nowhere);

    /// <summary>Whether two closures are the same text under the same names.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    /// <returns>False also where one is not known.</returns>
    public static bool AreSame(IReadOnlyDictionary<string, string>? left, IReadOnlyDictionary<string, string>? right) =>
        left is not null && right is not null && left.Count == right.Count
            && left.All(file => right.TryGetValue(file.Key, out string? digest) && digest == file.Value);

    private static TextFile? Read(string file)
    {
        try
        {
            // What the parser refuses to open is not opened here either.
            if (FileStatus.Of(file) is not { IsRegular: true, SizeBytes: <= IncludeGuard.MaxFileBytes })
            {
                return null;
            }

            byte[] bytes = File.ReadAllBytes(file);
            return new TextFile(Convert.ToHexStringLower(SHA256.HashData(bytes)), IncludeNames.Of(Encoding.Latin1.GetString(bytes)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string NameOf(string file)
    {
        for (int index = 0; index < folders.Count; index++)
        {
            string folder = folders[index].TrimEnd('/') + "/";
            if (file.StartsWith(folder, StringComparison.Ordinal))
            {
                return $"{index}:{file[folder.Length..]}";
            }
        }

        return file;
    }

    private sealed record TextFile(string Digest, IReadOnlyList<IncludeName> Includes);
}
