using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1031: a field is gone with the end of the record.</summary>
internal sealed class FieldTruncated : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1031",
        "field cut off",
        Verdict.Break,
        "The record ends before the member: old programs pass it, and the kernel no longer looks.",
        "Keep the member.")
    {
        Mirrors = ["HV1029"],
    };

    protected override FieldFate Fate => FieldFate.Truncated;

    protected override ChangeRole Role => ChangeRole.Consequence;

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.Broken();
}
