using HvBindgen.Generator.Files;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>Headers as they lie in folders, without a configuration: one as <c>headers_install</c> makes it, or one header.</summary>
/// <param name="Root">Folder by which headers include each other.</param>
/// <param name="Bounds">What else headers may include.</param>
public sealed record IncludeTree(string Root, PathBounds Bounds)
{
    // Some uapi headers include those of a C library. Both sides find the same ones, so they make no difference.
    private const string SystemRoot = "/usr/include";

    /// <summary>Further folders, searched after the root.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>The one header that it is about, relative to the root; null for all of them.</summary>
    public string? Only { get; init; }

    /// <summary>Macros defined for the compiler, as <c>NAME</c> or <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Defines { get; init; } = [];

    /// <summary>Patterns of headers that are left out.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>Turns paths of a folder that is soon gone into words.</summary>
    public Func<string, string> Readable { get; init; } = static text => text;

    /// <summary>A single header, with the folders that its includes ask for.</summary>
    /// <param name="file">The header.</param>
    /// <param name="bounds">What else it may include.</param>
    /// <returns>The folder around it by which headers name each other, and the header in it.</returns>
    public static IncludeTree OfHeader(string file, PathBounds bounds)
    {
        string full = Path.GetFullPath(file);
        string root = RootOf(full);
        return new IncludeTree(root, bounds) { Only = Path.GetRelativePath(root, full) };
    }

    /// <summary>The folders in the order of search.</summary>
    /// <param name="target">The machine, whose own folder goes before the one that it lies in.</param>
    /// <returns>Existing folders and those that were named.</returns>
    public IReadOnlyList<string> FoldersFor(TargetInfo target)
    {
        List<string> folders = [];
        AddWithOwn(folders, [Root, .. More], target);
        return folders;
    }

    /// <summary>Names of the headers for one target, as an <c>#include</c> names them, also of those that cannot be opened.</summary>
    /// <param name="target">The machine.</param>
    /// <returns>Sorted; headers of other machines are left out.</returns>
    public IReadOnlyList<string> HeadersFor(TargetInfo target)
    {
        if (Only is not null)
        {
            return [Only];
        }

        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(Root, "*.h", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(Root, file);
            string[] parts = name.Split('/', 2);
            name = parts.Length == 2 && parts[0] == target.Multiarch ? parts[1] : name;
            if (!IsOfMachine(name.Split('/')[0]) && !Glob.MatchesAny(Skipped, name))
            {
                names.Add(name);
            }
        }

        return [.. names];
    }

    /// <summary>What the parser is to do for one header, which stands alone.</summary>
    /// <param name="header">Its name.</param>
    /// <param name="target">The machine.</param>
    /// <param name="closure">What the headers of the tree include.</param>
    /// <returns>The request.</returns>
    public ParseRequest RequestFor(string header, TargetInfo target, IncludeClosure closure)
    {
        List<string> folders = [.. FoldersFor(target)];
        if (closure.AsksForMore(header))
        {
            AddWithOwn(folders, [SystemRoot], target);
        }

        return new ParseRequest(header, target, [header], folders) { Bounds = Bounds, Defines = Defines };
    }

    private static void AddWithOwn(List<string> folders, IEnumerable<string> more, TargetInfo target)
    {
        foreach (string folder in more)
        {
            string own = Path.Combine(folder, target.Multiarch);
            folders.AddRange(Directory.Exists(own) ? [own, folder] : [folder]);
        }
    }

    // As Debian names them: mips64el-linux-gnuabi64.
    private static bool IsOfMachine(string folder) => folder.Contains("-linux-", StringComparison.Ordinal);

    // The folder around the header by which its own includes, and those beside it, are named: include/uapi for
    // include/uapi/linux/foo.h. Without such a folder above, the header's own.
    private static string RootOf(string file)
    {
        string own = Path.GetDirectoryName(file)!;
        for (string? at = own; at is not null; at = Path.GetDirectoryName(at))
        {
            if (Path.GetFileName(at) is "include" or "uapi")
            {
                return at;
            }
        }

        return own;
    }
}
