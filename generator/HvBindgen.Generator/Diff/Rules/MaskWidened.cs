using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3004: mask widened.</summary>
internal sealed class MaskWidened : IRule<ConstantPair>, IRule<EnumPair>
{
    public RuleInfo Info { get; } = new(
        "HV3004",
        "mask widened",
        Verdict.Additive,
        "All old bits are still in the mask; new flags joined them. Programs must be able to ask which ones the kernel knows.",
        "Make sure that the kernel refuses bits it does not know, so that programs can probe.")
    {
        Mirrors = ["HV3003", "HV3005"],
    };

    private static Judgement Judge(ValueChange change) => change == ValueChange.Widened
        ? Judgement.Addition("the kernel refuses bits it does not know") with { CSharp = CSharpEffects.Binary }
        : Judgement.If("the bits that joined were always zero in what programs take apart with it", CSharpEffects.Binary);

    public void Compare(ConstantPair pair, Findings findings)
    {
        if (pair.Change is ValueChange.Widened or ValueChange.PerhapsWidened)
        {
            findings.Add(
                Info, pair, pair.Name, ValueChanges.Describe(pair.Before!), ValueChanges.Describe(pair.After!),
                Judge(pair.Change), ChangeRole.Consequence);
        }
    }

    public void Compare(EnumPair pair, Findings findings)
    {
        foreach (EnumeratorPair enumerator in pair.Enumerators)
        {
            if (pair.Context.Values.Of(enumerator) is var change and (ValueChange.Widened or ValueChange.PerhapsWidened))
            {
                findings.Add(
                    Info, pair, enumerator, $"{enumerator.Before!.Value}", $"{enumerator.After!.Value}",
                    Judge(change));
            }
        }
    }
}
