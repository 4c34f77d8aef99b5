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
    private const int MaximumNames = 16;
    private const int MinimumAlike = 3;
    private const int MaximumCauses = 5;
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
        WriteGaps(text, comparison);
        AbiDiff[] decided =
            [.. head.Changed.Where(diff => head.IsOne || (diff.Verdict > Verdict.Additive && diff.Presence != SetPresence.Gone))];
        int rows = 0;
        AbiDiff[] told = [.. decided.TakeWhile(diff => (rows += Math.Min(Rows(diff).Count, MaximumChanges)) <= MaximumRows)];
        text.Append(decided.Length > 0 ? "\n" : "");
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

        text.Append(comparison.Unjudged.Count > 1
            ? "\nwhat follows from each change, on which condition it is safe, layouts, what was not judged: --details\n"
            : "\nwhat follows from each change, on which condition it is safe, layouts: --details\n");
        return TextReport.WithSuggestion(text, comparison);
    }

    // Why is told once for all that share it.
    private static void WriteGaps(StringBuilder text, AbiComparison comparison)
    {
        if (comparison.Unjudged.Count == 1)
        {
            text.Append($"not judged: {ReportText.NameOf(comparison.Unjudged[0])}: {comparison.Unjudged[0].Reason}\n");
        }
        else
        {
            string[] causes = [.. ReportText.CausesOf(comparison.Unjudged).Select(cause => $"{cause.Count()} {cause.Key}")];
            WriteWords(text, $"not judged in full, {comparison.Unjudged.Count}: ", causes, MaximumCauses, "; ");
        }

        foreach (string lost in comparison.Lost.Take(MaximumCauses))
        {
            text.Append($"lost: {Cut(lost)}\n");
        }

        int more = comparison.Lost.Count - MaximumCauses;
        text.Append(more > 0 ? $"lost: {more} more\n" : "");
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
        text.Append($"{diff.Set}: {ReportText.Counts(diff)}\n");
        foreach (AbiChange[] alike in Rows(diff).Take(MaximumChanges))
        {
            WriteRow(text, diff, alike, paint);
        }

        int more = Rows(diff).Skip(MaximumChanges).Sum(alike => alike.Length);
        text.Append(more > 0 ? $"  and {more} more\n" : "");
    }

    private static void WriteRow(StringBuilder text, AbiDiff diff, AbiChange[] alike, Func<Verdict, string, string>? paint)
    {
        AbiChange first = alike[0];
        string word = first.Verdict.ToText();
        string only = ReportText.OnlyOn(diff, first);
        string what = $"{first.Rule.Title}{(only.Length > 0 ? $" ({only})" : "")}{Follows(alike)}";
        string line = alike.Length < MinimumAlike
            ? $" {first.Rule.Id} {first.Symbol}: {what}"
            : $" {first.Rule.Id} {alike.Length} times {what}: {ReportText.Join(alike.Select(change => change.Symbol))}";
        string transition = alike.Length < MinimumAlike ? ReportText.Transition(first) : "";
        line += transition.Length > 0 ? $": {transition}" : "";
        text.Append($"  {PlaceIn(diff, first)} {paint?.Invoke(first.Verdict, word) ?? word}{Cut(line)}\n");
        if (alike.Length < MinimumAlike && ReportText.IsGraver(first) && ReportText.Gravest(first) is var worst)
        {
            text.Append(Cut($"    among them {worst.Judgement.Level.ToText()}: {worst.Symbol} {worst.Rule.Title}")).Append('\n');
        }
    }

    // Many of one kind, as the macros of a header that is gone, are one row; what stands alone or beside one other is its own.
    private static List<AbiChange[]> Rows(AbiDiff diff)
    {
        List<AbiChange[]> rows = [];
        foreach (IGrouping<(Verdict, string, EquatableArray<string>), AbiChange> alike in DecidedIn(diff)
            .GroupBy(change => (change.Verdict, change.Rule.Id, change.Targets)))
        {
            AbiChange[] all = [.. alike];
            rows.AddRange(
                all.Length >= MinimumAlike && alike.Key.Item1 < Verdict.Break ? [all] : all.Select(change => (AbiChange[])[change]));
        }

        return rows;
    }

    // A set of one header has its name: the line is enough.
    private static string PlaceIn(AbiDiff diff, AbiChange change)
    {
        string place = ReportText.Place(change);
        return place.StartsWith($"{diff.Set}:", StringComparison.Ordinal) ? place[(diff.Set.Length + 1)..]
            : change.IsGone && change.Location.Header == diff.Set && change.Location.Line > 0 ? $"was at {change.Location.Line}"
            : place;
    }

    private static AbiChange[] DecidedIn(AbiDiff diff) => [.. diff.Changes.Where(change => change.Verdict > Verdict.Additive)];

    private static string Follows(AbiChange[] alike)
    {
        int below = alike.Sum(ReportText.CountBelow);
        return below == 0 ? "" : $"; {below} more follow{(below > 1 ? "" : "s")}";
    }

    private static void WriteList(StringBuilder text, string title, IEnumerable<AbiDiff> diffs) =>
        WriteWords(text, title, [.. diffs.Select(diff => $"{diff.Set} {diff.Changes.Count}")]);

    private static void WriteWords(StringBuilder text, string title, string[] words)
    {
        text.Append(words.Length > 0 ? "\n" : "");
        WriteWords(text, $"{title}, {words.Length}: ", words, MaximumNames, ", ");
    }

    private static void WriteWords(StringBuilder text, string start, string[] words, int most, string comma)
    {
        if (words.Length == 0)
        {
            return;
        }

        text.Append(start);
        int column = start.Length;
        foreach ((string name, int index) in words.Take(most).Select((word, index) => (word, index)))
        {
            string word = index < words.Length - 1 ? name + comma.TrimEnd() : name;
            bool isNewLine = column + word.Length + 1 > Width;
            text.Append(isNewLine ? "\n    " : index > 0 ? " " : "").Append(word);
            column = (isNewLine ? 4 : column + 1) + word.Length;
        }

        text.Append(words.Length > most ? $" and {words.Length - most} more\n" : "\n");
    }

    private static string Cut(string line) => line.Length <= Width ? line : line[..(Width - 3)] + "...";
}
