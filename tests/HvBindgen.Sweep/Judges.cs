using HvBindgen.Generator.Model;
using HvBindgen.Generator.Verification;

namespace HvBindgen.Sweep;

/// <summary>The C compilers that a sweep asks.</summary>
internal static class Judges
{
    /// <summary>The machine's gcc or a cross compiler; without one the test is skipped, and fails in CI.</summary>
    internal static Compiler GccOf(TargetInfo target)
    {
        Compiler? gcc = CompilerFinder.Find(target).FirstOrDefault(compiler => !compiler.IsClang);
        if (gcc is null)
        {
            Requirement.SkipOrFail($"no gcc for {target.Name}: apt-get install gcc or gcc-{target.Triple.Replace('_', '-')}");
        }

        return gcc!;
    }
}
