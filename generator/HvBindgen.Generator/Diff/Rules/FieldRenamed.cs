using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1007: a field has another name in the same place.</summary>
internal sealed class FieldRenamed : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1007",
        "field renamed",
        Verdict.SourceBreak,
        "Place and type are the same, so compiled programs go on; sources that use the old name no longer compile.",
        "Offer both names in an anonymous union, or accept the break and say so in the changelog.");

    protected override FieldFate Fate => FieldFate.Renamed;

    protected override ChangeRole Role => ChangeRole.Fact;

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.Source();
}
