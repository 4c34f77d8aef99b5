using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV2008: enum has another integer type.</summary>
internal sealed class EnumTypeChanged : IRule<EnumPair>
{
    public RuleInfo Info { get; } = new(
        "HV2008",
        "enum has another integer type",
        Verdict.Break,
        "The compiler chose another integer for the enum: members of that type change their size or their sign.",
        "Do not add negative values, nor values beyond 32 bits, to an enum that records hold.");

    public void Compare(EnumPair pair, Findings findings)
    {
        if (!pair.HasBoth(out AbiEnum old, out AbiEnum now) || old.Underlying == now.Underlying)
        {
            return;
        }

        bool sameSize = old.Underlying.SizeBytes(pair.Context.Before.Target) == now.Underlying.SizeBytes(pair.Context.After.Target);
        Judgement judgement = sameSize
            ? Judgement.If("no value has its top bit set", CSharpEffects.Both)
            : Judgement.Broken();
        findings.Add(Info, pair, pair.Name, old.Underlying.ToC(), now.Underlying.ToC(), judgement, ChangeRole.Cause);
    }
}
