using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1021: fields were put into an anonymous record or taken out of one, in place.</summary>
internal sealed class FieldsRegrouped : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1021",
        "fields grouped by anonymous records",
        Verdict.None,
        "C names members of anonymous records as if they stood outside, so nothing changes for programs.",
        "Nothing to do.");

    protected override FieldFate Fate => FieldFate.Regrouped;

    protected override string DescribeBefore(FieldChange change) => GroupOf(change.Before!);

    protected override string DescribeAfter(FieldChange change) => $"{GroupOf(change.After!)}: {Names(change.Others)}";

    private static string GroupOf(Member member) =>
        member.Grouping.Length == 0 ? "not grouped" : $"in anonymous {member.Grouping.TrimEnd()}";

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.Harmless();
}
