using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1037: an anonymous record got a name, or lost it.</summary>
internal sealed class AnonymousRecordNamed : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1037",
        "anonymous record named",
        Verdict.SourceBreak,
        "The bytes are the same, so compiled programs go on. Sources name the members with the record's name before them, or without: "
        + "what compiled before does not.",
        "Offer both in an anonymous union, as __struct_group does.");

    protected override FieldFate Fate => FieldFate.Enclosed;

    protected override string DescribeBefore(FieldChange change) =>
        change.Before is null ? Names(change.Others) : base.DescribeBefore(change);

    protected override string DescribeAfter(FieldChange change) => change.After is null ? Names(change.Others) : base.DescribeAfter(change);

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.Source();
}
