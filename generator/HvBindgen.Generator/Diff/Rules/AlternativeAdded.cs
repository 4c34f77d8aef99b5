using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1024: union got another alternative.</summary>
internal sealed class AlternativeAdded : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1024",
        "union got another alternative",
        Verdict.Additive,
        "The union keeps its size and its alternatives; one more way to read it disturbs nobody.",
        "Nothing to do, if some member says which alternative holds.")
    {
        Mirrors = ["HV1025"],
    };

    protected override FieldFate Fate => FieldFate.AlternativeAdded;

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        change.Others.Count == 0
            ? Judgement.Addition()
            : Judgement.If(
                "the kernel has always refused nonzero values in the reserved bits that it spans, and zero keeps the old behaviour");
}
