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
        Mirrors = ["HV3003", "HV3004", "HV3007", "HV3008"],
    };

    public void Compare(ConstantPair pair, Findings findings)
    {
        if (pair.Change is ValueChange.Other or ValueChange.Size)
        {
            findings.Add(
                Info, pair, pair.Name, ValueChanges.Describe(pair.Before!), ValueChanges.Describe(pair.After!),
                pair.Change == ValueChange.Size ? FollowsSize : Judgement.Broken(CSharpEffects.Binary), ChangeRole.Consequence);
        }
    }

    /// <summary>A value that is the size of a record is as good as the record's growth is.</summary>
    internal static Judgement FollowsSize { get; } =
        Judgement.If("the kernel takes the size that a program was compiled with", CSharpEffects.Binary);
}
