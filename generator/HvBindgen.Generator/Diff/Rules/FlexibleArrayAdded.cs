using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1018: a member without a size was added.</summary>
internal sealed class FlexibleArrayAdded : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1018",
        "flexible array appended",
        Verdict.Additive,
        "The record keeps its size; what follows it in memory got a name.",
        "Nothing to do, if some member says how many elements there are.")
    {
        Mirrors = ["HV1019"],
    };

    protected override FieldFate Fate => FieldFate.FlexibleAdded;

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.Addition();
}
