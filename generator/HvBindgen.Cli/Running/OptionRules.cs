using System.CommandLine;
using System.CommandLine.Parsing;

namespace HvBindgen.Cli.Running;

/// <summary>What is given on a command line counts: an option that would do nothing beside others is refused.</summary>
internal static class OptionRules
{
    /// <summary>Refuses an option beside any of the others.</summary>
    /// <param name="command">The command.</param>
    /// <param name="one">The option that would do nothing, or would let the others do nothing.</param>
    /// <param name="reason">Why, as a sentence.</param>
    /// <param name="others">Options and arguments.</param>
    internal static void Excludes(this Command command, Option one, string reason, params Symbol[] others) =>
        command.Validators.Add(result =>
        {
            foreach (Symbol other in result.HasGiven(one) ? others.Where(result.HasGiven) : [])
            {
                result.AddError($"{one.Name} and {WordOf(other)} do not go together: {reason}");
            }
        });

    /// <summary>Refuses options that do nothing by themselves.</summary>
    /// <param name="command">The command.</param>
    /// <param name="isMet">Whether they do something on this command line.</param>
    /// <param name="reason">What they need, as a sentence.</param>
    /// <param name="options">The options.</param>
    internal static void Needs(this Command command, Func<CommandResult, bool> isMet, string reason, params Option[] options) =>
        command.Validators.Add(result =>
        {
            foreach (Option option in options.Where(option => result.HasGiven(option) && !isMet(result)))
            {
                result.AddError($"{option.Name} does nothing here: {reason}");
            }
        });

    /// <summary>Whether the command line names an option, or has the argument; defaults are not given.</summary>
    internal static bool HasGiven(this CommandResult result, Symbol symbol) => symbol switch
    {
        Option option => result.GetResult(option) is { Implicit: false },
        Argument argument => result.GetResult(argument) is { Tokens.Count: > 0 },
        _ => throw new ArgumentException($"{symbol.Name} is neither an option nor an argument", nameof(symbol)),
    };

    private static string WordOf(Symbol symbol) => symbol is Option ? symbol.Name : symbol.Name.ToUpperInvariant();
}
