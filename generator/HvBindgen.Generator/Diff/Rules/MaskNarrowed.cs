using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3005: mask lost bits.</summary>
internal sealed class MaskNarrowed : IRule<ConstantPair>
{
    public RuleInfo Info { get; } = new(
        "HV3005",
        "mask lost bits",
        Verdict.Break,
        "Flags that programs set today are refused tomorrow.",
        "Keep the bits; the kernel may ignore them.")
    {
        Mirrors = ["HV3004", "HV3005"],
    };

    public void Compare(ConstantPair pair, Findings findings)
    {
        if (ValueChanges.Of(pair) == ValueChange.Narrowed)
        {
            findings.Add(
                Info, pair, pair.Name, ValueChanges.Describe(pair.Before!), ValueChanges.Describe(pair.After!),
                Judgement.Broken(CSharpEffects.Binary), ChangeRole.Consequence);
        }
    }
}
