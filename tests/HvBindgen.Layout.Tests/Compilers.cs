using System.Collections.Concurrent;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Verification;

namespace HvBindgen.Layout.Tests;

/// <summary>The compilers of this machine, looked for once for each target.</summary>
internal static class Compilers
{
    private static readonly ConcurrentDictionary<string, IReadOnlyList<Compiler>> Known = new(StringComparer.Ordinal);

    /// <summary>The best compiler of a family, <c>gcc</c> or <c>clang</c>, for a target. Skips the test when there is none.</summary>
    internal static Compiler For(TargetInfo target, string family)
    {
        IReadOnlyList<Compiler> all = Known.GetOrAdd(target.Name, _ => CompilerFinder.Find(target));
        Compiler? found = all.FirstOrDefault(compiler => compiler.IsClang == (family == "clang"));
        if (found is null)
        {
            string package = family == "clang" ? "clang" : target.Name == "x86_64" ? "gcc" : $"gcc-{target.Multiarch}";
            Requirement.SkipOrFail($"no {family} for {target.Name} on this machine: apt-get install {package}");
        }

        return found!;
    }
}
