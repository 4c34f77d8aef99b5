using System.CommandLine;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Cli.Sets;
using HvBindgen.Cli.Sides;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Files;
using HvBindgen.Generator.Lint;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Output;

namespace HvBindgen.Cli.Commands;

/// <summary><c>lint</c>: what a reviewer of new ABI would ask about, before it is released and stays.</summary>
internal static class LintCommand
{
    private static string[] Severities => [.. LintSeverityText.All.Select(severity => severity.ToText())];

    internal static Command Create(GlobalOptions globals)
    {
        SelectionOptions selection = new();
        Argument<string?> side = new("side")
        {
            Description =
                "Snapshot, folder of snapshots, configuration, header or folder of headers; git:REVISION or git:REVISION:PATH for one at a "
                    + "revision. By default the sets of the configuration in use.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string[]> include = new("--include", "-I")
        {
            Description = "Folder that headers without a configuration are searched in; repeat it for several.",
            HelpName = "DIR",
        };
        Option<string[]> define = new("--define", "-D")
        {
            Description = "Macro defined for headers without a configuration, as NAME or NAME=VALUE.",
            HelpName = "MACRO",
        };
        Option<string?> write = new("--write-baseline")
        {
            Description = "Write all that is found into a file for --baseline: what is there is accepted, what comes later is looked at.",
            HelpName = "FILE",
        };
        Option<string?> baseline = new("--baseline")
        {
            Description =
                "File of accepted findings: {\"accepted\": [{\"rule\", \"symbol\", \"reason\"}]}. One that is found no more is an error.",
            HelpName = "FILE",
        };
        Option<string> failOn = new("--fail-on")
        {
            Description = $"Lowest severity that exits with 1: {string.Join(", ", Severities)}.",
            HelpName = "SEVERITY",
            DefaultValueFactory = _ => LintSeverity.Warning.ToText(),
        };
        failOn.AcceptOnlyFromAmong(Severities);
        Option<bool> json = new("--json") { Description = "Print JSON." };
        Command command = new(
            "lint",
            "Looks for declarations that will be regretted: layouts that differ, holes, missing masks. Exits with 0 nothing, 1 found at "
                + "or above --fail-on, 2 could not evaluate.")
        {
            side, baseline, write, failOn, json, include, define,
        };
        selection.AddTo(command, "Also these targets, such as i686, beside those of each set; of a SIDE only these.");
        command.Excludes(
            write, "all that is found is accepted by the new baseline, so nothing is reported or judged.", baseline, json, failOn);
        command.Needs(result => result.HasGiven(side), "sets of a configuration have folders and macros of their own.", include, define);
        command.SetAction(parsed => DiffCommand.Evaluate(new CommandContext(parsed, globals), context =>
        {
            LintSeverity limit = LintSeverityText.Find(parsed.GetValue(failOn)!)!.Value;
            LintBaseline? accepted = parsed.GetValue(baseline) is { } file ? ReadBaseline(file) : null;
            IReadOnlyList<LintResult> results = parsed.GetValue(side) is { } named
                ? Check(context, selection, named, parsed.GetValue(include), parsed.GetValue(define))
                : Check(context, selection);
            if (parsed.GetValue(write) is { } written)
            {
                OutputPlan plan = new();
                plan.Add(Path.GetDirectoryName(Path.GetFullPath(written))!, Path.GetFileName(written), LintBaseline.Write(results));
                plan.Commit();
                return (int)ExitCode.Ok;
            }

            results = accepted?.Apply(results) ?? results;
            if (parsed.GetValue(json))
            {
                context.Terminal.Out.Write(LintReport.WriteJson(results));
            }
            else
            {
                context.Terminal.PrintAsItIs(LintReport.Write(results, context.Terminal.IsColoured ? Paint : null));
            }

            return (int)(results.Any(result => result.Reaches(limit)) ? ExitCode.Difference : ExitCode.Ok);
        }));
        return command;
    }

    private static List<LintResult> Check(CommandContext context, SelectionOptions selection)
    {
        BindingConfiguration configuration = context.ReadConfiguration();
        IReadOnlyList<TargetInfo> further = selection.TargetsOf(context.Parsed);
        List<LintResult> results = [];
        foreach (BindingSet set in selection.SetsOf(context.Parsed, configuration))
        {
            IReadOnlyList<TargetInfo> targets = [.. set.Targets.Union(further)];
            ParsedSet parsed = SetParsing.Parse(context, configuration, [set], targets)[0];
            results.Add(Linter.Check([.. parsed.Parsed.Select(headers => headers.Model)], set.ToLintOptions()));
        }

        return results;
    }

    private static List<LintResult> Check(
        CommandContext context, SelectionOptions selection, string side, IReadOnlyList<string>? folders, IReadOnlyList<string>? defines)
    {
        using DiffSides sides = new(context, selection, null, folders, defines);
        return
        [
            .. sides.Read(side).GroupBy(model => model.Set, StringComparer.Ordinal)
                .Select(set => Linter.Check([.. set], sides.FindSet(set.Key)?.ToLintOptions())),
        ];
    }

    private static LintBaseline ReadBaseline(string file)
    {
        string shown = CommandContext.Shorten(file);
        try
        {
            return LintBaseline.Read(FileContent.Read(file, SideFiles.MaxListBytes), shown);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DiffException($"{shown}: cannot be read: {fault.Message}", fault);
        }
    }

    private static string Paint(LintSeverity severity, string word) => severity switch
    {
        LintSeverity.Error => $"\e[1;31m{word}\e[0m",
        LintSeverity.Warning => $"\e[33m{word}\e[0m",
        _ => $"\e[2m{word}\e[0m",
    };
}
