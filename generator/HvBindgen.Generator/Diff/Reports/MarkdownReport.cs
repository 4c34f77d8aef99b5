using System.Text;

namespace HvBindgen.Generator.Diff.Reports;

/// <summary>The report as a comment on a pull request: the answer first, one line for each cause, everything else folded away.</summary>
public static class MarkdownReport
{
    /// <summary>First line of every comment; whoever updates a comment finds it by this.</summary>
    public const string Marker = "<!-- hvbindgen-abi-diff -->";

    /// <summary>Longest report in characters. GitHub refuses comments above 65536; whoever posts this may add some lines.</summary>
    public const int MaximumLength = 60_000;

    private const int MaximumRows = 30;
    private const int MaximumCell = 300;

    /// <summary>Writes the report. Folded parts that would make it too long are left out, and it says so.</summary>
    /// <param name="comparison">The answer.</param>
    /// <returns>Markdown ending in a line feed, at most about <see cref="MaximumLength"/> long.</returns>
    public static string Write(AbiComparison comparison)
    {
        StringBuilder text = new();
        WriteAnswer(text, comparison);
        List<string> left = [];
        foreach (AbiDiff diff in comparison.Sets)
        {
            AddPart(text, WriteDetails(diff), $"details of {diff.Set}", left);
            AddPart(text, WriteMaps(diff), $"layouts of {diff.Set}", left);
        }

        if (left.Count > 0)
        {
            text.Append($"\nToo long for a comment, so left out: {ReportText.Join(left)}. Other forms of the report have them.\n");
        }

        if (comparison.Suggestion is { } suggestion)
        {
            text.Append($"\n<details><summary>{ReportText.NextVersion(suggestion)}</summary>\n\n{suggestion.ChangelogEntry}\n</details>\n");
        }

        return text.ToString();
    }

    private static void AddPart(StringBuilder text, string part, string name, List<string> left)
    {
        if (text.Length + part.Length > MaximumLength)
        {
            left.Add(name);
            return;
        }

        text.Append(part);
    }

