using System.CommandLine;
using System.CommandLine.Parsing;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;

namespace HvBindgen.Cli.Running;

/// <summary>The options that select sets and targets.</summary>
internal sealed class SelectionOptions
{
    private readonly Option<string[]> sets = new("--set", "-s")
    {
        Description = "Only these sets of the configuration.",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> targets = new("--target", "-t")
    {
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Adds both options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="targetDescription">What the command does with targets.</param>
    internal void AddTo(Command command, string targetDescription)
    {
        targets.Description = targetDescription;
        targets.CompletionSources.Add([.. TargetInfo.Known.Select(target => target.Name)]);
        command.Add(sets);
        command.Add(targets);
    }

    /// <summary>Refuses both beside an option.</summary>
    /// <param name="command">The command that they were added to.</param>
    /// <param name="option">The option.</param>
    /// <param name="reason">Why they do nothing then.</param>
    internal void ExcludedBy(Command command, Option option, string reason) => command.Excludes(option, reason, sets, targets);

    /// <summary>Whether targets were named.</summary>
    internal bool HasTargets(CommandResult result) => result.HasGiven(targets);

    /// <summary>The selected sets.</summary>
    internal IReadOnlyList<BindingSet> SetsOf(ParseResult parsed, BindingConfiguration configuration) =>
        configuration.Select(parsed.GetValue(sets) ?? []);

    /// <summary>Names of the selected sets, where no configuration need know them; empty when none was named.</summary>
    internal IReadOnlyList<string> SetNamesOf(ParseResult parsed) => parsed.GetValue(sets) ?? [];

    /// <summary>The selected targets; empty when none was named.</summary>
    internal IReadOnlyList<TargetInfo> TargetsOf(ParseResult parsed) =>
        [.. (parsed.GetValue(targets) ?? []).Select(BindingConfiguration.RequireTarget).Distinct()];
}
