using System.Diagnostics;
using HvBindgen.Generator.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>Whatever libabigail's abidiff reports as changed between the objects of both sides, we report too.</summary>
public sealed class AbidiffAgreementTests
{
    // Bits of abidiff's exit code: 1 and 2 are its own failures, 4 says that something changed.
    private const int Failed = 1 | 2;
    private const int Changed = 4;

    public static TheoryData<string> Pairs => [.. FixturePair.AllFolders().Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void What_abidiff_reports_as_changed_we_report_too(string name)
    {
        string folder = Path.Combine(FixturePair.Folder, name);
        RequireTool("abidiff");
        RequireTool("gcc");
        DirectoryInfo work = Directory.CreateTempSubdirectory("hvbindgen-abidiff-");
        try
        {
            string before = Compile(File.ReadAllText(Path.Combine(folder, "before.h")), Path.Combine(work.FullName, "before"));
            string after = Compile(File.ReadAllText(Path.Combine(folder, "after.h")), Path.Combine(work.FullName, "after"));

            (int exit, string report) = Run("abidiff", "--non-reachable-types", before, after);
            AbiDiff ours = FixturePair.Read(folder).Compare();

            Assert.True((exit & Failed) == 0, $"abidiff failed with {exit}:\n{report}");
            if ((exit & Changed) != 0)
            {
                Assert.True(ours.Changes.Any(change => change.Sees("x86_64")), $"abidiff reports what we do not:\n{report}");
            }
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static string Compile(string header, string folder)
    {
        Directory.CreateDirectory(folder);
        List<string> headers = FixturePair.Write(header, folder);
        string source = Path.Combine(folder, "pair.c");
        File.WriteAllLines(source, headers.Select(name => $"#include \"{name}\"").Append("int pair_version(void) { return 1; }"));
        string library = Path.Combine(folder, "pair.so");
        (int exit, string report) = Run("gcc", "-g", "-fno-eliminate-unused-debug-types", "-shared", "-fPIC", "-o", library, source);
        Assert.True(exit == 0, report);
        return library;
    }

    private static void RequireTool(string tool)
    {
        bool exists = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)));
        if (!exists && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip($"{tool} is not installed (Debian: abigail-tools, gcc)");
        }

        Assert.True(exists, $"{tool} must be there when CI=true");
    }

    private static (int Exit, string Output) Run(string tool, params string[] arguments)
    {
        ProcessStartInfo start = new(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
