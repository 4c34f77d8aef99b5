using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1008: field has another type of the same size.</summary>
internal sealed class FieldRetyped : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1008",
        "field has another type of the same size",
        Verdict.Break,
        "The same bytes mean something else. A number that became an enum or a pointer may still hold the same values; anything "
        + "else does not.",
        "Make sure that every old value keeps its meaning, or add a new member and leave this one alone.");

    protected override FieldFate Fate => FieldFate.Retyped;

    protected override bool Applies(FieldChange change) =>
        change.Relation is TypeRelation.SameBytes or TypeRelation.Reinterpreted or TypeRelation.Different;

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        change.Relation == TypeRelation.SameBytes ? Judgement.Source()
        : change.Relation == TypeRelation.Reinterpreted
            ? Judgement.If("every value has the meaning it had, read as the other type", CSharpEffects.Both)
            : Judgement.Broken();
}
