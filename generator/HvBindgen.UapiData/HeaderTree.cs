using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.UapiData;

/// <summary>The kernel's headers as fetched, and how each is parsed by itself.</summary>
/// <param name="folder">The repository's <c>headers</c>.</param>
/// <param name="owned">Headers that a configured set has for its own; they are no roots.</param>
internal sealed class HeaderTree(string folder, IReadOnlyCollection<string> owned)
{
    // What a header may count on: a C program that includes it has included these, or the C library's twins of them.
    private static readonly string[] Prelude =
        ["stddef.h", "stdint.h", "sys/types.h", "time.h", "sys/time.h", "sys/socket.h", "netinet/in.h", "signal.h", "linux/if.h"];

    private readonly string include = Path.Combine(folder, "downloaded", "usr", "include");

    /// <summary>Headers that programs include, sorted; those that only others include are not among them.</summary>
    internal string[] RootsOf(TargetInfo target)
    {
        string own = Path.Combine(include, target.Multiarch);
        IEnumerable<string> shared = Directory.GetDirectories(include)
            .Where(folder => !Directory.Exists(Path.Combine(folder, "asm")))
            .SelectMany(folder => Names(folder, include));
        return
        [
            .. shared.Concat(Names(own, own)).Where(IsRoot).Where(header => !owned.Contains(header)).Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The request that reads a header as one that stands alone.</summary>
    internal ParseRequest RequestFor(string header, TargetInfo target) => Request([header], header, target);

    /// <summary>The request that reads it behind what programs have included by then.</summary>
    internal ParseRequest RequestWithPrelude(string header, TargetInfo target) => Request([.. Prelude, header], header, target);

    private ParseRequest Request(IReadOnlyList<string> headers, string header, TargetInfo target) =>
        new("uapi", target, headers, [Path.Combine(include, target.Multiarch), include, Path.Combine(folder, "uapi", "shim")])
        {
            // What asm/ headers take from the generic ones is the machine's own.
            OwnHeaders = header.StartsWith("asm/", StringComparison.Ordinal) ? [header, "asm-generic/*"] : [header],
        };

    private static bool IsRoot(string header) =>
        !header.StartsWith("asm-generic/", StringComparison.Ordinal) && !header.EndsWith("_32.h", StringComparison.Ordinal)
        && !header.EndsWith("_x32.h", StringComparison.Ordinal) && !header.EndsWith("/big_endian.h", StringComparison.Ordinal);

    private static IEnumerable<string> Names(string folder, string root) =>
        Directory.EnumerateFiles(folder, "*.h", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file));
}
