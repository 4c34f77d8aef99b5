using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3009: a new constant took the value of one that is gone.</summary>
internal sealed class ConstantRenamed : IRule<ConstantPair>
{
    public RuleInfo Info { get; } = new(
        "HV3009",
        "value of a constant has another name",
        Verdict.Conditional,
        "Where only the name changed, compiled programs go on and sources that use the old name no longer compile. Where the value "
        + "was given to something else, old programs ask for one thing and get another; headers cannot show which.",
        "Keep the old name beside the new one; never give a value away.");

    public void Compare(ConstantPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiConstant old, out AbiConstant now) && old.Name != now.Name)
        {
            findings.Add(
                Info, pair, pair.Name, old.Name, now.Name,
                Judgement.If("only the name changed: the value means what it meant", CSharpEffects.Both));
        }
    }
}
