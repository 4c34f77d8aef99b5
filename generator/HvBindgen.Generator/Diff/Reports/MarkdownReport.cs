using System.Text;
using HvBindgen.Generator.Model;
using static HvBindgen.Generator.Diff.Reports.MarkdownText;

namespace HvBindgen.Generator.Diff.Reports;

/// <summary>The report as a comment on a pull request: the answer first, one line for each cause, everything else folded away.</summary>
public static class MarkdownReport
{
    /// <summary>First line of every comment; whoever updates a comment finds it by this.</summary>
    public const string Marker = "<!-- hvbindgen-abi-diff -->";

    /// <summary>Longest report in characters. GitHub refuses comments above 65536; whoever posts this may add some lines.</summary>
    public const int MaximumLength = 60_000;

    // Sentences about what is left out: a few names of bounded length.
    private const int MaximumLeft = 7_000;
    private const int MaximumRows = 30;

    /// <summary>Writes the report. Folded parts that would make it too long are left out, and it says so.</summary>
    /// <param name="comparison">The answer.</param>
    /// <returns>Markdown ending in a line feed, never longer than <paramref name="maximum"/>.</returns>
    /// <param name="maximum">Longest report, in characters; less than <see cref="MaximumLength"/> where something is put behind it.</param>
    public static string Write(AbiComparison comparison, int maximum = MaximumLength)
    {
        StringBuilder text = new();
        string suggestion = SuggestionOf(comparison, maximum / 4);

        // What is said of what is left out needs room too.
        int room = maximum - suggestion.Length - MaximumLeft;
        ReportHead head = new(comparison);
        WriteAnswer(text, comparison, head, room);
        List<string> left = [];
        foreach (AbiDiff diff in head.Changed)
        {
            AddPart(text, WriteDetails(comparison, diff), $"details of {Code(diff.Set)}", left, room);
            AddPart(text, WriteMaps(diff), $"layouts of {Code(diff.Set)}", left, room);
        }

        if (left.Count > 0)
        {
            string names = ReportText.Some(EquatableArray.From(left));
            text.Append($"\nToo long for a comment, so left out: {names}. Other forms of the report have them.\n");
        }

        return Bounded(text.Append(suggestion).ToString(), maximum);
    }

    // The last resort: what stands at the top is of bounded number, but names and reasons may be as long as somebody likes.
    private static string Bounded(string text, int maximum)
    {
        const string Cut = "\n\nToo long for a comment: other forms of the report have the rest.\n";
        return text.Length <= maximum ? text : text[..Math.Max(text.LastIndexOf('\n', maximum - Cut.Length), 0)] + Cut;
    }

    private static string SuggestionOf(AbiComparison comparison, int most)
    {
        if (comparison.Suggestion is not { } suggestion)
        {
            return "";
        }

        string entry = suggestion.ChangelogEntry;
        if (entry.Length > most)
        {
            int end = entry.LastIndexOf('\n', most);
            entry = $"{entry[..Math.Max(end, 0)]}\n\nToo long for a comment; other forms of the report have all of it.\n";
        }

        return $"\n<details><summary>{ReportText.NextVersion(suggestion)}</summary>\n\n{entry}\n</details>\n";
    }

    private static void AddPart(StringBuilder text, string part, string name, List<string> left, int room)
    {
        if (text.Length + part.Length > room)
        {
            left.Add(name);
            return;
        }

        text.Append(part);
    }

    private static void WriteAnswer(StringBuilder text, AbiComparison comparison, ReportHead head, int room)
    {
        bool isOne = head.IsOne && comparison.RuleChanges.Count == 0;
        text.Append($"{Marker}\n### ABI{(isOne ? $" of {Code(comparison.Sets[0].Set)}" : "")}: {WordOf(head)}\n\n");
        text.Append(comparison.Unjudged.Count > 0 && head.Changed.Count == 0 ? "" : $"{ReportText.Answer(comparison.Verdict)}\n\n");
        if (comparison.Sides is var (before, after))
        {
            text.Append($"{Code(before.ToString())} -> {Code(after.ToString())}\n\n");
        }

        text.Append(isOne ? "" : $"{head.Counts()}.\n\n");
        if (comparison.RuleChanges.Count > 0)
        {
            text.Append(
                "**The rules of this comparison differ.** What follows is judged by those of before, and says nothing of what they do not "
                    + "see:\n\n");
            WriteItems(text, [.. comparison.RuleChanges.Select(Code)]);
        }

        if (comparison.Unjudged.Count > 0)
        {
            text.Append("**Not judged**, which is no statement that nothing changed there:\n\n");
            WriteItems(
                text,
                [
                    .. ReportText.CausesOf(comparison.Unjudged).Select(cause => cause.ToArray() is [var only]
                        ? $"{Code(ReportText.NameOf(only))}: {Code(only.Reason)}"
                        : $"{cause.Count()} for {Code(cause.Key)}: "
                            + ReportText.Some(EquatableArray.From([.. cause.Select(left => Code(ReportText.NameOf(left)))]))),
                ]);
        }

        if (comparison.Lost.Count > 0)
        {
            text.Append("**Lost on the way**, so that it may only look removed:\n\n");
            WriteItems(text, [.. comparison.Lost.Select(Code)]);
        }

        foreach (string note in comparison.Notes.Take(MaximumRows))
        {
            text.Append($"{Code(note)}\n\n");
        }

        List<string> left = [];
        foreach (AbiDiff diff in head.IsOne ? comparison.Sets : head.Changed)
        {
            StringBuilder part = new();
            part.Append(isOne ? "" : $"#### ABI of {Code(diff.Set)}: {diff.Verdict.ToText()}\n\n");
            WriteSet(part, diff);
            if (text.Length + part.Length <= room)
            {
                text.Append(part);
            }
            else
            {
                left.Add($"{Code(diff.Set)} {ReportText.Counts(diff)}");
            }
        }

        if (left.Count > 0)
        {
            text.Append($"Too long for a comment, {left.Count} more: {ReportText.Some(EquatableArray.From(left))}.\n\n");
        }
    }

