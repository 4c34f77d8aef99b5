using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1015: the bits of a field are reserved now.</summary>
internal sealed class FieldRetired : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1015",
        "field became reserved",
        Verdict.Break,
        "Programs that set the member are ignored or refused now, and sources that name it no longer compile.",
        "Keep the name; the kernel may ignore the member. In the hypervisor's feature banks bits are retired as a matter of "
        + "routine.")
    {
        Mirrors = ["HV1014"],
    };

    protected override FieldFate Fate => FieldFate.Retired;

    protected override string DescribeBefore(FieldChange change) => change.Before!.DescribeWidth();

    protected override string DescribeAfter(FieldChange change) =>
        change.After is null ? Names(change.Others) : change.After!.DescribeWidth();

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        pair.Policy == DiffPolicy.Hypervisor
            ? Judgement.If("no program depends on the feature any more", CSharpEffects.Source | CSharpEffects.Binary)
            : Judgement.Broken();
}
