using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV2009: the enumerator that marks the end of the list has another value.</summary>
internal sealed class SentinelMoved : ValueRule
{
    public override RuleInfo Info { get; } = new(
        "HV2009",
        "end marker moved",
        Verdict.Additive,
        "The enumerator stands behind the last value of its list, as _MAX, NUM_ and _COUNT do, and moves with every addition; by "
        + "convention no program stores it.",
        "Nothing to do. Never pass an end marker to the kernel.");

    protected override bool IsForConstants => false;

    protected override Judgement? Judge(ValueChange change, string name, bool isHigher) => EndMarkerMoved.JudgementOf(change, isHigher);
}
