using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1019: a member without a size is gone.</summary>
internal sealed class FlexibleArrayRemoved : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1019",
        "flexible array removed",
        Verdict.Break,
        "Programs that pass elements behind the record are no longer understood.",
        "Keep the array.")
    {
        Mirrors = ["HV1018"],
    };

    protected override FieldFate Fate => FieldFate.FlexibleRemoved;

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.Broken();
}
