using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1033: a reserved member has another name, type or division.</summary>
internal sealed class ReservedRelabelled : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1033",
        "reserved member renamed or divided",
        Verdict.SourceBreak,
        "The bits stay reserved, so compiled programs go on; sources that clear the member by name no longer compile.",
        "Keep the name, or accept the break and say so in the changelog.");

    protected override FieldFate Fate => FieldFate.Relabelled;

    protected override string DescribeAfter(FieldChange change) =>
        change.Others.Count > 1 ? Names(change.Others) : base.DescribeAfter(change);

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        pair.Policy == DiffPolicy.Hypervisor ? Judgement.Harmless(CSharpEffects.Both) : Judgement.Source();
}
