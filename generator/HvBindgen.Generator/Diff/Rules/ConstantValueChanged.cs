using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3003: constant has another value.</summary>
internal sealed class ConstantValueChanged : ValueRule
{
    public override RuleInfo Info { get; } = new(
        "HV3003",
        "constant has another value",
        Verdict.Break,
        "The value is compiled into every program: old ones send the old one, which now means something else or nothing.",
        "Add a new macro and leave this one alone.")
    {
        Mirrors = ["HV3003", "HV3004", "HV3007", "HV3008"],
    };

    protected override bool IsForEnumerators => false;

    protected override Judgement? Judge(ValueChange change, string name, bool isHigher) => JudgementOf(change, name);

    /// <summary>The verdict on a value that is compiled into programs; null where another rule tells of it.</summary>
    internal static Judgement? JudgementOf(ValueChange change, string name) => change switch
    {
        ValueChange.Other => Judgement.Broken(CSharpEffects.Binary),

        // A value that is the size of a record is as good as the record's growth is.
        ValueChange.Size => Judgement.If("the kernel takes the size that a program was compiled with", CSharpEffects.Binary),
        ValueChange.LimitRaised =>
            Judgement.If("it is a limit, and no program sizes by it what the kernel fills", CSharpEffects.Binary),
        ValueChange.VersionFloor => Judgement.If("nothing of the versions that are no longer served is in use", CSharpEffects.Binary),
        ValueChange.Unsent => Judgement.If(UnsentValues.ReasonOf(name)!, CSharpEffects.Binary),
        _ => null,
    };
}
