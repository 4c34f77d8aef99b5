using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1032: another field stands where this one was.</summary>
internal sealed class FieldReplaced : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1032",
        "field replaced",
        Verdict.Break,
        "Another member took the place: old programs write one thing and the kernel reads another.",
        "Add the new member elsewhere and keep the old one.");

    protected override FieldFate Fate => FieldFate.Replaced;

    protected override string DescribeBefore(FieldChange change) => $"{change.Before!.Name}: {change.Before.Describe()}";

    protected override string DescribeAfter(FieldChange change) => $"{change.After!.Name}: {change.After.Describe()}";

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.Broken();
}
