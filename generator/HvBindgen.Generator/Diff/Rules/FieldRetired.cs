using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1015: the bits of a field are reserved now.</summary>
internal sealed class FieldRetired : FieldRule
{
    private const string Condition = "the kernel takes whatever old programs write there";

    public override RuleInfo Info { get; } = new(
        "HV1015",
        "field became reserved",
        Verdict.SourceBreak,
        "The bits stay, so compiled programs go on as long as the kernel takes what they write there; headers cannot show that. Sources "
        + "that name the member no longer compile.",
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
            ? Judgement.If("no program depends on the feature any more", CSharpEffects.Both)
            : change.Before!.Type is AbiPointer
            ? Judgement.Broken()
            : change.After is null || change.Before.Name != change.After.Name
            ? Judgement.Source(Condition)
            : Judgement.If(Condition, CSharpEffects.Both);
}
