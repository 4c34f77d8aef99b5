using System.CommandLine;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Cli.Sides;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;
using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Model;

namespace HvBindgen.Cli.Commands;

/// <summary><c>history</c>: the evolution of one declaration over several generations.</summary>
internal static class HistoryCommand
{
    internal static Command Create(GlobalOptions globals)
    {
        SelectionOptions selection = new();
        Argument<string> symbol = new("symbol") { Description = "Name of a record, enum, ioctl or constant, or record.field." };
        Argument<string[]> generations = new("generations")
        {
            Description = "Two or more, oldest first, each as diff takes it: snapshots, a configuration, headers, git:REVISION.",
            Arity = ArgumentArity.OneOrMore,
        };
        Command command = new("history", "Shows when a declaration appeared, changed and went.") { symbol, generations };
        selection.AddTo(command, "Only these targets.");
        command.SetAction(parsed => DiffCommand.Evaluate(new CommandContext(parsed, globals), context =>
        {
            string[] labels = parsed.GetValue(generations)!;
            if (labels.Length < 2)
            {
                throw new DiffException("a history needs two generations at least");
            }

            string wanted = parsed.GetValue(symbol)!;
            using DiffSides sides = new(context, selection);
            Generation[] read = [.. labels.Select(label => new Generation(label, sides.Read(label)))];
            RequireKnown(wanted, read);
            IReadOnlyList<HistoryStep> steps = AbiHistory.Of(wanted, read, DiffCommand.OptionsOf(sides, []));
            Print(wanted, labels, steps, context.Terminal);
            return (int)ExitCode.Ok;
        }));
        return command;
    }

    // What never was there has not stayed the same.
    private static void RequireKnown(string symbol, Generation[] generations)
    {
        string name = symbol.Split('.')[0];
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (AbiModel model in generations.SelectMany(generation => generation.Models))
        {
            known.UnionWith(model.Declarations.Select(declaration => declaration.Name));
            known.UnionWith(model.Enums.SelectMany(@enum => @enum.Enumerators).Select(enumerator => enumerator.Name));
        }

        if (!known.Contains(name))
        {
            string? near = NearestName.Of(name, known);
            throw new DiffException($"no generation has {name}" + (near is null ? "" : $"; did you mean {near}?"));
        }
    }

    private static void Print(string symbol, string[] labels, IReadOnlyList<HistoryStep> steps, Terminal terminal)
    {
        if (steps.Count == 0)
        {
            terminal.Print($"{symbol}: there since {labels[0]} and unchanged\n");
        }
        else if (steps.All(step => step.Presence != Presence.Appeared))
        {
            terminal.Print($"{symbol} was there in {labels[0]} already\n");
        }

        foreach (HistoryStep step in steps)
        {
            terminal.Print($"{step.From} -> {step.To}\n");
            foreach (string line in HistoryReport.Lines(symbol, step))
            {
                terminal.Print($"  {line}\n");
            }
        }
    }
}
