using System.CommandLine;
using System.Globalization;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Output;

namespace HvBindgen.Cli.Commands;

/// <summary><c>diff</c>: what changed between two generations, on which target, and whom it breaks.</summary>
internal static class DiffCommand
{
    // Exit codes of this command are its answer: 0 compatible, 1 below a break, 4 break, and this.
    private const int CouldNotEvaluate = 2;

    public static Command Create(GlobalOptions globals)
    {
        SelectionOptions selection = new();
        Argument<string> before = new("before") { Description = "Snapshot, folder of snapshots, hvbindgen.json, folder of headers, or git:REVISION." };
        Argument<string> after = new("after") { Description = "The other side, named in the same ways." };
        Option<string> format = new("--format", "-f") { Description = "Form of the report.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong(DiffOutput.Formats);
        Option<string?> output = new("--output", "-o") { Description = "Write the report to this file.", HelpName = "FILE" };
        Option<string> failOn = new("--fail-on")
        {
            Description = "Lowest verdict below a break that exits with 1.",
            DefaultValueFactory = _ => Verdict.Conditional.ToText(),
        };
        failOn.AcceptOnlyFromAmong([.. VerdictText.All.Select(verdict => verdict.ToText())]);
        Option<string?> suppressions = new("--suppressions") { Description = "File of accepted changes.", HelpName = "FILE" };
        Option<string[]> policies = new("--policy") { Description = "Whose rules headers follow, as PATTERN=uapi or PATTERN=hypervisor.", HelpName = "RULE" };
        Option<string> headerRoot = new("--header-root")
        {
            Description = "Folder of the headers in the repository, for locations in SARIF.",
            DefaultValueFactory = _ => "",
            HelpName = "DIR",
        };
        Option<string?> version = new("--suggest-version") { Description = "Current version of the package: also say the next one and write a changelog entry.", HelpName = "VERSION" };
        Command command = new("diff", "Compares two generations of an ABI. Exits with 0 compatible, 1 not at or above --fail-on, 4 break, 2 could not evaluate.")
        {
            before, after, format, output, failOn, suppressions, policies, headerRoot, version,
        };
        selection.AddTo(command, "Only these targets.");
        command.SetAction(parsed =>
        {
            CommandContext context = new(parsed, globals);
            try
            {
                DiffSides sides = new(context, selection);
                IReadOnlyList<AbiDiff> diffs = Compare(
                    sides.Read(parsed.GetValue(before)!), sides.Read(parsed.GetValue(after)!), OptionsOf(parsed.GetValue(policies) ?? []));
                if (parsed.GetValue(suppressions) is { } file)
                {
                    diffs = Suppress(diffs, file);
                }

                bool isColoured = parsed.GetValue(output) is null && context.Terminal.IsOutTerminal && Terminal.WantsColour;
                string report = Write(diffs, parsed.GetValue(format)!, parsed.GetValue(headerRoot)!, isColoured);
                if (parsed.GetValue(version) is { } current)
                {
                    report += Suggest(diffs, current);
                }

                Print(report, parsed.GetValue(output), context.Terminal);
                Verdict limit = VerdictText.Find(parsed.GetValue(failOn)!)!.Value;
                return diffs.Max(diff => diff.ExitCode(limit));
            }
            catch (Exception fault) when (fault is DiffException or ArgumentException or FormatException)
            {
                context.Terminal.Fail(fault.Message);
                return CouldNotEvaluate;
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                Failures.Report(fault, context.Terminal);
                return CouldNotEvaluate;
            }
        });
        return command;
    }

    internal static DiffOptions OptionsOf(IReadOnlyList<string> policies)
    {
        List<PolicyRule> rules = [];
        foreach (string text in policies)
        {
            rules.Add(text.Split('=') switch
            {
                [{ Length: > 0 } pattern, "uapi"] => new PolicyRule(pattern, DiffPolicy.Uapi),
                [{ Length: > 0 } pattern, "hypervisor"] => new PolicyRule(pattern, DiffPolicy.Hypervisor),
                _ => throw new DiffException($"--policy {text}: write PATTERN=uapi or PATTERN=hypervisor"),
            });
        }

        return new DiffOptions { Policies = [.. rules, .. DiffOptions.DefaultPolicies] };
    }

    internal static IReadOnlyList<AbiDiff> Compare(IReadOnlyList<AbiModel> before, IReadOnlyList<AbiModel> after, DiffOptions options)
    {
        string[] sets = [.. before.Concat(after).Select(model => model.Set).Distinct().Order(StringComparer.Ordinal)];
        if (before.All(model => model.Set == before[0].Set) && after.All(model => model.Set == after[0].Set))
        {
            // Two different sets are refused with their names, not as sets that the other side lacks.
            return [AbiDiffer.Compare(before, after, options)];
        }

        return
        [
            .. sets.Select(set => AbiDiffer.Compare(
                [.. before.Where(model => model.Set == set)], [.. after.Where(model => model.Set == set)], options)),
        ];
    }

    // Each suppression must match in some set, not in every one: the sets are judged as one result.
    private static IReadOnlyList<AbiDiff> Suppress(IReadOnlyList<AbiDiff> diffs, string file)
    {
        if (diffs.Count > 1)
        {
            throw new DiffException("suppressions are for one set: name it with --set");
        }

        Suppressions accepted = Suppressions.Read(File.ReadAllBytes(file), CommandContext.Shorten(file));
        return [accepted.Apply(diffs[0], DateOnly.FromDateTime(DateTime.UtcNow))];
    }

    private static string Write(IReadOnlyList<AbiDiff> diffs, string format, string headerRoot, bool isColoured)
    {
        if (diffs.Count > 1 && (format is "json" or "sarif" or "html"))
        {
            throw new DiffException($"{format} is for one set: name it with --set");
        }

        return string.Join('\n', diffs.Select(diff => DiffOutput.Format(diff, format, headerRoot, isColoured)));
    }

    private static string Suggest(IReadOnlyList<AbiDiff> diffs, string current)
    {
        Version version = Version.Parse(current);
        VersionSuggestion suggestion = diffs.Select(diff => VersionSuggestion.For(diff, version)).MaxBy(found => found.Step)!;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"\nnext version {suggestion.Next} ({suggestion.Step.ToString().ToLowerInvariant()})\n\n{suggestion.ChangelogEntry}");
    }

    private static void Print(string report, string? file, Terminal terminal)
    {
        if (file is null)
        {
            terminal.Out.Write(report);
            return;
        }

        OutputPlan plan = new();
        plan.Add(Path.GetDirectoryName(Path.GetFullPath(file))!, Path.GetFileName(file), report);
        plan.Commit();
    }
}
