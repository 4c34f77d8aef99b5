using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1029: a new field stands behind the old end of the record.</summary>
internal sealed class FieldAppended : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1029",
        "field appended",
        Verdict.Additive,
        "The member reaches into bytes that the record did not have, behind its last one or as a longer alternative of a union, so it "
        + "moves none. That the record grew is what counts.",
        "See HV1010.")
    {
        Mirrors = ["HV1031"],
    };

    protected override FieldFate Fate => FieldFate.Appended;

    protected override ChangeRole Role => ChangeRole.Consequence;

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.Addition();
}
