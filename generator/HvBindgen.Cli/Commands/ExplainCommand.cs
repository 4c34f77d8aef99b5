using System.CommandLine;
using HvBindgen.Generator.Diff;

namespace HvBindgen.Cli.Commands;

/// <summary><c>explain</c>: what a rule of <c>diff</c> means and what to do about it.</summary>
internal static class ExplainCommand
{
    public static Command Create(GlobalOptions globals)
    {
        Argument<string?> id = new("rule") { Description = "Id such as HV1004; without one, all rules are listed.", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("explain", "Explains a rule of the ABI comparison.") { id };
        command.SetAction(parsed =>
        {
            Terminal terminal = new CommandContext(parsed, globals).Terminal;
            if (parsed.GetValue(id) is not { } wanted)
            {
                foreach (RuleInfo rule in RuleSet.All)
                {
                    terminal.Out.WriteLine($"{rule.Id}  {rule.Severity.ToText(),-12}  {rule.Title}");
                }

                return (int)ExitCode.Ok;
            }

            if (RuleSet.Explain(wanted) is not { } text)
            {
                terminal.Fail($"there is no rule {wanted}", "List all rules with: hvbindgen explain");
                return (int)ExitCode.BadConfiguration;
            }

            terminal.Out.Write(text);
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
