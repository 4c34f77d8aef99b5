using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV2010: enumerators with the same values are listed in another order.</summary>
internal sealed class EnumeratorsReordered : IRule<EnumPair>
{
    public RuleInfo Info { get; } = new(
        "HV2010",
        "enumerators in another order",
        Verdict.None,
        "All names keep their values; only the text changed.",
        "Nothing to do.");

    public void Compare(EnumPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiEnum old, out AbiEnum now) && pair.Enumerators.Count == 0 && old.Enumerators != now.Enumerators)
        {
            findings.Add(Info, pair, pair.Name, old.Enumerators[0].Name, now.Enumerators[0].Name, Judgement.Harmless());
        }
    }
}
