using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1030: fields that both sides have stand in another order.</summary>
internal sealed class FieldsReordered : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1030",
        "fields in another order",
        Verdict.Break,
        "Members changed places. If they also changed their offsets, each side reads what the other wrote elsewhere; if not, "
        + "only initialisers without names notice.",
        "Keep the order.");

    protected override FieldFate Fate => FieldFate.Reordered;

    // Which of them moved is a matter of direction; that their order differs is a fact about the record.
    protected override string MemberOf(FieldChange change) => "";

    protected override string DescribeBefore(FieldChange change) => "";

    protected override string DescribeAfter(FieldChange change) => $"now behind others: {Names(change.Others)}";

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        pair.Has(FieldFate.Moved) ? Judgement.Broken(CSharpEffects.None) : Judgement.Harmless();
}
