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
        roots = [.. includePaths.Select(path => Path.GetFullPath(path).TrimEnd('/') + "/").OrderByDescending(path => path.Length)];
        own = ownPatterns;
    }

    /// <summary>The header's name as included, and whether it is one of the set's own.</summary>
    internal (string Name, bool IsOwn) Identify(string file)
    {
        if (!known.TryGetValue(file, out (string Name, bool IsOwn) header))
        {
            // Versions of libclang differ in whether they keep the ".." of an include. What the compiler brings along is in no file.
            string path = file.Length > 0 ? Path.GetFullPath(file) : file;
            string root = Array.Find(roots, root => path.StartsWith(root, StringComparison.Ordinal)) ?? "";
            string name = path[root.Length..];
            header = (root.Length == 0 && Path.IsPathRooted(name) ? Path.GetFileName(name) : name, name.Length > 0 && IsOwn(name, path));
            known.Add(file, header);
        }

        return header;
    }

    // A pattern such as * means the headers that are found; the tool's own, which stand in for a compiler's, are meant by name alone.
    private bool IsOwn(string name, string path) => FreestandingHeaders.Holds(path) ? own.Contains(name) : IsOwn(name);

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
    /// <param name="files">The files.</param>
    /// <param name="textOf">What is in a file.</param>
    internal string DigestOf(IReadOnlyList<string> files, Func<string, HeaderText> textOf)
    {
        using IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, string file) in files.Select(file => (Identify(file).Name, file)).DistinctBy(entry => entry.Name)
            .OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            digest.AppendData(Encoding.UTF8.GetBytes(name + "\n"));
            digest.AppendData(textOf(file).Digest);
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>Passes when a reader of the set's own headers, and every compiler, sees what clang sees.</summary>
    /// <exception cref="HeaderParseException">
    /// A name has letters that nobody sees, or a record is laid out by a word that other compilers do not know or clang does not.
    /// </exception>
    internal static void RequireSeenAlike(Dictionary<string, SourceText> sources, ParseRequest request)
    {
        HeaderFault[] faults =
        [
            .. from source in sources
               from hidden in source.Value.Hidden
               select new HeaderFault(
                   Find(source.Key, request.IncludePaths) ?? source.Key,
                   hidden.Line,
                   1,
                   $"U+{(int)hidden.Letter:X4} is not seen and changes how what is beside it is seen: names do not have it"),
            .. from source in sources
               from found in source.Value.LayoutWords
               let fault = LayoutWords.FaultOf(found.Word, request.Target)
               where fault is not null
                   && (found.Macro is null || LayoutWords.IsUsed(found.Macro, sources.Values.SelectMany(source => source.Texts)))
               select new HeaderFault(Find(source.Key, request.IncludePaths) ?? source.Key, found.Line, 1, fault),
        ];
        if (faults.Length > 0)
        {
            throw new HeaderParseException(request.Set, request.Target.Name, faults);
        }
    }

    /// <summary>Passes when clang knew every attribute by which gcc lays records out, wherever a macro may have made it.</summary>
    /// <param name="warnings">What clang said of the headers.</param>
    /// <param name="request">What was parsed.</param>
    /// <exception cref="HeaderParseException">It ignored one.</exception>
    internal static void RequireKnownWords(IReadOnlyList<HeaderFault> warnings, ParseRequest request)
    {
        HeaderFault[] faults =
        [
            .. from warning in warnings
               let word = LayoutWords.IgnoredIn(warning.Message)
               where word is not null
               select new HeaderFault(warning.File, warning.Line, warning.Column, LayoutWords.FaultOf(word, request.Target)!),
        ];
        if (faults.Length > 0)
        {
            throw new HeaderParseException(request.Set, request.Target.Name, faults);
        }
    }

    /// <summary>The set's own headers that exist, by name: the listed ones and those that they include, also by way of others.</summary>
    /// <param name="headers">Headers as an <c>#include</c> names them.</param>
    /// <param name="includePaths">Folders where they are looked for.</param>
    /// <param name="guard">Knows what a header that is not the set's own may include, and has read them all.</param>
    internal Dictionary<string, SourceText> ReadOwnSources(
        IReadOnlyList<string> headers, IReadOnlyList<string> includePaths, IncludeGuard guard)
    {
        Dictionary<string, SourceText> sources = new(StringComparer.Ordinal);
        HashSet<string> passed = new(StringComparer.Ordinal);
        Queue<string> waiting = new();
        Dictionary<string, string?> places = new(StringComparer.Ordinal);
        foreach (string header in headers)
        {
            Await(Find(header, includePaths));
        }

        while (waiting.TryDequeue(out string? file))
        {
            (string name, bool isOwn) = Identify(file);
            SourceText? own = null;
            IEnumerable<IncludeDirective> includes = isOwn ? [] : guard.IncludesOf(file);
            if (isOwn)
            {
                // The second one of that name stands behind an #include_next in the first.
                own = guard.TextOf(file).ReadSource();
                includes = [.. own.Includes, .. guard.NamedByMacrosIn(file)];
                if (!sources.TryAdd(name, own))
                {
                    sources[name].Join(own);
                    own = sources[name];
                }
            }

            foreach (IncludeDirective include in includes)
            {
                if (include.Name.Contains('\0', StringComparison.Ordinal))
                {
                    continue;
                }

                // A quoted include is looked for beside the header that includes it first.
                string sibling = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, include.Name));
                string? found = include is { IsQuoted: true, IsNext: false } && File.Exists(sibling) ? sibling : null;
                if (found is not null && isOwn)
                {
                    Own(found);
                }

                found ??= include.IsNext ? NextOf(include.Name, file) : PlaceOf(include.Name);
                if (found is not null)
                {
                    string included = Identify(found).Name;
                    if (included != name || !include.IsNext)
                    {
                        own?.IncludedNames.Add(included);
                    }

                    Await(found);
                }
            }
        }

        return sources;

        // Most headers are included by many others.
        string? PlaceOf(string name)
        {
            if (!places.TryGetValue(name, out string? place))
            {
                place = Find(name, includePaths);
                places.Add(name, place);
            }

            return place;
        }

        // Behind the folder where this header was found.
        string? NextOf(string header, string file)
        {
            string name = Identify(file).Name;
            int at = includePaths.ToList().FindIndex(folder => Path.GetFullPath(Path.Combine(folder, name)) == file);
            return Find(header, [.. includePaths.Skip(at + 1)]);
        }

        void Await(string? file)
        {
            if (file is not null && passed.Add(file = Path.GetFullPath(file)))
            {
                waiting.Enqueue(file);
            }
        }
    }

    private void Own(string file)
    {
        (string name, bool isOwn) = Identify(file);
        if (!isOwn && quoted?.Add(name) == true)
        {
            known.Remove(file);
        }
    }
}
