using System.Globalization;
using HvBindgen.Cli.Printing;
using HvBindgen.Generator.Output;
using HvBindgen.Mshv.Conformance;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Cli.Examining;

/// <summary>What this machine's <c>/dev/mshv</c> answers to every case of the conformance suite, as a file that can be sent.</summary>
internal static class ConformanceReport
{
    /// <summary>Runs the suite and writes the report, whole or not at all.</summary>
    /// <param name="path">The report.</param>
    /// <param name="terminal">Where progress and result are told.</param>
    internal static ExitCode Write(string path, Terminal terminal)
    {
        SystemCallResult opened = LinuxSystemCalls.Instance.Open("/dev/mshv", LinuxFlags.OpenCloseOnExec);
        if (!opened.IsSuccess)
        {
            terminal.Fail(
                $"/dev/mshv cannot be opened: {Errno.Describe(opened.Errno)}",
                "The suite runs on a root partition of the Microsoft hypervisor with Linux 6.15 or later, as root.");
            return ExitCode.Difference;
        }

        _ = LinuxSystemCalls.Instance.Close((int)opened.Value);
        List<ConformanceOutcome> outcomes = [.. ConformanceSuite.Run(LinuxSystemCalls.Instance, ConformanceSuite.Cases)];
        List<string> lines =
        [
            "# What /dev/mshv answered to the conformance suite of HvBindgen. Nothing in it is about this machine's owner or guests.",
            $"# kernel: {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}",
        ];
        int different = 0;
        foreach (ConformanceOutcome outcome in outcomes)
        {
            lines.Add(outcome.ToString());
            string? expected = ConformanceSuite.Expected.GetValueOrDefault(outcome.Name);
            if (expected is not null && expected != outcome.Text)
            {
                lines.Add($"#   Linux 7.3 over a model of the hypervisor: {expected}");
                different++;
            }
        }

        OutputPlan plan = new();
        string file = Path.GetFullPath(path);
        plan.Add(Path.GetDirectoryName(file) ?? "/", Path.GetFileName(file), string.Join('\n', lines) + "\n");
        plan.Commit();
        terminal.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{outcomes.Count} cases, {different} answered otherwise than expected: {path}"));
        return different == 0 ? ExitCode.Ok : ExitCode.Difference;
    }
}
