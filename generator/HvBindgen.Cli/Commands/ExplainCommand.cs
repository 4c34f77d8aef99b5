using System.CommandLine;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Lint;

namespace HvBindgen.Cli.Commands;

/// <summary><c>explain</c>: what a rule of <c>diff</c> or <c>lint</c> means and what to do about it.</summary>
internal static class ExplainCommand
{
    private static IEnumerable<string> Ids => RuleSet.All.Select(rule => rule.Id).Concat(LintRules.All.Select(rule => rule.Id));

    internal static Command Create(GlobalOptions globals)
    {
        Argument<string?> id = new("rule")
        {
            Description = "Id such as HV1004; without one, all rules are listed.",
            HelpName = "rule",
            Arity = ArgumentArity.ZeroOrOne,
        };
        id.CompletionSources.Add([.. Ids]);
        Command command = new("explain", "Explains a rule of diff or lint.") { id };
        command.SetAction(parsed =>
        {
            Terminal terminal = new CommandContext(parsed, globals).Terminal;
            if (parsed.GetValue(id) is not { } wanted)
            {
                foreach (RuleInfo rule in RuleSet.All)
                {
                    terminal.Print($"{rule.Id}  {rule.Severity.ToText(),-12}  {rule.Title}\n");
                }

                foreach (LintRuleInfo rule in LintRules.All)
                {
                    terminal.Print($"{rule.Id}  {rule.Severity.ToText(),-12}  {rule.Title}\n");
                }

                return (int)ExitCode.Ok;
            }

            if ((RuleSet.Explain(wanted) ?? LintRules.Explain(wanted)) is not { } text)
            {
                string? near = NearestName.Of(wanted, Ids);
                terminal.Fail(
                    $"there is no rule {wanted}" + (near is null ? "" : $"; did you mean {near}?"),
                    "List all rules with: hvbindgen explain");
                return (int)ExitCode.BadConfiguration;
            }

            terminal.Print(text);
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
