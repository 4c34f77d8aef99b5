using System.CommandLine;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Lint;

namespace HvBindgen.Cli.Commands;

/// <summary><c>explain</c>: what a rule of <c>diff</c> or <c>lint</c> means and what to do about it.</summary>
internal static class ExplainCommand
{
    private static readonly IRuleInfo[] Rules = [.. RuleSet.All, .. LintRules.All];

    internal static Command Create(GlobalOptions globals)
    {
        Argument<string?> id = new("rule")
        {
            Description = "Id such as HV1004; without one, all rules are listed.",
            HelpName = "rule",
            Arity = ArgumentArity.ZeroOrOne,
        };
        id.CompletionSources.Add([.. Rules.Select(rule => rule.Id)]);
        Command command = new("explain", "Explains a rule of diff or lint.") { id };
        command.SetAction(parsed =>
        {
            Terminal terminal = new CommandContext(parsed, globals).Terminal;
            if (parsed.GetValue(id) is not { } wanted)
            {
                foreach (IRuleInfo rule in Rules)
                {
                    terminal.Print($"{rule.Id}  {rule.Gravity,-12}  {rule.Title}\n");
                }

                return (int)ExitCode.Ok;
            }

            if (Rules.Find(wanted) is not { } found)
            {
                string? near = NearestName.Of(wanted, Rules.Select(rule => rule.Id));
                terminal.Fail(
                    $"there is no rule {wanted}" + (near is null ? "" : $"; did you mean {near}?"),
                    "List all rules with: hvbindgen explain");
                return (int)ExitCode.BadConfiguration;
            }

            terminal.Print(found.Explain());
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
