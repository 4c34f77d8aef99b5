using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1023: several fields became one over the same bits.</summary>
internal sealed class FieldsJoined : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1023",
        "fields joined",
        Verdict.SourceBreak,
        "One member spans bits that were several. Old programs still write them one by one, and sources that name the parts no longer "
        + "compile.",
        "Show that the whole means what the parts meant together.")
    {
        Mirrors = ["HV1022"],
    };

    protected override FieldFate Fate => FieldFate.Joined;

    protected override string DescribeBefore(FieldChange change) =>
        change.Before is null ? Names(change.Others) : $"{change.Before.Describe()}, {Names(change.Others)}";

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.If("the whole means what the parts meant together", CSharpEffects.Both) with { Level = Verdict.SourceBreak };
}
