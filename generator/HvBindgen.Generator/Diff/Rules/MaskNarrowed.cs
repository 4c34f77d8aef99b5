using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3005: mask lost bits.</summary>
internal sealed class MaskNarrowed : IRule<ConstantPair>, IRule<EnumPair>
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
        if (pair.Change == ValueChange.Narrowed)
        {
            findings.Add(
                Info, pair, pair.Name, ValueChanges.Describe(pair.Before!), ValueChanges.Describe(pair.After!),
                Judgement.Broken(CSharpEffects.Binary), ChangeRole.Consequence);
        }
    }

    public void Compare(EnumPair pair, Findings findings)
    {
        foreach (EnumeratorPair enumerator in pair.Enumerators)
        {
            if (pair.Context.Values.Of(enumerator) == ValueChange.Narrowed)
            {
                findings.Add(
                    Info, pair, enumerator, $"{enumerator.Before!.Value}", $"{enumerator.After!.Value}",
                    Judgement.Broken(CSharpEffects.Binary));
            }
        }
    }
}
