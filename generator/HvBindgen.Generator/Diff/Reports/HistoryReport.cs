namespace HvBindgen.Generator.Diff.Reports;

/// <summary>A step of a history in words.</summary>
public static class HistoryReport
{
    /// <summary>One line for each change, consequences indented.</summary>
    /// <param name="step">The step.</param>
    /// <returns>Lines without a line feed.</returns>
    public static IReadOnlyList<string> Lines(HistoryStep step)
    {
        List<string> lines = [];
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
