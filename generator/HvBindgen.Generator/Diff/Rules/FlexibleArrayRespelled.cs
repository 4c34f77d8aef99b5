using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1020: a trailing array of one or no element became flexible, or the reverse.</summary>
internal sealed class FlexibleArrayRespelled : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1020",
        "trailing array spelled otherwise",
        Verdict.Conditional,
        "[1] to [] shortens sizeof by one element, and with it the number of every request that takes the record; [0] to [] "
        + "keeps C programs whole, but C++ programs that embed the record no longer compile.",
        "Keep sizeof by a union of both forms, or let the driver take both sizes.");

    protected override FieldFate Fate => FieldFate.FlexibleRespelled;

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.If(
            "programs that count with sizeof use the new headers, and no C++ program embeds the record",
            CSharpEffects.Both);
}
