using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Verification;

namespace HvBindgen.Cli.Examining;

/// <summary>Which compilers are asked about which target.</summary>
/// <param name="names">Names from the command line; empty takes all that are found.</param>
/// <param name="terminal">Receives a note on each target that nobody can be asked about.</param>
internal sealed class CompilerChoice(IReadOnlyCollection<string> names, Terminal terminal)
{
    private readonly Dictionary<TargetInfo, IReadOnlyList<Compiler>> found = [];

    /// <summary>The compilers for a target; empty when there is none.</summary>
    internal IReadOnlyList<Compiler> For(TargetInfo target)
    {
        if (!found.TryGetValue(target, out IReadOnlyList<Compiler>? compilers))
        {
            compilers =
            [
                .. CompilerFinder.Find(target).Where(
                    compiler => names.Count == 0 || names.Contains(compiler.Name) || names.Contains(compiler.Path)),
            ];
            found.Add(target, compilers);
        }

        return compilers;
    }

    /// <summary>Passes when at least one target, or each of them, has a compiler; notes those that have none.</summary>
    /// <exception cref="NoCompilerException">There is nobody to ask.</exception>
    internal void Require(IReadOnlyList<TargetInfo> targets, bool needsAll)
    {
        TargetInfo[] without = [.. targets.Where(target => For(target).Count == 0)];
        string who = names.Count == 0 ? "C compiler" : string.Join(" or ", names);
        if (without.Length > 0 && (needsAll || without.Length == targets.Count))
        {
            throw new NoCompilerException(
                $"no {who} on this machine compiles for {string.Join(", ", without.Select(target => target.Name))}",
                string.Join('\n', without.Select(HowToGet)));
        }

        foreach (TargetInfo target in without)
        {
            terminal.Tell($"note: {target.Name} is not asked about, no {who} here compiles for it. {HowToGet(target)}");
        }
    }

    /// <summary>How to get a compiler for a target.</summary>
    internal static string HowToGet(TargetInfo target)
    {
        string package = target.Name switch
        {
            "i686" => "gcc-multilib (gcc -m32)",
            "armv7" => "gcc-arm-linux-gnueabihf",
            _ => $"gcc-{target.Multiarch.Replace('_', '-')}",
        };
        return $"Debian: apt-get install {(target.Name == "x86_64" ? "gcc" : package)}, or clang for all targets";
    }
}
