using System.CommandLine;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;

namespace HvBindgen.Cli.Commands;

/// <summary><c>history</c>: the evolution of one declaration over several generations.</summary>
internal static class HistoryCommand
{
    private const int CouldNotEvaluate = 2;

    public static Command Create(GlobalOptions globals)
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
        command.SetAction(parsed =>
        {
            CommandContext context = new(parsed, globals);
            try
            {
                string[] labels = parsed.GetValue(generations)!;
                if (labels.Length < 2)
                {
                    throw new DiffException("a history needs two generations at least");
                }

                DiffSides sides = new(context, selection);
                IReadOnlyList<HistoryStep> steps = AbiHistory.Of(
                    parsed.GetValue(symbol)!, [.. labels.Select(label => new Generation(label, sides.Read(label)))], DiffCommand.OptionsOf([]));
                Print(parsed.GetValue(symbol)!, steps, context.Terminal.Out);
                return (int)ExitCode.Ok;
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
        });
        return command;
    }

    private static void Print(string symbol, IReadOnlyList<HistoryStep> steps, TextWriter output)
    {
        if (steps.Count == 0)
        {
            output.WriteLine($"{symbol}: no change in these generations");
        }

        foreach (HistoryStep step in steps)
        {
            output.WriteLine($"{step.From} -> {step.To}");
            foreach (string line in HistoryReport.Lines(step))
            {
                output.WriteLine($"  {line}");
            }
        }
    }
}
