using System.Globalization;
using System.Text;
using HvBindgen.Generator.Files;

namespace HvBindgen.Generator.Parsing;

/// <summary>
/// Sees to it that the compiler opens no file that the headers have no right to: only regular files of bounded size, below the include
/// folders or where the request's bounds allow it, and never what git keeps for itself. Nor is it
/// given a text that takes more stack than it has.
/// </summary>
/// <remarks>
/// All that the headers could include is looked at before the compiler is. What it did open is looked at once more afterwards, before
/// anything that it says of it is passed on.
/// </remarks>
internal sealed class IncludeGuard
{
    // Far above any header: the largest of a kernel tree have about ten megabytes.
    internal const long MaxFileBytes = FileContent.MaxHeaderBytes;
    internal const long MaxTotalBytes = 256 << 20;
    internal const int MaxFiles = 20_000;
    internal const int MaxFollowed = 100_000;

    private readonly ParseRequest request;
    private readonly string[] folders;
    private readonly Dictionary<string, string?> refusals = new(StringComparer.Ordinal);
    private readonly List<HeaderFault> faults = [];
    private readonly HashSet<string> passed = new(StringComparer.Ordinal);
    private readonly Queue<string> waiting = new();
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly HashSet<(string? Folder, string Name)> visited = [];
    private readonly Dictionary<string, string> realFolders = new(StringComparer.Ordinal);
    private readonly List<(string File, IncludeName Include)> byMacro = [];
    private readonly Dictionary<string, HashSet<IncludeDirective>> namedByMacros = new(StringComparer.Ordinal);
    private readonly HashSet<string> readForMacros = new(StringComparer.Ordinal);
    private IncludeMacros? macros;
    private int followed;
    private long totalBytes;

    internal IncludeGuard(ParseRequest request)
    {
        this.request = request;
        folders = [.. request.SearchedFolders.Select(RealPath.Of)];
    }

    /// <summary>Passes when the compiler may open all that the headers can include.</summary>
    /// <exception cref="HeaderParseException">They could make it open something else.</exception>
    internal void RequireBefore()
    {
        foreach (string header in request.Headers)
        {
            Visit(ProbeSession.FileName, null, header, 1);
        }

        do
        {
            VisitWaiting();
            FollowMacros();
        }
        while (waiting.Count > 0);

        Throw();
    }

    /// <summary>The files that were looked at before the compiler was.</summary>
    internal IReadOnlyCollection<string> Passed => passed;

    /// <summary>What a file that was looked at may include, in any branch.</summary>
    internal IEnumerable<IncludeDirective> IncludesOf(string file) =>
        passed.Contains(file)
            ? [
                .. TextOf(file).Includes.Where(include => include.Name is { Length: > 0 })
                    .Select(include => new IncludeDirective(include.Name!, include.IsQuoted)),
                .. NamedByMacrosIn(file),
            ]
            : [];

    /// <summary>What a file that was looked at may include by macros, wherever those are defined.</summary>
    internal IEnumerable<IncludeDirective> NamedByMacrosIn(string file) => namedByMacros.GetValueOrDefault(file) ?? [];

    /// <summary>What is in a file, read once however often it is asked for.</summary>
    internal HeaderText TextOf(string file) => request.Texts.Of(file);

    /// <summary>Passes when the compiler has opened nothing else.</summary>
    /// <exception cref="HeaderParseException">It has; nothing that it says may be passed on.</exception>
    internal void RequireAfter(IEnumerable<string> opened)
    {
        foreach (string file in opened)
        {
            if (RefusalOf(file) is { } refusal)
            {
                faults.Add(new HeaderFault(ProbeSession.FileName, 1, 1, $"the headers made the compiler open {file}, {refusal}"));
            }
        }

        Throw();
    }

    private void VisitWaiting()
    {
        while (waiting.TryDequeue(out string? file))
        {
            passed.Add(file);
            if (TextOf(file).TooDeepLine is { } tooDeep)
            {
                faults.Add(new HeaderFault(file, tooDeep, 1, NestingScan.Refusal));
            }

            foreach (IncludeName include in TextOf(file).Includes)
            {
                if (include.Name is { } name)
                {
                    Visit(file, Path.GetDirectoryName(file), name, include.Line);
                }
                else
                {
                    byMacro.Add((file, include));
                }
            }
        }
    }

