using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3001: constant removed.</summary>
internal sealed class ConstantRemoved : IRule<ConstantPair>
{
    public RuleInfo Info { get; } = new(
        "HV3001",
        "constant removed",
        Verdict.SourceBreak,
        "Sources that use the macro no longer compile; compiled programs go on sending its value.",
        "Keep the macro.")
    {
        Mirrors = ["HV3002"],
    };

    public void Compare(ConstantPair pair, Findings findings)
    {
        if (pair.IsRemoved && pair.Context.Derivations.ValueAfter(pair.Name) is null
            && !pair.Context.Derivations.Before(pair.Name).Contains(pair.Name))
        {
            findings.Add(Info, pair, pair.Name, $"{pair.Before!.Value}", "", Judgement.Source("the kernel still understands the value"));
        }
    }
}
