using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV2003: an enum that shares its enumerators has another name.</summary>
internal sealed class EnumRenamed : IRule<EnumPair>
{
    public RuleInfo Info { get; } = new(
        "HV2003",
        "enum renamed",
        Verdict.SourceBreak,
        "Enumerators are found without their enum, so only sources that name the type itself no longer compile.",
        "Keep the old name as a typedef.");

    public void Compare(EnumPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiEnum old, out AbiEnum now) && (old.Name != now.Name || (old.Name.Length > 0 && old.HasTag != now.HasTag)))
        {
            bool hadName = old.Name.Length > 0;
            findings.Add(
                Info, pair, pair.Name, old.CName, now.CName, hadName ? Judgement.Source() : Judgement.Harmless(CSharpEffects.Source));
        }
    }
}
