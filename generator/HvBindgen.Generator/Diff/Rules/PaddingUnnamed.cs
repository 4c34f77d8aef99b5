using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1035: reserved member dropped for padding.</summary>
internal sealed class PaddingUnnamed : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1035",
        "reserved member dropped for padding",
        Verdict.SourceBreak,
        "The bits stay where they are, but no name keeps them zero any more: they can never be used safely again.",
        "Keep the reserved member.")
    {
        Mirrors = ["HV1034"],
    };

    protected override FieldFate Fate => FieldFate.PaddingUnnamed;

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.Source("the bits are never given a meaning");
}
