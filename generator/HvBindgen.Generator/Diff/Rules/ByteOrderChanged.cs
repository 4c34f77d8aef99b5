using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1027: the type of a field names another byte order.</summary>
internal sealed class ByteOrderChanged : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1027",
        "byte order changed",
        Verdict.Conditional,
        "The name of the type promises another byte order. Either the old name was a mistake, or every value is read backwards.",
        "Show that the bytes were in this order all along; otherwise add a new member.");

    protected override FieldFate Fate => FieldFate.Retyped;

    protected override bool Applies(FieldChange change) => change.Relation == TypeRelation.ByteOrder;

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.If("the bytes have always been in the order that the new type names");
}
