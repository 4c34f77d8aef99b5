using HvBindgen.Generator.Output;

namespace HvBindgen.Generator.Diff.Reports;

/// <summary>The whole result as JSON; <c>headers/abi-diff.schema.json</c> describes it.</summary>
public static class JsonReport
{
    /// <summary>Version of the format; it rises with every incompatible change.</summary>
    public const int Schema = 1;

    /// <summary>Writes the report.</summary>
    /// <param name="comparison">The answer.</param>
    /// <returns>JSON ending in a line feed.</returns>
    public static string Write(AbiComparison comparison) => JsonText.Write(
        new ReportDocument(
            Schema,
            SideOf(comparison, comparison.Sides?.Before),
            SideOf(comparison, comparison.Sides?.After),
            comparison.Verdict.ToText(),
            [.. comparison.Notes],
            comparison.RuleChanges.Count > 0 ? comparison.RuleChanges : null,
            comparison.Suggestion is { } suggestion
                ? new SuggestionDocument(
                    suggestion.Next.ToString(), suggestion.Step.ToString().ToLowerInvariant(), suggestion.ChangelogEntry)
                : null,
            [.. comparison.Unjudged.Select(left => new UnjudgedDocument(left.Set, left.Targets, left.Reason))],
            [.. comparison.Lost],
            comparison.SameHeaders,
            [.. comparison.Sets.Select(diff => SetOf(diff, comparison.News))]),
        ReportJsonContext.Text.ReportDocument);

    // Without being asked for, a report says the same on every machine.
    private static SideDocument? SideOf(AbiComparison comparison, ComparedSide? side) =>
        side is null ? null : new SideDocument(side.Name, side.Origin, comparison.ShowsEvidence ? side.Reader : "");

    private static SetDocument SetOf(AbiDiff diff, IReadOnlyList<NewFinding> news) => new(
        diff.Set,
        diff.Presence.ToString().ToLowerInvariant(),
        diff.Verdict.ToText(),
        diff.Targets.ToDictionary(target => target, target => diff.VerdictOn(target).ToText()),
        ChangesOf(diff.Changes),
        ChangesOf(diff.Suppressed),
        [.. diff.Layouts.Select(LayoutOf)],
        [
            .. news.Where(finding => finding.Set == diff.Set).Select(finding => new NewDocument(
                finding.Rule, finding.Title, finding.Severity, finding.Symbol, finding.Message, finding.Location.Header,
                finding.Location.Line, [.. finding.Targets])),
        ]);

    private static ChangeDocument[] ChangesOf(IEnumerable<AbiChange> changes) => [.. changes.Select(change => new ChangeDocument(
        change.Rule.Id,
        change.Rule.Title,
        change.Symbol,
        change.Verdict.ToText(),
        change.Judgement.Level.ToText(),
        change.Judgement.OldProgram.ToText(),
        change.Judgement.NewProgram.ToText(),
        change.Judgement.CSharp.HasFlag(CSharpEffects.Source),
        change.Judgement.CSharp.HasFlag(CSharpEffects.Binary),
        change.Judgement.Condition,
        change.Before,
        change.After,
        change.Location.Header,
        change.Location.Line,
        change.IsGone,
        change.OldLocation?.Header ?? "",
        change.OldLocation?.Line ?? 0,
        [.. change.Targets],
        [.. change.Reach],
        [.. change.AlsoIn],
        ChangesOf(change.Consequences)))];

    private static LayoutDocument LayoutOf(LayoutChange layout) => new(
        layout.Name,
        [.. layout.Targets],
        layout.Before.SizeBytes,
        layout.After.SizeBytes,
        [.. FieldMap.Of(layout).Select(row => new LayoutRowDocument(row.StartBits, row.Before, row.After))]);
}
