using HvBindgen.Generator.Model;
using HvBindgen.Generator.Verification;

namespace HvBindgen.Sweep;

/// <summary>The downloaded headers of linux-libc-dev.</summary>
internal sealed class HeaderFolder
{
    private readonly string[] headers;

    private HeaderFolder(IReadOnlyList<string> includePaths, string[] headers)
    {
        IncludePaths = includePaths;
        this.headers = headers;
    }

    internal IReadOnlyList<string> IncludePaths { get; }

    internal int Count => headers.Length;

    /// <summary>The kernel's headers, and behind them those that are part of gcc itself, such as <c>stddef.h</c>; no C library's.</summary>
    internal static HeaderFolder Find(TargetInfo target, Compiler gcc)
    {
        string include = Path.Combine(Repository.DownloadedHeaders(), "usr", "include");
        string own = Path.Combine(include, target.Multiarch);

        // Every other machine's folder holds asm/ too; this machine's own is read, theirs are not.
        string[] shared = Directory.GetDirectories(include).Any(folder => Directory.Exists(Path.Combine(folder, "asm")))
            ? [.. Directory.GetDirectories(include).Where(folder => !Directory.Exists(Path.Combine(folder, "asm")))]
            : [];
        string[] names =
        [
            .. shared.SelectMany(folder => Names(folder, include)),
            .. Directory.GetFiles(include, "*.h").Select(file => Path.GetFileName(file)),
            .. Names(own, own),
        ];
        Array.Sort(names, StringComparer.Ordinal);
        return new HeaderFolder([own, include, HeadersOf(gcc)], names);
    }

    /// <summary>The headers that gcc compiles when nothing is included before them.</summary>
    internal async Task<string[]> AcceptedAsync(Compiler gcc, CancellationToken cancellation)
    {
        bool[] accepted = new bool[headers.Length];
        await Parallel.ForEachAsync(Enumerable.Range(0, headers.Length), cancellation, async (index, token) =>
        {
            IEnumerable<string> folders = IncludePaths.SelectMany(path => (string[])["-isystem", path]);
            ChildProgram compiler = new(gcc.Path, [.. gcc.BaseArguments, "-xc", "-std=gnu11", "-fsyntax-only", "-nostdinc", .. folders, "-"])
            {
                Input = $"#include <{headers[index]}>\n",
            };
            accepted[index] = (await compiler.RunAsync(token)).ExitCode == 0;
        });
        return [.. headers.Where((_, index) => accepted[index])];
    }

    private static string HeadersOf(Compiler gcc)
    {
        string folder = ChildProgram.Run(gcc.Path, [.. gcc.BaseArguments, "-print-file-name=include"]).Out.Trim();
        return Directory.Exists(folder) ? folder : throw new InvalidOperationException($"{gcc.Name} has no headers of its own: {folder}");
    }

    private static IEnumerable<string> Names(string folder, string root) =>
        Directory.EnumerateFiles(folder, "*.h", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file));
}
