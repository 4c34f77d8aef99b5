using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3002: constant added.</summary>
internal sealed class ConstantAdded : IRule<ConstantPair>
{
    public RuleInfo Info { get; } = new(
        "HV3002",
        "constant added",
        Verdict.Additive,
        "A name that was not there before disturbs nobody.",
        "Nothing to do.")
    {
        Mirrors = ["HV3001"],
    };

    public void Compare(ConstantPair pair, Findings findings)
    {
        if (pair.IsAdded && pair.Context.Derivations.ValueBefore(pair.Name) is null)
        {
            findings.Add(Info, pair, pair.Name, "", $"{pair.After!.Value}", Judgement.Addition());
        }
    }
}
