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
        "Place and type are the same, so compiled programs go on; sources that use the old name no longer compile. A bit that was "
        + "given to another feature looks the same: old programs ask for one thing and get another.",
        "Offer both names in an anonymous union, or accept the break and say so in the changelog.");

    protected override FieldFate Fate => FieldFate.Renamed;

    protected override ChangeRole Role => ChangeRole.Fact;

    // A bit is a flag: whether another name means another flag, headers cannot show.
    protected override Judgement Judge(RecordPair pair, FieldChange change) => change.After!.IsBitField
        ? Judgement.If("only the name changed: the bits mean what they meant", CSharpEffects.Both)
        : Judgement.Source();
}
