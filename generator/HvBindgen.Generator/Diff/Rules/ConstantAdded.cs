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
        // #define X X beside an enumerator X is no declaration of its own.
        if (pair.IsAdded && pair.Context.Derivations.ValueBefore(pair.Name) is null
            && !pair.Context.Derivations.After(pair.Name).Contains(pair.Name))
        {
            findings.Add(Info, pair, pair.Name, "", $"{pair.After!.Value}", Judgement.Addition());
        }
    }
}
