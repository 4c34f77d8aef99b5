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
        if (JudgementOf(pair.Change, pair.Name) is { } judgement)
        {
            findings.Add(
                Info, pair, pair.Name, ValueChanges.Describe(pair.Before!), ValueChanges.Describe(pair.After!), judgement,
                ChangeRole.Consequence);
        }
    }

    /// <summary>The verdict on a value that is compiled into programs; null where another rule tells of it.</summary>
    internal static Judgement? JudgementOf(ValueChange change, string name) => change switch
    {
        ValueChange.Other => Judgement.Broken(CSharpEffects.Binary),
        ValueChange.Size => FollowsSize,
        ValueChange.LimitRaised => RaisesLimit,
        ValueChange.VersionFloor => RaisesFloor,
        ValueChange.Unsent => Judgement.If(UnsentValues.ReasonOf(name)!, CSharpEffects.Binary),
        _ => null,
    };

    /// <summary>A value that is the size of a record is as good as the record's growth is.</summary>
    private static Judgement FollowsSize { get; } =
        Judgement.If("the kernel takes the size that a program was compiled with", CSharpEffects.Binary);

    private static Judgement RaisesLimit { get; } =
        Judgement.If("it is a limit, and no program sizes by it what the kernel fills", CSharpEffects.Binary);

    private static Judgement RaisesFloor { get; } =
        Judgement.If("nothing of the versions that are no longer served is in use", CSharpEffects.Binary);
}
