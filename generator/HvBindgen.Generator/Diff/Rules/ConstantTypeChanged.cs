using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3006: a constant has the same value in another C type.</summary>
internal sealed class ConstantTypeChanged : IRule<ConstantPair>
{
    public RuleInfo Info { get; } = new(
        "HV3006",
        "constant has another type",
        Verdict.None,
        "The value is the same, so every program sends what it sent. C computes with another type, and a C# constant has one: code "
        + "that states it may need a cast.",
        "Nothing to do for C; say it to users of the C#.");

    public void Compare(ConstantPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiConstant old, out AbiConstant now) && !old.Type.Equals(now.Type)
            && (old.Value.Equals(now.Value) || ValueChanges.HaveSameBits(old, now)))
        {
            findings.Add(Info, pair, pair.Name, $"{old.Type}", $"{now.Type}", Judgement.Harmless(CSharpEffects.Source));
        }
    }
}
