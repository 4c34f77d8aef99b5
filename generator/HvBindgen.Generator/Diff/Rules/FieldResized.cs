using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1009: a field has another width.</summary>
internal sealed class FieldResized : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1009",
        "field resized",
        Verdict.Break,
        "Old programs and the kernel disagree on how many bits belong to the member, and on everything behind it.",
        "Keep the width. Put what no longer fits into a new member at the end or in reserved bits.");

    protected override FieldFate Fate => FieldFate.Resized;

    // The declaration is the same: it is the type's own change that shows here, and its cause is reported there.
    protected override ChangeRole RoleOf(RecordPair pair, FieldChange change) =>
        change.Before!.WidthBits != change.After!.WidthBits && (change.IsDerived || pair.BoundSources(change.After).Count > 0)
            ? ChangeRole.Consequence
            : ChangeRole.Cause;

    protected override string DescribeBefore(FieldChange change) => change.Before!.DescribeWidth();

    protected override string DescribeAfter(FieldChange change) => change.After!.DescribeWidth();

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        RoleOf(pair, change) == ChangeRole.Consequence
            ? Judgement.If("programs and kernel agree on the size of what it is made of")
            : Judgement.Broken();
}
