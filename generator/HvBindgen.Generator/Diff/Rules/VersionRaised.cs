using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3008: a constant that counts versions has a later one.</summary>
internal sealed class VersionRaised : IRule<ConstantPair>, IRule<EnumPair>
{
    public RuleInfo Info { get; } = new(
        "HV3008",
        "version raised",
        Verdict.Additive,
        "The headers describe a later version of the interface. Programs that compare it with what the kernel reports must accept "
        + "other versions than their own; those that do not were wrong before.",
        "Nothing to do, if the kernel goes on serving programs of the old version.")
    {
        Mirrors = ["HV3003", "HV3008"],
    };

    private static Judgement OfVersion =>
        Judgement.Addition("the kernel serves programs of the old version") with { CSharp = CSharpEffects.Binary };

    public void Compare(ConstantPair pair, Findings findings)
    {
        if (pair.Change == ValueChange.Version)
        {
            findings.Add(
                Info, pair, pair.Name, ValueChanges.Describe(pair.Before!), ValueChanges.Describe(pair.After!),
                OfVersion, ChangeRole.Consequence);
        }
    }

    public void Compare(EnumPair pair, Findings findings)
    {
        foreach (EnumeratorPair enumerator in pair.Enumerators)
        {
            if (pair.Context.Values.Of(enumerator) == ValueChange.Version)
            {
                findings.Add(Info, pair, enumerator, $"{enumerator.Before!.Value}", $"{enumerator.After!.Value}", OfVersion);
            }
        }
    }
}
