using System.Text;
using HvBindgen.Cli.Starting;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Verification;

namespace HvBindgen.Sweep;

/// <summary>The downloaded headers of linux-libc-dev.</summary>
internal sealed class HeaderFolder
{
    private readonly string[] headers;

    private readonly string compilerHeaders;

    private HeaderFolder(IReadOnlyList<string> includePaths, string compilerHeaders, string[] headers)
    {
        IncludePaths = includePaths;
        this.compilerHeaders = compilerHeaders;
        this.headers = headers;
    }

    internal IReadOnlyList<string> IncludePaths { get; }

    internal int Count => headers.Length;

    /// <summary>Every how many headers are taken.</summary>
    internal static int Share => Math.Max(1, Requirement.SweepShare);

    /// <summary>The kernel's headers; no C library's.</summary>
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
        string[] taken = [.. names.Where((_, index) => index % Share == 0)];
        return new HeaderFolder([own, include], HeadersOf(gcc), taken);
    }

    /// <summary>The headers that gcc compiles when nothing is included before them but, where they ask for them, its own.</summary>
    internal async Task<string[]> AcceptedAsync(Compiler gcc, CancellationToken cancellation)
    {
        bool[] accepted = new bool[headers.Length];
        await Parallel.ForEachAsync(Enumerable.Range(0, headers.Length), cancellation, async (index, token) =>
        {
            IEnumerable<string> folders = IncludePaths.Concat([compilerHeaders, FreestandingHeaders.Folder])
                .SelectMany(path => (string[])["-isystem", path]);
            ChildProgram compiler = new(
                gcc.Path, [.. gcc.BaseArguments, "-xc", "-std=gnu11", "-fsyntax-only", "-nostdinc", .. folders, "-"])
            {
                Input = $"#include <{headers[index]}>\n",
            };
            accepted[index] = (await compiler.RunAsync(token)).ExitCode == 0;
        });
        return [.. headers.Where((_, index) => accepted[index])];
    }

    /// <summary>The set that <c>init</c> starts for one header.</summary>
    internal BindingSet SetOf(string header, string @namespace, TargetInfo target) =>
        SetOf(new StarterConfiguration("sweep", [header], @namespace, IncludePaths, [target.Name]));

    /// <summary>A set as a configuration has it that <c>init</c> wrote.</summary>
    internal static BindingSet SetOf(StarterConfiguration starter)
    {
        starter.Check();
        string path = Path.Combine(Repository.Root, BindingConfiguration.FileName);
        return BindingConfiguration.Read(path, Encoding.UTF8.GetBytes(starter.ToJson("hvbindgen.schema.json", path))).Sets[0];
    }

    private static string HeadersOf(Compiler gcc)
    {
        string folder = ChildProgram.Run(gcc.Path, [.. gcc.BaseArguments, "-print-file-name=include"]).Out.Trim();
        return Directory.Exists(folder) ? folder : throw new InvalidOperationException($"{gcc.Name} has no headers of its own: {folder}");
    }

    private static IEnumerable<string> Names(string folder, string root) =>
        Directory.EnumerateFiles(folder, "*.h", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file));
}
