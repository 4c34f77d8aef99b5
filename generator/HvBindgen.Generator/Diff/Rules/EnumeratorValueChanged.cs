using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV2006: enumerator has another value.</summary>
internal sealed class EnumeratorValueChanged : IRule<EnumPair>
{
    public RuleInfo Info { get; } = new(
        "HV2006",
        "enumerator has another value",
        Verdict.Break,
        "The value is compiled into every program: old ones send the old one, which now means something else or nothing.",
        "Give enumerators explicit values and append new ones.");

    public void Compare(EnumPair pair, Findings findings)
    {
        foreach (EnumeratorPair enumerator in pair.Enumerators)
        {
            if (ConstantValueChanged.JudgementOf(pair.Context.Values.Of(enumerator), enumerator.Name) is { } judgement)
            {
                findings.Add(
                    Info, pair, enumerator, $"{enumerator.Before!.Value}", $"{enumerator.After!.Value}", judgement);
            }
        }
    }
}
