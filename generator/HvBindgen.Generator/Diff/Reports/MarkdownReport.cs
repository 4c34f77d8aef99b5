using System.Text;

namespace HvBindgen.Generator.Diff.Reports;

/// <summary>The report as a comment on a pull request: the answer first, one line for each cause, everything else folded away.</summary>
public static class MarkdownReport
{
    /// <summary>First line of every comment; whoever updates a comment finds it by this.</summary>
    public const string Marker = "<!-- hvbindgen-abi-diff -->";

    private const int MaximumRows = 30;

    /// <summary>Writes the report.</summary>
    /// <param name="diff">The result.</param>
    /// <returns>Markdown ending in a line feed.</returns>
    public static string Write(AbiDiff diff)
    {
        StringBuilder text = new();
        text.Append($"{Marker}\n### ABI of `{diff.Set}`: {(diff.Changes.Count == 0 ? "no change" : diff.Verdict.ToText())}\n\n");
        if (diff.Changes.Count == 0)
        {
            return text.Append($"Nothing differs on {ReportText.Join(diff.Targets)}.\n").ToString();
        }

        text.Append($"{ReportText.Summary(diff)}.\n\n");
        WriteMatrix(text, diff);
        WriteTable(text, diff);
        WriteDetails(text, diff);
        WriteMaps(text, diff);
        if (diff.Suppressed.Count > 0)
        {
            text.Append($"\n{diff.Suppressed.Count} suppressed.\n");
        }

        return text.ToString();
    }

    private static void WriteMatrix(StringBuilder text, AbiDiff diff)
    {
        foreach (string target in diff.Targets)
        {
            text.Append($"| {target} ");
        }

        text.Append("|\n").Insert(text.Length, "|---", diff.Targets.Count).Append("|\n");
        foreach (string target in diff.Targets)
        {
            text.Append($"| {diff.VerdictOn(target).ToText()} ");
        }

        text.Append("|\n\n");
    }

    private static void WriteTable(StringBuilder text, AbiDiff diff)
    {
        text.Append("| Verdict | Change | What happened | Follows |\n|---|---|---|---|\n");
        int rows = 0;
        foreach (AbiChange change in diff.Changes)
        {
            if (rows++ == MaximumRows)
            {
                text.Append($"| | | and {diff.Changes.Count - MaximumRows} more, below | |\n");
                break;
            }

            string only = ReportText.OnlyOn(diff, change);
            text.Append($"| {change.Verdict.ToText()} | `{change.Symbol}` | {change.Rule.Title}{(only.Length > 0 ? $", **{only}**" : "")} | {ReportText.CountBelow(change)} |\n");
        }
    }

    private static void WriteDetails(StringBuilder text, AbiDiff diff)
    {
        text.Append("\n<details><summary>Details</summary>\n\n");
        foreach (AbiChange change in diff.Changes)
        {
            WriteChange(text, diff, change, "");
            text.Append($"  - {ReportText.Directions(change)}\n  - {change.Rule.Remedy}\n");
            if (change.Reach.Count > 0)
            {
                text.Append($"  - {ReportText.Join(change.Reach)}\n");
            }
        }

        text.Append("\n</details>\n");
    }

    private static void WriteChange(StringBuilder text, AbiDiff diff, AbiChange change, string indent)
    {
        string only = ReportText.OnlyOn(diff, change);
        text.Append($"{indent}- {change.Judgement.Level.ToText()} {change.Rule.Id} `{change.Symbol}` {change.Rule.Title}{(only.Length > 0 ? $", {only}" : "")}");
        string transition = ReportText.Transition(change);
        if (transition.Length > 0)
        {
            text.Append($": `{transition}`");
        }

        text.Append(change.Judgement.Condition.Length > 0 ? $"; if {change.Judgement.Condition}\n" : "\n");
        foreach (AbiChange consequence in change.Consequences)
        {
            WriteChange(text, diff, consequence, indent + "  ");
        }
    }

    private static void WriteMaps(StringBuilder text, AbiDiff diff)
    {
        if (diff.Layouts.Count == 0)
        {
            return;
        }

        text.Append("\n<details><summary>Layouts</summary>\n");
        foreach (LayoutChange layout in diff.Layouts)
        {
            string only = layout.Targets.Count < diff.Targets.Count ? $" on {ReportText.Join(layout.Targets)}" : "";
            text.Append($"\n`{layout.Name}`{only}: {layout.Before.SizeBytes} -> {layout.After.SizeBytes} bytes\n\n");
            text.Append("| byte | before | after |\n|---:|---|---|\n");
            foreach (FieldMapRow row in FieldMap.Of(layout))
            {
                text.Append($"| {row.Place} | {Code(row.Before)} | {(row.IsSame ? "same" : Code(row.After))} |\n");
            }
        }

        text.Append("\n</details>\n");
    }

    private static string Code(string text) => text.Length == 0 ? "" : $"`{text}`";
}
