using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV2007: an enumerator has another name and the same value.</summary>
internal sealed class EnumeratorRenamed : IRule<EnumPair>
{
    public RuleInfo Info { get; } = new(
        "HV2007",
        "enumerator renamed",
        Verdict.SourceBreak,
        "The value is the same, so compiled programs go on; sources that use the old name no longer compile.",
        "Keep the old name beside the new one.");

    public void Compare(EnumPair pair, Findings findings)
    {
        foreach (EnumeratorPair enumerator in pair.Enumerators)
        {
            if (enumerator.IsRenamed)
            {
                findings.Add(Info, pair, pair.SymbolOf(enumerator.Name), enumerator.Before!.Name, enumerator.After!.Name, Judgement.Source());
            }
        }
    }
}
