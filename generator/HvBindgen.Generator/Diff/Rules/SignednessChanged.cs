using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1026: a field became signed or unsigned.</summary>
internal sealed class SignednessChanged : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1026",
        "signedness changed",
        Verdict.Conditional,
        "Values with the top bit set mean something else: comparisons and conversions to wider types differ.",
        "Show that no such value is ever passed, or keep the type.");

    protected override FieldFate Fate => FieldFate.Retyped;

    protected override bool Applies(FieldChange change) => change.Relation == TypeRelation.Signedness;

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.If(
            "no value has its top bit set",
            change is { Before: { } old, After: { } now } && !pair.Context.Types.DifferInCSharp(old.Type, now.Type)
                ? CSharpEffects.None
                : CSharpEffects.Both);
}
