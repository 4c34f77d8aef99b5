using System.Text;

namespace HvBindgen.Generator.Diff.Reports;

/// <summary>The report for people at a terminal: verdicts by target, causes with what follows from them, field maps.</summary>
public static class TextReport
{
    /// <summary>Writes the report as plain text.</summary>
    /// <param name="diff">The result.</param>
    /// <param name="withMaps">Whether to draw the layout of changed records.</param>
    /// <param name="paint">Puts colour around a verdict's word; null for none.</param>
    /// <returns>Lines ending in line feeds.</returns>
    public static string Write(AbiDiff diff, bool withMaps = true, Func<Verdict, string, string>? paint = null)
    {
        StringBuilder text = new();
        text.Append(ReportText.Summary(diff)).Append('\n');
        foreach (string target in diff.Targets)
        {
            Verdict verdict = diff.VerdictOn(target);
            text.Append($"  {target,-8} {Paint(verdict, verdict.ToText(), paint)}\n");
        }

        foreach (AbiChange change in diff.Changes)
        {
            text.Append('\n');
            WriteChange(text, diff, change, "", paint);
        }

        if (diff.Suppressed.Count > 0)
        {
            text.Append($"\n{diff.Suppressed.Count} suppressed\n");
        }

        if (withMaps)
        {
            foreach (LayoutChange layout in diff.Layouts)
            {
                WriteMap(text, diff, layout);
            }
        }

        return text.ToString();
    }

    private static void WriteChange(StringBuilder text, AbiDiff diff, AbiChange change, string indent, Func<Verdict, string, string>? paint)
    {
        bool isCause = indent.Length == 0;
        Verdict verdict = isCause ? change.Verdict : change.Judgement.Level;
        string only = ReportText.OnlyOn(diff, change);
        text.Append($"{indent}{Paint(verdict, verdict.ToText(), paint)} {change.Rule.Id} {change.Symbol}: {change.Rule.Title}{(only.Length > 0 ? $" ({only})" : "")}\n");
        string transition = ReportText.Transition(change);
        if (transition.Length > 0)
        {
            text.Append($"{indent}    {transition}\n");
        }

        if (change.Judgement.Condition.Length > 0)
        {
            text.Append($"{indent}    if {change.Judgement.Condition}\n");
        }

        if (isCause)
        {
            text.Append($"    {ReportText.Directions(change)}\n    {change.Location}\n");
            foreach (string use in change.Reach)
            {
                text.Append($"    {use}\n");
            }
        }

        foreach (AbiChange consequence in change.Consequences)
        {
            WriteChange(text, diff, consequence, indent + "  > ", paint);
        }
    }

    private static void WriteMap(StringBuilder text, AbiDiff diff, LayoutChange layout)
    {
        IReadOnlyList<FieldMapRow> rows = FieldMap.Of(layout);
        int width = 6;
        foreach (FieldMapRow row in rows)
        {
            width = Math.Max(width, row.Before.Length);
        }

        string only = layout.Targets.Count < diff.Targets.Count ? $" on {ReportText.Join(layout.Targets)}" : "";
        text.Append($"\n{layout.Name}{only}: {layout.Before.SizeBytes} -> {layout.After.SizeBytes} bytes\n");
        text.Append($"    {"byte",6}   {"before".PadRight(width)}   after\n");
        foreach (FieldMapRow row in rows)
        {
            text.Append($"  {(row.IsSame ? ' ' : '!')} {row.Place,6}   {row.Before.PadRight(width)}   {row.After}".TrimEnd()).Append('\n');
        }
    }

    private static string Paint(Verdict verdict, string word, Func<Verdict, string, string>? paint) => paint?.Invoke(verdict, word) ?? word;
}
