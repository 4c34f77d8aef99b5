using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3003: constant has another value.</summary>
internal sealed class ConstantValueChanged : IRule<ConstantPair>
{
    public RuleInfo Info { get; } = new(
        "HV3003",
        "constant has another value",
        Verdict.Break,
        "The value is compiled into every program: old ones send the old one, which now means something else or nothing.",
        "Add a new macro and leave this one alone.")
    {
        Mirrors = ["HV3003", "HV3007"],
    };

    public void Compare(ConstantPair pair, Findings findings)
    {
        if (ValueChanges.Of(pair) == ValueChange.Other)
        {
            findings.Add(
                Info, pair, pair.Name, ValueChanges.Describe(pair.Before!), ValueChanges.Describe(pair.After!),
                Judgement.Broken(CSharpEffects.Binary), ChangeRole.Consequence);
        }
    }
}