    private static void WriteAnswer(StringBuilder text, AbiComparison comparison)
    {
        text.Append($"{Marker}\n");
        bool isOne = comparison is { Sets.Count: 1, RuleChanges.Count: 0, Unjudged.Count: 0, SameHeaders: 0 };
        if (!isOne)
        {
            bool hasChanges = comparison.RuleChanges.Count > 0 || comparison.Sets.Any(diff => diff.Changes.Count > 0);
            text.Append($"### ABI: {Word(comparison.Verdict, hasChanges)}\n\n{ReportText.Answer(comparison.Verdict)}\n\n");
        }

        if (comparison.RuleChanges.Count > 0)
        {
            text.Append(
                "**The rules of this comparison differ.** What follows is judged by those of before, and says nothing of what they do not "
                    + "see:\n\n");
            text.Append(string.Concat(comparison.RuleChanges.Take(MaximumRows).Select(change => $"- {Code(change)}\n"))).Append('\n');
        }

        if (comparison.Unjudged.Count > 0)
        {
            text.Append("**Not judged**, which is no statement that nothing changed there:\n\n");
            text.Append(string.Concat(comparison.Unjudged.Take(MaximumRows).Select(left => $"- {Code(left.Set)}: {Code(left.Reason)}\n")));
            text.Append(comparison.Unjudged.Count > MaximumRows ? $"- and {comparison.Unjudged.Count - MaximumRows} more\n\n" : "\n");
        }

        text.Append(comparison.SameHeaders > 0 ? $"{comparison.SameHeaders} headers are the same text, with all that they include.\n\n" : "");
        foreach (string note in comparison.Notes)
        {
            text.Append($"{note}\n\n");
        }

        foreach (AbiDiff diff in comparison.Sets)
        {
            text.Append($"{(isOne ? "###" : "####")} ABI of `{diff.Set}`: {Word(diff.Verdict, diff.Changes.Count > 0)}\n\n");
            text.Append(isOne ? $"{ReportText.Answer(diff.Verdict)}\n\n" : "");
            StringBuilder part = new();
            WriteSet(part, diff);
            text.Append(
                text.Length + part.Length <= MaximumLength
                    ? part
                    : part.Clear().Append($"{ReportText.Counts(diff)}. Too long for a comment.\n\n"));
        }
    }

    private static string Word(Verdict verdict, bool hasChanges) => hasChanges ? verdict.ToText() : "no change";

    private static void WriteSet(StringBuilder text, AbiDiff diff)
    {
        string accepted = diff.Suppressed.Count > 0 ? $" {diff.Suppressed.Count} accepted before." : "";
        if (diff.Changes.Count == 0)
        {
            text.Append($"Nothing{(accepted.Length > 0 ? " else" : "")} differs on {ReportText.Join(diff.Targets)}.{accepted}\n\n");
            return;
        }

        text.Append($"{ReportText.Counts(diff)}.{accepted}\n\n");
        WriteMatrix(text, diff);
        WriteTable(text, diff);
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
        text.Append("| Verdict | Change | Where | What happened |\n|---|---|---|---|\n");
        int rows = 0;
        foreach (AbiChange change in diff.Changes)
        {
            if (rows++ == MaximumRows)
            {
                text.Append($"| | | | and {diff.Changes.Count - MaximumRows} more, below |\n");
                break;
            }

            text.Append($"| {change.Verdict.ToText()} | {Code(change.Symbol)} | {Code(ReportText.Place(change))} | {WhatHappened(diff, change)} |\n");
        }
    }

    private static string WhatHappened(AbiDiff diff, AbiChange change)
    {
        string transition = ReportText.Transition(change);
        string only = ReportText.OnlyOn(diff, change);
        return change.Rule.Title
            + (only.Length > 0 ? $" **{only}**" : "")
            + (transition.Length > 0 ? $": {Code(transition)}" : "")
            + Follows(change)
            + (change.Judgement.Condition.Length > 0 && !ReportText.IsGraver(change) ? $". Safe if {change.Judgement.Condition}" : "");
    }

    // Whoever reads "break" in a row wants to know what breaks, not on which condition the first step to it were safe.
    private static string Follows(AbiChange change)
    {
        int below = ReportText.CountBelow(change);
        if (below == 0)
        {
            return "";
        }

        string count = $"; {below} more change{(below > 1 ? "s" : "")} follow{(below > 1 ? "" : "s")}";
        if (!ReportText.IsGraver(change))
        {
            return count;
        }

        AbiChange worst = ReportText.Gravest(change);
        string transition = ReportText.Transition(worst);
        return $"{count}, among them {worst.Judgement.Level.ToText()}: {Code(worst.Symbol)} "
            + $"{worst.Rule.Title}{(transition.Length > 0 ? $" {Code(transition)}" : "")}";
    }

    private static string WriteDetails(AbiDiff diff)
    {
        if (diff.Changes.Count == 0)
        {
            return "";
        }

        StringBuilder text = new();
        text.Append($"\n<details><summary>Details of {diff.Set}: what follows, whom it reaches, what to do</summary>\n\n");
        foreach (AbiChange change in diff.Changes)
        {
            WriteChange(text, diff, change, "");
        }

        return text.Append("\n</details>\n").ToString();
    }

    private static void WriteChange(StringBuilder text, AbiDiff diff, AbiChange change, string indent)
    {
        string only = ReportText.OnlyOn(diff, change);
        text.Append(
            $"{indent}- {change.Judgement.Level.ToText()} {change.Rule.Id} {Code(change.Symbol)} "
                + $"{change.Rule.Title}{(only.Length > 0 ? $", {only}" : "")}");
        string transition = ReportText.Transition(change);
        text.Append(transition.Length > 0 ? $": {Code(transition)}" : "");
        text.Append(change.Judgement.Condition.Length > 0 ? $"; safe if {change.Judgement.Condition}\n" : "\n");
        if (indent.Length == 0)
        {
            text.Append($"  - {ReportText.Directions(change)}\n  - {change.Rule.Remedy}\n");
            text.Append(change.Location.Header.Length > 0 ? $"  - {Code(ReportText.Place(change))}\n" : "");
            text.Append(change.Reach.Count > 0 ? $"  - {ReportText.Join(change.Reach)}\n" : "");
            text.Append(change.Consequences.Count > 0 ? "  - from this follows:\n" : "");
            indent = "  ";
        }

        foreach (AbiChange consequence in change.Consequences)
        {
            WriteChange(text, diff, consequence, indent + "  ");
        }
    }

    private static string WriteMaps(AbiDiff diff)
    {
        if (diff.Layouts.Count == 0)
        {
            return "";
        }

        StringBuilder text = new();
        text.Append($"\n<details><summary>Layouts of {diff.Set} before and after</summary>\n");
        foreach (LayoutChange layout in diff.Layouts)
        {
            string only = layout.Targets.Count < diff.Targets.Count ? $" on {ReportText.Join(layout.Targets)}" : "";
            text.Append($"\n{Code(layout.Name)}{only}: {layout.Before.SizeBytes} -> {layout.After.SizeBytes} bytes\n\n");
            text.Append("| byte | before | after |\n|---:|---|---|\n");
            foreach (FieldMapRow row in FieldMap.Shortened(layout))
            {
                text.Append(row.Hidden > 0
                    ? $"| ... | {row.Hidden} more | same |\n"
                    : $"| {row.Place} | {Code(row.Before)} | {(row.IsSame ? "same" : Code(row.After))} |\n");
            }
        }

        return text.Append("\n</details>\n").ToString();
    }

    // What a header says is data: it ends neither the code nor the cell it stands in.
    private static string Code(string text)
    {
        if (text.Length == 0)
        {
            return "";
        }

        string shown = text.Length > MaximumCell ? text[..MaximumCell] + "..." : text;
        return $"`{shown.Replace('`', '\'').Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ")}`";
    }
}
