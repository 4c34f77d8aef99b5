using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1028: a field has another name for the same type.</summary>
internal sealed class TypeRespelled : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1028",
        "type spelled otherwise",
        Verdict.None,
        "Another name for the same representation on this target. On other targets it may be another size: they are compared "
        + "too.",
        "Nothing to do, if all targets say the same. Prefer types of fixed width.");

    protected override FieldFate Fate => FieldFate.Retyped;

    protected override bool Applies(FieldChange change) => change.Relation == TypeRelation.Alias;

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.Harmless(
            change is { Before: { } old, After: { } now }
            && pair.Context.Types.DifferInCSharp(old.Type, now.Type)
                ? CSharpEffects.Both
                : CSharpEffects.None);
}
