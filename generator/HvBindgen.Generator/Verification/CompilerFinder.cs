using System.Text.RegularExpressions;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Verification;

/// <summary>Finds the C compilers of this machine that can compile for a target. Nothing is assumed: each is tried.</summary>
public static partial class CompilerFinder
{
    /// <summary>Looks along <c>PATH</c> for gcc and clang, the machine's own and cross compilers.</summary>
    /// <param name="target">What they have to compile for.</param>
    /// <returns>Those that do: gcc before clang, newer clang before older; empty when there is none.</returns>
    public static IReadOnlyList<Compiler> Find(TargetInfo target) =>
        Find(target, (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));

    internal static IReadOnlyList<Compiler> Find(TargetInfo target, IReadOnlyList<string> folders)
    {
        List<Compiler> compilers = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((string name, string[] arguments) in Candidates(target, folders))
        {
            // gcc, cc and x86_64-linux-gnu-gcc are mostly one program.
            if (Locate(name, folders) is { } path && seen.Add(Path.GetFileName(RealPath(path)) + ' ' + string.Join(' ', arguments))
                && Try(name, path, arguments, target) is { } compiler)
            {
                compilers.Add(compiler);
            }
        }

        return compilers;
    }

    private static IEnumerable<(string Name, string[] Arguments)> Candidates(TargetInfo target, IReadOnlyList<string> folders)
    {
        // Debian names cross compilers by the multiarch triple, except that of i386.
        string prefix = target.Multiarch.Replace("i386-", "i686-", StringComparison.Ordinal);
        yield return ("gcc", []);
        yield return ("cc", []);
        yield return ($"{prefix}-gcc", []);
        if (target.PointerBytes == 4)
        {
            yield return ("gcc", ["-m32"]);
        }

        string triple = $"--target={target.Triple}";
        yield return ("clang", [triple]);
        foreach (string name in VersionedClangs(folders))
        {
            yield return (name, [triple]);
        }
    }

    private static IEnumerable<string> VersionedClangs(IReadOnlyList<string> folders) => folders
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "clang-*"))
        .Select(file => Path.GetFileName(file))
        .Where(name => VersionedClang().IsMatch(name))
        .Distinct()
        .OrderByDescending(name => name.Length)
        .ThenByDescending(name => name, StringComparer.Ordinal);

    private static string? Locate(string name, IReadOnlyList<string> folders) =>
        folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string RealPath(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    // Compiles a few lines and looks at what came out: the machine, and the sizes the target is known to have.
    private static Compiler? Try(string name, string path, string[] arguments, TargetInfo target)
    {
        const string Source = """
            const unsigned char hvb_pointer = sizeof(void *);
            const unsigned char hvb_char = (char)-1 < 0;
            const unsigned char hvb_long_double = sizeof(long double);

            """;
        try
        {
            CompilerOutput version = CompilerRun.Run(path, [.. arguments, "--version"], "");
            Compiler compiler = new(name, path, arguments, version.Text.Split('\n')[0].Trim());
            CompilationResult result = CompilerRun.CompileAsync(compiler, ["-nostdinc"], Source, CancellationToken.None)
                .GetAwaiter().GetResult();
            return version.ExitCode == 0 && result.Object is { } bytes && IsFor(target, ObjectFile.Read(bytes)) ? compiler : null;
        }
        catch (VerificationException)
        {
            // It does not start, or what it writes is no ELF object: not a compiler for the target.
            return null;
        }
    }

    private static bool IsFor(TargetInfo target, ObjectFile file) =>
        file.Machine == MachineOf(target)
        && file.IsLittleEndian == target.IsLittleEndian
        && file.BytesOf("hvb_pointer") is [byte pointerBytes] && pointerBytes == target.PointerBytes
        && file.BytesOf("hvb_char") is [byte isSigned] && isSigned != 0 == target.CharIsSigned
        && file.BytesOf("hvb_long_double") is [byte longDoubleBytes] && longDoubleBytes == target.LongDoubleBytes;

    // e_machine of the ELF specification's register of machines.
    private static int MachineOf(TargetInfo target) => target.Triple[..target.Triple.IndexOf('-', StringComparison.Ordinal)] switch
    {
        "i686" => 3,
        "powerpc64le" => 21,
        "s390x" => 22,
        "armv7" => 40,
        "x86_64" => 62,
        "aarch64" => 183,
        "riscv64" => 243,
        _ => -1,
    };

    [GeneratedRegex("^clang-[0-9]+$")]
    private static partial Regex VersionedClang();
}
