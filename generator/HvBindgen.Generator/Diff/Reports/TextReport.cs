using System.Text;

namespace HvBindgen.Generator.Diff.Reports;

/// <summary>The report for people at a terminal: verdicts by target, causes with what follows from them, field maps.</summary>
public static class TextReport
{
    private const int MaximumLabel = 60;
    private const int CellWidth = 12;

    /// <summary>Writes the report as plain text.</summary>
    /// <param name="comparison">The answer.</param>
    /// <param name="withMaps">Whether to draw the layout of changed records.</param>
    /// <param name="paint">Puts colour around a verdict's word; null for none.</param>
    /// <returns>Lines ending in line feeds.</returns>
    public static string Write(AbiComparison comparison, bool withMaps = true, Func<Verdict, string, string>? paint = null)
    {
        StringBuilder text = new();
        WriteNotes(text, comparison, paint);
        ReportHead head = new(comparison);
        WriteHead(text, comparison, head, paint);
        WriteGaps(text, comparison);
        IReadOnlyList<AbiDiff> shown = head.IsOne ? comparison.Sets : head.Changed;
        bool isFirst = head.IsOne;
        foreach (AbiDiff diff in shown)
        {
            text.Append(isFirst ? "" : "\n");
            isFirst = false;
            WriteSet(text, comparison, diff, withMaps, paint);
        }

        return WithSuggestion(text, comparison);
    }

    /// <summary>What is to be said before all else.</summary>
    internal static void WriteNotes(StringBuilder text, AbiComparison comparison, Func<Verdict, string, string>? paint)
    {
        foreach (string change in comparison.RuleChanges)
        {
            text.Append($"{Paint(Verdict.Conditional, Verdict.Conditional.ToText(), paint)} rules: {change}\n\n");
        }

        foreach (string note in comparison.Notes)
        {
            text.Append($"note: {note}\n\n");
        }
    }

    /// <summary>The report with the next version at its end, if that was asked for.</summary>
    internal static string WithSuggestion(StringBuilder text, AbiComparison comparison) => comparison.Suggestion is { } suggestion
        ? text.Append($"\n{ReportText.NextVersion(suggestion)}\n\n{suggestion.ChangelogEntry}").ToString()
        : text.ToString();

    /// <summary>What was compared, with which result.</summary>
    internal static void WriteHead(StringBuilder text, AbiComparison comparison, ReportHead head, Func<Verdict, string, string>? paint)
    {
        if (comparison.Sides is var (before, after))
        {
            text.Append($"before  {before}\nafter   {after}\n");
        }

        if (!head.IsOne)
        {
            string on = comparison.Sets.Count > 0 ? $" on {ReportText.Join(head.Targets())}" : "";
            text.Append($"{Paint(comparison.Verdict, head.Word, paint)}: {head.Counts()}{on}\n");
        }
    }

    // What was not judged, and what may look removed and is not.
    private static void WriteGaps(StringBuilder text, AbiComparison comparison)
    {
        foreach (Unjudged left in comparison.Unjudged)
        {
            text.Append($"not judged: {ReportText.NameOf(left)}: {left.Reason}\n");
        }

        foreach (string lost in comparison.Lost)
        {
            text.Append($"lost: {lost}\n");
        }
    }

    private static void WriteSet(
        StringBuilder text, AbiComparison comparison, AbiDiff diff, bool withMaps, Func<Verdict, string, string>? paint)
    {
        text.Append(ReportText.Summary(diff)).Append('\n');
        if (diff.Changes.Count > 0)
        {
            WriteMatrix(text, diff, paint);
        }

        foreach (AbiChange change in diff.Changes)
        {
            text.Append('\n');
            WriteChange(text, comparison, diff, change, "", paint);
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
    }

    // One row for each cause, one column for each target; the first row is the worst of them.
    private static void WriteMatrix(StringBuilder text, AbiDiff diff, Func<Verdict, string, string>? paint)
    {
        int width = 0;
        foreach (AbiChange change in diff.Changes)
        {
            width = Math.Max(width, change.Symbol.Length);
        }

        width = Math.Min(width, MaximumLabel) + "HV0000 ".Length;
        WriteRow(text, diff, "", width, static target => (Verdict.None, target), paint: null);
        WriteRow(text, diff, "all", width, target => (diff.VerdictOn(target), diff.VerdictOn(target).ToText()), paint);
        foreach (AbiChange change in diff.Changes)
        {
            WriteRow(text, diff, $"{change.Rule.Id} {change.Symbol}", width, target => Cell(change, target), paint);
        }
    }

    private static (Verdict Verdict, string Word) Cell(AbiChange change, string target)
    {
        Verdict verdict = change.VerdictOn(target);
        return (verdict, verdict == Verdict.None && !change.Sees(target) ? "-" : verdict.ToText());
    }

    private static void WriteRow(
        StringBuilder text, AbiDiff diff, string label, int width, Func<string, (Verdict Verdict, string Word)> cell, Func<Verdict, string,
        string>? paint)
    {
        StringBuilder row = new();
        foreach (string target in diff.Targets)
        {
            (Verdict verdict, string word) = cell(target);
            row.Append("  ").Append(Paint(verdict, word, paint)).Append(' ', Math.Max(0, CellWidth - word.Length));
        }

        text.Append("  ").Append(label.PadRight(width)).Append(row.ToString().TrimEnd()).Append('\n');
    }

    private static void WriteChange(
        StringBuilder text, AbiComparison comparison, AbiDiff diff, AbiChange change, string indent, Func<Verdict, string, string>? paint)
    {
        bool isCause = indent.Length == 0;
        Verdict verdict = isCause ? change.Verdict : change.Judgement.Level;
        string only = ReportText.OnlyOn(diff, change);
        text.Append(
            $"{indent}{Paint(verdict, verdict.ToText(), paint)} {change.Rule.Id} {change.Symbol}: "
                + $"{change.Rule.Title}{(only.Length > 0 ? $" ({only})" : "")}\n");
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
            text.Append($"    {ReportText.Directions(change)}\n    {ReportText.Place(change)}\n");
            foreach (string use in change.Reach)
            {
                text.Append($"    {use}\n");
            }

            text.Append(change.AlsoIn.Count > 0 ? $"    also in {ReportText.Some(change.AlsoIn)}\n" : "");
        }

        if (comparison.ShowsEvidence)
        {
            text.Append($"{indent}    {ReportText.Evidence(comparison, change)}\n");
        }

        foreach (AbiChange consequence in change.Consequences)
        {
            WriteChange(text, comparison, diff, consequence, indent + "  > ", paint);
        }
    }

    private static void WriteMap(StringBuilder text, AbiDiff diff, LayoutChange layout)
    {
        IReadOnlyList<FieldMapRow> rows = FieldMap.Shortened(layout);
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
            if (row.Hidden > 0)
            {
                text.Append($"    {"...",6}   {row.Hidden} more that are the same\n");
                continue;
            }

            text.Append($"  {(row.IsSame ? ' ' : '!')} {row.Place,6}   {row.Before.PadRight(width)}   {row.After}".TrimEnd()).Append('\n');
        }
    }

    private static string Paint(Verdict verdict, string word, Func<Verdict, string, string>? paint) => paint?.Invoke(verdict, word) ?? word;
}
