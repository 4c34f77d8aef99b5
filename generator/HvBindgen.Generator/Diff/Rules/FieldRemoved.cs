using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1006: field removed.</summary>
internal sealed class FieldRemoved : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1006",
        "field removed",
        Verdict.Break,
        "Old programs still write to the place of the member and expect an answer there.",
        "Keep the member; say in the documentation that it is ignored, or rename it to reserved.")
    {
        Mirrors = ["HV1005", "HV1016", "HV1017"],
    };

    protected override FieldFate Fate => FieldFate.Removed;

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.Broken();
}
