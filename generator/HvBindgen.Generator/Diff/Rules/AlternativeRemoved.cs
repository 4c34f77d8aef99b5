using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1025: union lost an alternative.</summary>
internal sealed class AlternativeRemoved : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1025",
        "union lost an alternative",
        Verdict.Break,
        "Programs that use the alternative no longer compile, and the kernel may no longer understand those that were compiled.",
        "Keep the alternative.")
    {
        Mirrors = ["HV1024"],
    };

    protected override FieldFate Fate => FieldFate.AlternativeRemoved;

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.Broken();
}