    // What is found may define a macro once more.
    private void FollowMacros()
    {
        if (byMacro.Count == 0)
        {
            return;
        }

        macros ??= new IncludeMacros(request.Defines);
        foreach (string file in passed.Where(readForMacros.Add))
        {
            macros.Add(Encoding.Latin1.GetString(TextOf(file).Content));
        }

        byMacro.RemoveAll(named => !IsFollowed(named.File, named.Include, macros));
    }

    private bool IsFollowed(string file, IncludeName include, IncludeMacros macros)
    {
        if (include.Macro is null || macros.NamesOf(include.Macro) is not { } names)
        {
            string what = include.Macro is null ? "an #include of a macro" : $"an #include of macro {include.Macro}";
            faults.Add(new HeaderFault(file, include.Line, 1, $"{what} is not followed: it could name any file"));
            return false;
        }

        foreach (IncludeDirective name in names)
        {
            if (!namedByMacros.TryGetValue(file, out HashSet<IncludeDirective>? known))
            {
                namedByMacros.Add(file, known = []);
            }

            known.Add(name);
            Visit(file, Path.GetDirectoryName(file), name.Name, include.Line);
        }

        followed += names.Count + 1;
        if (followed > MaxFollowed)
        {
            string why = string.Create(CultureInfo.InvariantCulture, $"it is one of over {MaxFollowed} headers that macros could name");
            faults.Add(new HeaderFault(file, include.Line, 1, $"an #include of macro {include.Macro} is not followed: {why}"));
            Throw();
        }

        return true;
    }

    private void Throw()
    {
        if (faults.Count > 0)
        {
            throw new HeaderParseException(request.Set, request.Target.Name, faults);
        }
    }

    // Each file that the name could mean, not only the first: which one is opened is the compiler's business.
    private void Visit(string from, string? folder, string name, int line)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal) || !visited.Add((folder, name)))
        {
            return;
        }

        IEnumerable<string> places = folder is null ? request.SearchedFolders : [folder, .. request.IncludePaths];
        foreach (string place in places)
        {
            // By one name each: headers that include each other through ".." would go round for ever.
            string file = Path.GetFullPath(Path.Combine(place, name));
            if (!seen.Add(file) || !File.Exists(file))
            {
                continue;
            }

            if (RefusalOf(file) is { } refusal)
            {
                faults.Add(new HeaderFault(from, line, 1, $"\"{name}\" is not included: it is {refusal}"));
                continue;
            }

            waiting.Enqueue(file);
            if (seen.Count > MaxFiles * (request.SearchedFolders.Count + 1) || totalBytes > MaxTotalBytes)
            {
                string limit = string.Create(CultureInfo.InvariantCulture, $"{MaxFiles} files of {MaxTotalBytes >> 20} MB altogether");
                faults.Add(new HeaderFault(from, line, 1, $"\"{name}\" is not included: headers may include {limit} at most"));
                Throw();
            }
        }
    }

    // Most headers lie in few folders, the way to which is followed once.
    private string RealPathOf(string file)
    {
        if (Path.GetDirectoryName(file) is not { } folder || !Path.IsPathRooted(file) || new FileInfo(file).LinkTarget is not null
            || Path.GetFileName(file) is "" or "." or "..")
        {
            return RealPath.Of(file);
        }

        if (!realFolders.TryGetValue(folder, out string? real))
        {
            real = RealPath.Of(folder);
            realFolders.Add(folder, real);
        }

        return Path.Combine(real, Path.GetFileName(file));
    }

    // In words behind "it is"; null for what may be opened.
    private string? RefusalOf(string file)
    {
        if (!refusals.TryGetValue(file, out string? refusal))
        {
            refusal = Examine(file);
            refusals.Add(file, refusal);
        }

        return refusal;
    }

    private string? Examine(string file)
    {
        string real;
        try
        {
            real = RealPathOf(file);
        }
        catch (IOException)
        {
            return "a link that leads nowhere";
        }

        string? root = Array.Find(folders, folder => RealPath.IsWithin(real, folder));
        bool isInside = root is not null ? !real[root.Length..].Split('/').Contains(".git") : request.Bounds?.MayRead(real) ?? false;
        if (!isInside)
        {
            return "outside of the include folders and of what may be read";
        }

        if (FileStatus.Of(real) is not { } status)
        {
            return null;
        }

        totalBytes += (long)status.SizeBytes;
        return !status.IsRegular ? "no regular file"
            : status.SizeBytes > MaxFileBytes ? string.Create(CultureInfo.InvariantCulture, $"larger than {MaxFileBytes >> 20} MB")
            : null;
    }
}
