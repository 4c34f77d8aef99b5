using System.Text.RegularExpressions;
using HvBindgen.Generator.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>Two generations as shared objects with debugging information, and what libabigail's abidiff says of them.</summary>
internal static partial class CompiledPair
{
    // Bits of abidiff's exit code: 1 and 2 are its own failures, 4 says that something changed.
    private const int Failed = 1 | 2;
    private const int Changed = 4;
    private const int Incompatible = 8;

    /// <summary>Compiles headers, each included once. Null when C cannot express them.</summary>
    internal static string? Compile(IEnumerable<string> headers, string folder, out string report)
    {
        string source = Path.Combine(folder, "pair.c");
        File.WriteAllLines(source, headers.Select(name => $"#include \"{name}\"").Append("int pair_version(void) { return 1; }"));
        string library = Path.Combine(folder, "pair.so");
        (int exit, report) = Run("gcc", "-g", "-fno-eliminate-unused-debug-types", "-shared", "-fPIC", "-o", library, source);
        return exit == 0 ? library : null;
    }

    /// <summary>Checks that what abidiff reports as changed we report too, each type by its name.</summary>
    /// <returns>What we miss, with abidiff's report; null when we agree.</returns>
    internal static string? FindMissing(string before, string after, AbiDiff ours, out bool isChanged)
    {
        (int exit, string report) = Run("abidiff", "--non-reachable-types", before, after);
        Assert.True((exit & Failed) == 0, $"abidiff failed with {exit}:\n{report}");
        isChanged = (exit & Changed) != 0;
        string said = string.Join('\n', Changes.All(ours).Where(change => change.Sees("x86_64"))
            .SelectMany(change => (IEnumerable<string>)[change.Symbol, change.Before, change.After, .. change.Reach]));
        if (isChanged && said.Length == 0)
        {
            return $"abidiff reports what we do not:\n{report}";
        }

        foreach (Match match in ReportedType().Matches(report))
        {
            string name = match.Groups[1].Value;
            if (!name.StartsWith("__anonymous", StringComparison.Ordinal) && !Regex.IsMatch(said, $@"\b{Regex.Escape(name)}\b"))
            {
                return $"abidiff reports {name}, we only {said.ReplaceLineEndings(", ")}:\n{report}";
            }
        }

        return null;
    }

    /// <summary>What abidiff says of two objects.</summary>
    internal static (bool IsChanged, bool IsIncompatible) Judge(string before, string after)
    {
        (int exit, string report) = Run("abidiff", "--non-reachable-types", before, after);
        Assert.True((exit & Failed) == 0, $"abidiff failed with {exit}:\n{report}");
        return ((exit & Changed) != 0, (exit & Incompatible) != 0);
    }

    /// <summary>Whether the kernel's scripts/check-uapi.sh lets two objects pass; null where abidiff gives no answer.</summary>
    /// <param name="abidiff">The program.</param>
    /// <param name="before">Object of the old header.</param>
    /// <param name="after">Object of the new one.</param>
    /// <param name="suppressions">The script's suppressions.</param>
    /// <param name="passesUnsure">Whether what abidiff does not call incompatible passes, as with <c>-i</c>.</param>
    internal static bool? Passes(string abidiff, string before, string after, string suppressions, bool passesUnsure)
    {
        (int exit, string report) = Run(abidiff, "--non-reachable-types", "--suppressions", suppressions, before, after);
        return exit is < 0 or > (Changed | Incompatible) || (exit & Failed) != 0 ? null
            : exit == 0 || (passesUnsure && exit == Changed)
                || report.Split('\n').Any(line => line.Contains("Unreachable types summary", StringComparison.Ordinal)
                    && line.Contains("0 removed", StringComparison.Ordinal) && line.Contains("0 changed", StringComparison.Ordinal));
    }

    /// <summary>Version of abidiff, for example <c>2.2.0</c>.</summary>
    internal static string AbidiffVersion(string abidiff = "abidiff") => Run(abidiff, "--version").Output.Trim().Split(' ')[^1];

    internal static void RequireTools()
    {
        Requirement.Program("abidiff", "abigail-tools");
        Requirement.Program("gcc", "gcc");
    }

    [GeneratedRegex(@"\[[ACD]\] '(?:struct|union|enum|class) (\w+)")]
    private static partial Regex ReportedType();

    private static (int Exit, string Output) Run(string tool, params string[] arguments)
    {
        Ending ending = ChildProgram.Run(tool, arguments);
        return (ending.ExitCode, ending.Out + ending.Error);
    }
}
