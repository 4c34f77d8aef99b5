using System.CommandLine;
using System.CommandLine.Parsing;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Cli.Sides;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Lint;
using HvBindgen.Generator.Model;

namespace HvBindgen.Cli.Commands;

/// <summary><c>diff</c>: what changed between two generations, on which target, and whom it breaks.</summary>
internal static class DiffCommand
{
    // Exit codes of this command are its answer: 0 compatible, 1 below a break, 4 break, and this.
    internal const int CouldNotEvaluate = 2;

    private const string Name = "diff";
    private const string Before = "before";
    private const string After = "after";
    private const string Rules = "--rules";

    private static string[] Verdicts => [.. VerdictText.All.Select(verdict => verdict.ToText())];

    internal static Command Create(GlobalOptions globals)
    {
        SelectionOptions selection = new();
        Argument<string> before = new(Before)
        {
            Description =
                "Snapshot, folder of snapshots, configuration, header or folder of headers, of which each is compared alone; git:REVISION "
                    + "or git:REVISION:PATH for one at a revision, with an empty revision for what is staged.",
        };
        Argument<string> after = new(After) { Description = "The other side, named in the same ways." };
        Option<string?> format = new("--format", "-f")
        {
            Description = $"Form of the report: {string.Join(", ", DiffOutput.Formats)}. By default text, or what the ending of --output "
                + "names.",
            HelpName = "FORM",
        };
        format.AcceptOnlyFromAmong(DiffOutput.Formats);
        Option<string[]> output = new("--output", "-o")
        {
            Description =
                $"Write the report to this file: {DiffOutput.Endings}. Repeat it for several; all are written or none.",
            HelpName = "FILE",
        };
        Option<string> failOn = new("--fail-on")
        {
            Description = $"Lowest verdict below a break that exits with 1: {string.Join(", ", Verdicts)}.",
            HelpName = "VERDICT",
            DefaultValueFactory = _ => Verdict.Conditional.ToText(),
        };
        failOn.AcceptOnlyFromAmong(Verdicts);
        Option<string?> suppressions = new("--suppressions") { Description = "File of accepted changes.", HelpName = "FILE" };
        Option<string?> rules = new(Rules)
        {
            Description =
                "Take configuration and accepted changes of both sides from this revision, and say first what differs in them since.",
            HelpName = "REVISION",
        };
        Option<string[]> policies = new("--policy")
        {
            Description = $"Whose rules headers follow, as {DiffPolicies.Forms}; goes before \"policies\" of the set.",
            HelpName = "RULE",
        };
        Option<string?> headerRoot = new("--header-root")
        {
            Description =
                "Folder of the headers in the repository, for locations in SARIF; by default each header is looked for on its set's "
                    + "include path.",
            HelpName = "DIR",
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
        Option<bool> details = new("--details")
        {
            Description = "Show all of a text report: what follows from each change, conditions, layouts. A short report shows it anyway.",
        };
        Option<bool> evidence = new("--evidence")
        {
            Description = "Say of each change on which targets, by which compiler and at which lines of both sides it was seen.",
        };
        Option<bool> skipNew = new("--skip-new")
        {
            Description = "Leave out sets and targets that only AFTER has, with a note, instead of refusing.",
        };
        Option<string?> version = new("--suggest-version")
        {
            Description = "Current version of the package: also say the next one and write a changelog entry.",
            HelpName = "VERSION",
        };
        Command command = new(
            Name,
            "Compares two generations of an ABI. Exits with 0 compatible, 1 not at or above --fail-on, 4 break, 2 could not evaluate.")
        {
            before, after, format, output, failOn, suppressions, rules, policies, headerRoot, include, define,
            details, evidence, skipNew, version,
        };
        selection.AddTo(command, "Only these targets.");
        command.Validators.Add(result =>
        {
            foreach (string file in result.GetValue(format) is null ? result.GetValue(output) ?? [] : [])
            {
                if (DiffOutput.FormatOf(file) is null)
                {
                    result.AddError($"--output {file}: its ending names no form: {DiffOutput.Endings}. Give it one, or say --format.");
                }
            }
        });
        bool Makes(CommandResult result, string form) =>
            DiffOutput.FormsOf(result.GetValue(output) ?? [], result.GetValue(format)).Contains(form);

        command.Needs(
            result => Makes(result, "sarif"), "it is for locations in SARIF; give --format sarif or an --output that ends so.", headerRoot);
        command.Needs(
            result => DiffOutput.FormsOf(result.GetValue(output) ?? [], result.GetValue(format)).Any(form => form != "sarif"),
            "SARIF has no place for a version; ask for another form as well.", version);
        command.Needs(result => Makes(result, "text"), "it makes a text report longer; other forms have all there is.", details);
        command.SetAction(parsed => Evaluate(new CommandContext(parsed, globals), context =>
        {
            RuleSource source = new(context, parsed.GetValue(rules));
            using DiffSides sides = new(
                context, selection, source.Configuration, parsed.GetValue(include), parsed.GetValue(define));
            PolicyRule[] given = [.. (parsed.GetValue(policies) ?? []).Select(ParsePolicy)];
            Func<string, DiffOptions> options = OptionsOf(sides, given);
            Version? current = parsed.GetValue(version) is { } text ? ParseVersion(text) : null;
            AcceptedChanges? accepted = parsed.GetValue(suppressions) is { } file ? source.ReadSuppressions(file) : null;
            SideComparison compared = SideComparison.Of(
                context, sides, parsed.GetValue(before)!, parsed.GetValue(after)!, options, parsed.GetValue(skipNew));
            TellUnused(given, compared, context.Terminal);
            AbiComparison comparison = compared.Answer with
            {
                RuleChanges = source.Changes,
                ShowsEvidence = parsed.GetValue(evidence),
            };
            if (accepted is not null)
            {
                IReadOnlyList<AbiDiff> left = accepted.Applied.Apply(
                    comparison.Sets, DateOnly.FromDateTime(DateTime.UtcNow), accepted.IsKept);
                comparison = comparison with { Sets = left };
            }

            if (current is not null)
            {
                comparison = comparison with { Suggestion = VersionSuggestion.For(comparison.Sets, current) };
            }

            LintResult[] news = NewIn(comparison, compared.Old, compared.Now, sides.FindSet);
            comparison = comparison with { News = [.. news.SelectMany(result => result.ToNews())] };
            DiffOutput report = new(comparison, parsed.GetValue(headerRoot), sides.FindSet, news)
            {
                WithDetails = parsed.GetValue(details) || parsed.GetValue(evidence),
            };
            if (parsed.GetValue(output) is { Length: > 0 } files)
            {
                report.WriteFiles(files, parsed.GetValue(format));
            }
            else
            {
                report.Print(parsed.GetValue(format), context.Terminal);
            }

            return comparison.ExitCode(VerdictText.Find(parsed.GetValue(failOn)!)!.Value);
        }));
        return command;
    }

    /// <summary>Whether a command line compares snapshots alone: JSON, and neither a header nor another program.</summary>
    internal static bool ComparesSnapshots(ParseResult parsed) =>
        parsed.CommandResult.Command.Name == Name && parsed.GetValue<string?>(Rules) is null
        && DiffSides.IsOfSnapshots(parsed.GetValue<string>(Before)!) && DiffSides.IsOfSnapshots(parsed.GetValue<string>(After)!);

    // Advice beside the verdict: what is new breaks nobody, and the exit code is about those who would be broken.
    private static LintResult[] NewIn(
        AbiComparison comparison, IReadOnlyList<AbiModel> old, IReadOnlyList<AbiModel> now, Func<string, BindingSet?> setOf) =>
    [
        .. comparison.Sets.Select(diff => NewDeclarations.Check(
            [.. old.Where(model => model.Set == diff.Set)], [.. now.Where(model => model.Set == diff.Set)],
            setOf(diff.Set)?.ToLintOptions())).Where(result => result.Findings.Count > 0),
    ];

    /// <summary>Runs a command whose exit code is its answer: any failure is the one code for no answer.</summary>
    internal static int Evaluate(CommandContext context, Func<CommandContext, int> action)
    {
        try
        {
            return action(context);
        }
        catch (DiffException fault)
        {
            context.Terminal.Fail(fault.Message);
            return CouldNotEvaluate;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            Failures.Report(fault, context.Terminal);
            return CouldNotEvaluate;
        }
    }

    /// <summary>How to compare a set: policies of the command line, then those of its configuration.</summary>
    internal static Func<string, DiffOptions> OptionsOf(DiffSides sides, IReadOnlyList<PolicyRule> policies) =>
        set => sides.FindSet(set) is { } known
            ? new DiffOptions { Policies = [.. policies, .. known.Policies], EndMarkers = known.EndMarkers }
            : new DiffOptions { Policies = policies };

    private static PolicyRule ParsePolicy(string text)
    {
        int equals = text.LastIndexOf('=');
        return equals > 0 && DiffPolicies.Find(text[(equals + 1)..]) is { } policy
            ? new PolicyRule(text[..equals], policy)
            : throw new DiffException($"--policy {text}: write {DiffPolicies.Forms}");
    }

    // Of folders only the headers that differ are known here.
    private static void TellUnused(IReadOnlyList<PolicyRule> policies, SideComparison compared, Terminal terminal)
    {
        string[] headers =
        [
            .. compared.Old.Concat(compared.Now).SelectMany(model => model.Declarations).Select(declaration => declaration.Location.Header)
                .Distinct(),
        ];
        foreach (PolicyRule rule in compared.HasAllHeaders ? policies.Where(rule => !headers.Any(rule.Covers)) : [])
        {
            terminal.Tell($"note: --policy {rule.Headers}: no header of either side is called so");
        }
    }

    private static Version ParseVersion(string text) =>
        Version.TryParse(text, out Version? version) && version is { Build: >= 0, Revision: < 0 }
            ? version
            : throw new DiffException($"--suggest-version {text}: write the current version as three numbers, such as 1.4.0");
}
