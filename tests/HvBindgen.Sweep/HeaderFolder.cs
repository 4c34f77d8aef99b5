using System.Diagnostics;
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
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "HvBindgen.sln")))
        {
            root = root.Parent;
        }

        string include = Path.Combine(root?.FullName ?? "", "headers", "downloaded", "usr", "include");
        if (!Directory.Exists(include))
        {
            throw new InvalidOperationException("the kernel's headers are missing: run ./regenerate.sh");
        }

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
            ProcessStartInfo start = new(gcc.Path) { RedirectStandardInput = true, RedirectStandardError = true };
            foreach (string argument in (string[])
                [.. gcc.BaseArguments, "-xc", "-std=gnu11", "-fsyntax-only", "-nostdinc", .. IncludePaths.SelectMany(path => (string[])["-isystem", path]), "-"])
            {
                start.ArgumentList.Add(argument);
            }

            using Process process = Process.Start(start)!;
            await process.StandardInput.WriteAsync($"#include <{headers[index]}>\n".AsMemory(), token);
            process.StandardInput.Close();
            await process.StandardError.ReadToEndAsync(token);
            await process.WaitForExitAsync(token);
            accepted[index] = process.ExitCode == 0;
        });
        return [.. headers.Where((_, index) => accepted[index])];
    }

    private static string HeadersOf(Compiler gcc)
    {
        using Process process = Process.Start(new ProcessStartInfo(gcc.Path, [.. gcc.BaseArguments, "-print-file-name=include"]) { RedirectStandardOutput = true })!;
        string folder = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return Directory.Exists(folder) ? folder : throw new InvalidOperationException($"{gcc.Name} has no headers of its own: {folder}");
    }

    private static IEnumerable<string> Names(string folder, string root) =>
        Directory.EnumerateFiles(folder, "*.h", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file));
}
