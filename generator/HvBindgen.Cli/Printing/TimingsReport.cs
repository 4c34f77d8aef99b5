using System.Globalization;
using HvBindgen.Generator;

namespace HvBindgen.Cli.Printing;

/// <summary>What a run spent its time on, as a table among the messages.</summary>
internal static class TimingsReport
{
    /// <summary>Prints the table.</summary>
    /// <param name="times">What was measured; null where nobody asks.</param>
    /// <param name="terminal">Where to.</param>
    internal static void Write(StageTimes? times, Terminal terminal)
    {
        if (times is null)
        {
            return;
        }

        terminal.Error.WriteLine("  from ms        ms  stage (some run beside each other)");
        foreach (StageTime stage in times.Ended)
        {
            string note = stage.Note is null ? "" : $" ({stage.Note})";
            terminal.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{stage.Begin.TotalMilliseconds,9:F1} {stage.Duration.TotalMilliseconds,9:F1}  {stage.Name}{note}"));
        }

        terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",9} {times.Elapsed().TotalMilliseconds,9:F1}  in all"));
    }
}