    private static void WriteItems(StringBuilder text, string[] items)
    {
        text.Append(string.Concat(items.Take(MaximumRows).Select(item => $"- {item}\n")));
        text.Append(items.Length > MaximumRows ? $"- and {items.Length - MaximumRows} more\n\n" : "\n");
    }

    private static string WordOf(ReportHead head) => head.Word == ReportHead.NoChange ? "no change" : head.Word;

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

            text.Append($"| {change.Verdict.ToText()} | {Cell(change.Symbol)} | {Cell(ReportText.Place(change))} | ")
                .Append($"{WhatHappened(diff, change)} |\n");
        }
    }

    private static string WhatHappened(AbiDiff diff, AbiChange change)
    {
        string transition = ReportText.Transition(change);
        string only = ReportText.OnlyOn(diff, change);
        return change.Rule.Title
            + (only.Length > 0 ? $" **{only}**" : "")
            + (transition.Length > 0 ? $": {Cell(transition)}" : "")
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
        return $"{count}, among them {worst.Judgement.Level.ToText()}: {Cell(worst.Symbol)} "
            + $"{worst.Rule.Title}{(transition.Length > 0 ? $" {Cell(transition)}" : "")}";
    }

    private static string WriteDetails(AbiComparison comparison, AbiDiff diff)
    {
        if (diff.Changes.Count == 0)
        {
            return "";
        }

        StringBuilder text = new();
        text.Append($"\n<details><summary>Details of {Element(diff.Set)}: what follows, whom it reaches, what to do</summary>\n\n");
        foreach (AbiChange change in diff.Changes)
        {
            WriteChange(text, comparison, diff, change, "");
        }

        return text.Append("\n</details>\n").ToString();
    }

    private static void WriteChange(StringBuilder text, AbiComparison comparison, AbiDiff diff, AbiChange change, string indent)
    {
        string only = ReportText.OnlyOn(diff, change);
        text.Append(
            $"{indent}- {change.Judgement.Level.ToText()} {change.Rule.Id} {Code(change.Symbol)} "
                + $"{change.Rule.Title}{(only.Length > 0 ? $", {only}" : "")}");
        string transition = ReportText.Transition(change);
        text.Append(transition.Length > 0 ? $": {Code(transition)}" : "");
        text.Append(change.Judgement.Condition.Length > 0 ? $"; safe if {change.Judgement.Condition}\n" : "\n");
        text.Append(comparison.ShowsEvidence ? $"{indent}  - {Code(ReportText.Evidence(comparison, change))}\n" : "");
        if (indent.Length == 0)
        {
            text.Append($"  - {ReportText.Directions(change)}\n  - {change.Rule.Remedy}\n");
            text.Append(change.Location.Header.Length > 0 ? $"  - {Code(ReportText.Place(change))}\n" : "");
            text.Append(change.Reach.Count > 0 ? $"  - {ReportText.Join(change.Reach)}\n" : "");
            text.Append(change.AlsoIn.Count > 0 ? $"  - also in {Code(ReportText.Some(change.AlsoIn))}\n" : "");
            text.Append(change.Consequences.Count > 0 ? "  - from this follows:\n" : "");
            indent = "  ";
        }

        foreach (AbiChange consequence in change.Consequences)
        {
            WriteChange(text, comparison, diff, consequence, indent + "  ");
        }
    }

    private static string WriteMaps(AbiDiff diff)
    {
        if (diff.Layouts.Count == 0)
        {
            return "";
        }

        StringBuilder text = new();
        text.Append($"\n<details><summary>Layouts of {Element(diff.Set)} before and after</summary>\n");
        foreach (LayoutChange layout in diff.Layouts)
        {
            string only = layout.Targets.Count < diff.Targets.Count ? $" on {ReportText.Join(layout.Targets)}" : "";
            text.Append($"\n{Code(layout.Name)}{only}: {layout.Before.SizeBytes} -> {layout.After.SizeBytes} bytes\n\n");
            text.Append("| byte | before | after |\n|---:|---|---|\n");
            foreach (FieldMapRow row in FieldMap.Shortened(layout))
            {
                text.Append(row.Hidden > 0
                    ? $"| ... | {row.Hidden} more | same |\n"
                    : $"| {row.Place} | {Cell(row.Before)} | {(row.IsSame ? "same" : Cell(row.After))} |\n");
            }
        }

        return text.Append("\n</details>\n").ToString();
    }
}
