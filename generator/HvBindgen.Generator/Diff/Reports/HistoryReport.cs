namespace HvBindgen.Generator.Diff.Reports;

/// <summary>A step of a history in words.</summary>
public static class HistoryReport
{
    /// <summary>Whether it came or went, then one line for each change, consequences indented.</summary>
    /// <param name="symbol">The symbol whose history it is.</param>
    /// <param name="step">The step.</param>
    /// <returns>Lines without a line feed.</returns>
    public static IReadOnlyList<string> Lines(string symbol, HistoryStep step)
    {
        List<string> lines = step.Presence switch
        {
            Presence.Appeared => [$"{symbol} appeared in {step.To}"],
            Presence.Went => [$"{symbol} is gone in {step.To}"],
            _ => [],
        };
        foreach (AbiChange change in step.Changes)
        {
            Add(lines, change, "");
        }

        return lines;
    }

    private static void Add(List<string> lines, AbiChange change, string indent)
    {
        string transition = ReportText.Transition(change);
        lines.Add($"{indent}{change.Judgement.Level.ToText()} {change.Rule.Id} {change.Symbol}: {change.Rule.Title}"
            + $"{(transition.Length > 0 ? $": {transition}" : "")} ({ReportText.Join(change.Targets)})");
        foreach (AbiChange consequence in change.Consequences)
        {
            Add(lines, consequence, indent + "  ");
        }
    }
}
