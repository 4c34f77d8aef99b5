using System.Security.Cryptography;
using System.Text;

namespace HvBindgen.Generator.Parsing;

/// <summary>Gives files the names by which an <c>#include</c> finds them, and tells a set's own headers from those it only uses.</summary>
internal sealed class HeaderFiles
{
    private readonly string[] roots;
    private readonly IReadOnlyList<string> own;
    private readonly HashSet<string>? quoted;
    private readonly Dictionary<string, (string Name, bool IsOwn)> known = new(StringComparer.Ordinal);

    internal HeaderFiles(IReadOnlyList<string> includePaths, IReadOnlyList<string> ownPatterns, bool ownsQuoted)
    {
        quoted = ownsQuoted ? new HashSet<string>(StringComparer.Ordinal) : null;
        // Longest first: usr/include/x86_64-linux-gnu/asm/kvm.h is asm/kvm.h.
        roots = [.. includePaths.Select(path => path.TrimEnd('/') + "/").OrderByDescending(path => path.Length)];
        own = ownPatterns;
    }

    /// <summary>The header's name as included, and whether it is one of the set's own.</summary>
    internal (string Name, bool IsOwn) Identify(string file)
    {
        if (!known.TryGetValue(file, out (string Name, bool IsOwn) header))
        {
            // Versions of libclang differ in whether they keep the ".." of an include.
            string path = file.Contains("/../", StringComparison.Ordinal) || file.Contains("/./", StringComparison.Ordinal)
                ? Path.GetFullPath(file)
                : file;
            string root = Array.Find(roots, root => path.StartsWith(root, StringComparison.Ordinal)) ?? "";
            string name = path[root.Length..];
            header = (root.Length == 0 && Path.IsPathRooted(name) ? Path.GetFileName(name) : name, IsOwn(name));
            known.Add(file, header);
        }

        return header;
    }

    internal bool IsOwn(string name) => Glob.MatchesAny(own, name) || quoted?.Contains(name) == true;

    /// <summary>The file that an <c>#include</c> of that name opens; null when no include folder has it.</summary>
    internal static string? Find(string name, IReadOnlyList<string> includePaths)
    {
        foreach (string folder in includePaths)
        {
            string file = Path.Combine(folder, name);
            if (File.Exists(file))
            {
                return file;
            }
        }

        return null;
    }

    /// <summary>A digest of files by the names they are included by, so that it is the same wherever they lie.</summary>
    internal string DigestOf(IReadOnlyList<string> files)
    {
        using IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, string file) in files.Select(file => (Identify(file).Name, file)).DistinctBy(entry => entry.Name)
            .OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            digest.AppendData(Encoding.UTF8.GetBytes(name + "\n"));
            digest.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>The set's own headers that exist, by name: the listed ones and those of its own that they include.</summary>
    internal Dictionary<string, SourceText> ReadOwnSources(IReadOnlyList<string> headers, IReadOnlyList<string> includePaths)
    {
        Dictionary<string, SourceText> sources = new(StringComparer.Ordinal);
        Queue<(IncludeDirective Include, string? From)> waiting = new(
            headers.Select(header => (new IncludeDirective(header, false), (string?)null)));
        while (waiting.TryDequeue(out (IncludeDirective Include, string? From) next))
        {
            // A quoted include is looked for beside the header that includes it first.
            string asked = next.Include.Name;
            string sibling = next.From is { } from && Path.GetDirectoryName(from) is { Length: > 0 } folder ? $"{folder}/{asked}" : asked;
            string? file = Find(sibling, includePaths);
            string name = file is null ? asked : sibling;
            if (file is not null && next is { Include.IsQuoted: true, From: not null })
            {
                quoted?.Add(name);
            }

            file ??= Find(asked, includePaths);
            if (file is not null && next.From is not null)
            {
                sources[next.From].IncludedNames.Add(name);
            }

            if (file is null || !IsOwn(name) || sources.ContainsKey(name))
            {
                continue;
            }

            SourceText source = SourceText.Read(File.ReadAllText(file));
            sources.Add(name, source);
            foreach (IncludeDirective include in source.Includes)
            {
                waiting.Enqueue((include, name));
            }
        }

        return sources;
    }
}
