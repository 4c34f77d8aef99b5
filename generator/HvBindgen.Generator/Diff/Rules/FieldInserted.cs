using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1005: a new field stands in the place of others.</summary>
internal sealed class FieldInserted : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1005",
        "field inserted",
        Verdict.Break,
        "The new member stands where others were: they have to give way, and old programs write one thing where the kernel "
        + "reads another.",
        "Append the member at the end, or use reserved bits for it.")
    {
        Mirrors = ["HV1006"],
    };

    protected override FieldFate Fate => FieldFate.Inserted;

    // By order, not by offset: it is one insertion on all targets, wherever padding puts it.
    protected override string DescribeAfter(FieldChange change) => change.Others is [var next, ..]
        ? $"{change.After!.DescribeType()}, before {next.Name}"
        : base.DescribeAfter(change);

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.Broken(CSharpEffects.None);
}
