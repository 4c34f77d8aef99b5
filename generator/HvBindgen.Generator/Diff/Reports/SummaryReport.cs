using System.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Reports;

/// <summary>The report on one screen: what somebody must decide on in a line each, all else as numbers.</summary>
public static class SummaryReport
{
    /// <summary>Longest report, in lines, that is shown in full instead.</summary>
    public const int MaximumFullLines = 60;

    private const int MaximumChanges = 12;
    private const int MaximumRows = 40;
    private const int MaximumNames = 40;
    private const int Width = 120;

    /// <summary>Writes the summary, or the whole report where that is short.</summary>
    /// <param name="comparison">The answer.</param>
    /// <param name="paint">Puts colour around a verdict's word; null for none.</param>
    /// <returns>Lines ending in line feeds.</returns>
    public static string Write(AbiComparison comparison, Func<Verdict, string, string>? paint = null)
    {
        string full = TextReport.Write(comparison, paint: paint);
        return full.AsSpan().Count('\n') <= MaximumFullLines ? full : Shorten(comparison, paint);
    }

    private static string Shorten(AbiComparison comparison, Func<Verdict, string, string>? paint)
    {
        StringBuilder text = new();
        TextReport.WriteNotes(text, comparison, paint);
        ReportHead head = new(comparison);
        TextReport.WriteHead(text, comparison, head, paint);
        AbiDiff[] decided =
            [.. head.Changed.Where(diff => head.IsOne || (diff.Verdict > Verdict.Additive && diff.Presence != SetPresence.Gone))];
        int rows = 0;
        AbiDiff[] told = [.. decided.TakeWhile(diff => (rows += Math.Min(DecidedIn(diff).Length, MaximumChanges)) <= MaximumRows)];
        foreach (AbiDiff diff in told.Length > 0 ? told : decided.Take(1))
        {
            WriteSet(text, diff, paint);
        }

        WriteWords(
            text, "not shown here",
            [.. decided.Skip(Math.Max(told.Length, 1)).Select(diff => $"{diff.Set} {DecidedIn(diff).Length} {diff.Verdict.ToText()}")]);

        AbiDiff[] rest = [.. head.Changed.Except(decided)];
        if (head.IsOne)
        {
            WriteNames(text, head.Changed[0].Changes);
        }
        else
        {
            WriteLists(text, rest);
        }

        text.Append("\nwhat follows from each change, on which condition it is safe, layouts: --details\n");
        return TextReport.WithSuggestion(text, comparison);
    }

    private static void WriteLists(StringBuilder text, AbiDiff[] rest)
    {
        WriteList(text, "gone as a whole", rest.Where(diff => diff.Presence == SetPresence.Gone));
        WriteList(text, "new as a whole", rest.Where(diff => diff.Presence == SetPresence.New));
        WriteList(text, "additive", rest.Where(diff => diff is { Presence: SetPresence.Both, Verdict: Verdict.Additive }));
        WriteList(text, "without effect", rest.Where(diff => diff is { Presence: SetPresence.Both, Verdict: Verdict.None }));
    }

    // Of one set alone, what is new is told by name.
    private static void WriteNames(StringBuilder text, EquatableArray<AbiChange> changes)
    {
        foreach (Verdict verdict in (Verdict[])[Verdict.Additive, Verdict.None])
        {
            string[] names = [.. changes.Where(change => change.Verdict == verdict).Select(change => change.Symbol)];
            WriteWords(text, verdict == Verdict.None ? "without effect" : verdict.ToText(), names);
        }
    }

    private static void WriteSet(StringBuilder text, AbiDiff diff, Func<Verdict, string, string>? paint)
    {
        text.Append($"\n{diff.Set}: {ReportText.Counts(diff)}\n");
        AbiChange[] decided = DecidedIn(diff);
        foreach (AbiChange change in decided.Take(MaximumChanges))
        {
            string word = change.Verdict.ToText();
            string only = ReportText.OnlyOn(diff, change);
            string line = $" {change.Rule.Id} {change.Symbol}: {change.Rule.Title}{(only.Length > 0 ? $" ({only})" : "")}";
            string transition = ReportText.Transition(change);
            line += transition.Length > 0 ? $": {transition}" : "";
            text.Append($"  {paint?.Invoke(change.Verdict, word) ?? word}{Cut(line)}\n");
            text.Append($"    {ReportText.Place(change)}{Follows(change)}\n");
        }

        text.Append(decided.Length > MaximumChanges ? $"  and {decided.Length - MaximumChanges} more\n" : "");
    }

    private static AbiChange[] DecidedIn(AbiDiff diff) => [.. diff.Changes.Where(change => change.Verdict > Verdict.Additive)];

    private static string Follows(AbiChange change)
    {
        int below = ReportText.CountBelow(change);
        if (below == 0)
        {
            return "";
        }

        string count = $"; {below} more follow{(below > 1 ? "" : "s")}";
        return ReportText.IsGraver(change) && ReportText.Gravest(change) is { } worst
            ? Cut($"{count}, among them {worst.Judgement.Level.ToText()}: {worst.Symbol} {worst.Rule.Title}")
            : count;
    }

    private static void WriteList(StringBuilder text, string title, IEnumerable<AbiDiff> diffs) =>
        WriteWords(text, title, [.. diffs.Select(diff => $"{diff.Set} {diff.Changes.Count}")]);

    private static void WriteWords(StringBuilder text, string title, string[] words)
    {
        if (words.Length == 0)
        {
            return;
        }

        string start = $"{title}, {words.Length}: ";
        text.Append('\n').Append(start);
        int column = start.Length;
        foreach ((string name, int index) in words.Take(MaximumNames).Select((word, index) => (word, index)))
        {
            string word = index < words.Length - 1 ? name + "," : name;
            bool isNewLine = column + word.Length + 1 > Width;
            text.Append(isNewLine ? "\n    " : index > 0 ? " " : "").Append(word);
            column = (isNewLine ? 4 : column + 1) + word.Length;
        }

        text.Append(words.Length > MaximumNames ? $" and {words.Length - MaximumNames} more\n" : "\n");
    }

    private static string Cut(string line) => line.Length <= Width ? line : line[..(Width - 3)] + "...";
}
