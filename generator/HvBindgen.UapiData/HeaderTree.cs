using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.UapiData;

/// <summary>The kernel's headers as fetched, and how each is parsed by itself.</summary>
/// <param name="folder">The repository's <c>headers</c>.</param>
/// <param name="include">The folder of the tree that <c>#include</c> names headers from.</param>
/// <param name="owned">Headers that a configured set has for its own; they are no roots.</param>
internal sealed class HeaderTree(string folder, string include, IReadOnlyCollection<string> owned)
{
    // What a header may count on: a C program that includes it has included these, or the C library's twins of them.
    private static readonly string[] Prelude =
        ["stddef.h", "stdint.h", "sys/types.h", "time.h", "sys/time.h", "sys/socket.h", "netinet/in.h", "signal.h", "linux/if.h"];

    /// <summary>The headers that the lock file pins.</summary>
    internal static HeaderTree Fetched(string folder, IReadOnlyCollection<string> owned) => new(folder, IncludeOf(folder), owned);

    /// <summary>Where those lie.</summary>
    internal static string IncludeOf(string folder) => Path.Combine(folder, "downloaded", "usr", "include");

    /// <summary>Headers that programs include, sorted; those that only others include are not among them.</summary>
    internal string[] RootsOf(TargetInfo target)
    {
        string own = Path.Combine(include, target.Multiarch);
        IEnumerable<string> shared = Directory.GetDirectories(include)
            .Where(folder => !Directory.Exists(Path.Combine(folder, "asm")))
            .SelectMany(folder => Names(folder, include));
        return
        [
            .. shared.Concat(Names(own, own)).Where(header => IsRoot(header, target) && !owned.Contains(header))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Reads a header as one that stands alone, and if it does not, behind what programs have included by then.</summary>
    /// <param name="header">The header.</param>
    /// <param name="target">The machine.</param>
    /// <param name="fault">Why it cannot be read.</param>
    /// <returns>What it declares; null for one that cannot be read.</returns>
    internal AbiModel? TryRead(string header, TargetInfo target, out string fault) => TryRead([], header, target, out fault);

    /// <summary>Reads a header as <see cref="TryRead(string, TargetInfo, out string)"/> does, in a set with others.</summary>
    /// <param name="before">The others, which stand in front.</param>
    /// <param name="header">The header.</param>
    /// <param name="target">The machine.</param>
    /// <param name="fault">Why it cannot be read.</param>
    /// <returns>What it declares; null for one that cannot be read.</returns>
    internal AbiModel? TryRead(IReadOnlyList<string> before, string header, TargetInfo target, out string fault)
    {
        fault = "";
        try
        {
            return HeaderParser.Parse(Request([], before, header, target)).Model;
        }
        catch (HeaderParseException)
        {
            try
            {
                return HeaderParser.Parse(Request(Prelude, before, header, target)).Model;
            }
            catch (HeaderParseException alone)
            {
                fault = alone.Message;
                return null;
            }
        }
    }

    /// <summary>A header's text as a program for the machine gets it.</summary>
    internal string TextOf(string header, TargetInfo target)
    {
        string own = Path.Combine(include, target.Multiarch, header);
        return File.ReadAllText(File.Exists(own) ? own : Path.Combine(include, header));
    }

    private ParseRequest Request(IReadOnlyList<string> prelude, IReadOnlyList<string> before, string header, TargetInfo target) => new(
        "uapi", target, [.. prelude, .. before, header],
        [Path.Combine(include, target.Multiarch), include, Path.Combine(folder, "uapi", "shim")])
    {
        // What asm/ headers take from the generic ones is the machine's own.
        OwnHeaders = header.StartsWith("asm/", StringComparison.Ordinal) ? [.. before, header, "asm-generic/*"] : [.. before, header],
    };

    // Headers of other machines and older calling conventions are there beside the machine's own.
    private static bool IsRoot(string header, TargetInfo target) =>
        !header.StartsWith("asm-generic/", StringComparison.Ordinal)
        && !header.EndsWith(target.PointerBytes == 8 ? "_32.h" : "_64.h", StringComparison.Ordinal)
        && !header.EndsWith("_x32.h", StringComparison.Ordinal) && !header.EndsWith("-oabi.h", StringComparison.Ordinal)
        && !header.EndsWith(target.IsLittleEndian ? "/big_endian.h" : "/little_endian.h", StringComparison.Ordinal);

    private static IEnumerable<string> Names(string folder, string root) =>
        Directory.EnumerateFiles(folder, "*.h", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file));
}
