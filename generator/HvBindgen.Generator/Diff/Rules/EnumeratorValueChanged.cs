using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV2006: enumerator has another value.</summary>
internal sealed class EnumeratorValueChanged : ValueRule
{
    public override RuleInfo Info { get; } = new(
        "HV2006",
        "enumerator has another value",
        Verdict.Break,
        "The value is compiled into every program: old ones send the old one, which now means something else or nothing.",
        "Give enumerators explicit values and append new ones.");

    protected override bool IsForConstants => false;

    protected override Judgement? Judge(ValueChange change, string name, bool isHigher) => ConstantValueChanged.JudgementOf(change, name);
}
