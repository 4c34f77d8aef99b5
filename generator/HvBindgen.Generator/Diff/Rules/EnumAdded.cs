using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV2002: enum added.</summary>
internal sealed class EnumAdded : IRule<EnumPair>
{
    public RuleInfo Info { get; } = new(
        "HV2002",
        "enum added",
        Verdict.Additive,
        "Names that were not there before disturb nobody.",
        "Nothing to do.")
    {
        Mirrors = ["HV2001"],
    };

    public void Compare(EnumPair pair, Findings findings)
    {
        if (pair.IsAdded && !IsOfKnownNames(pair))
        {
            findings.Add(Info, pair, pair.Name, "", $"{pair.After!.Enumerators.Count} enumerators", Judgement.Addition());
        }
    }

    // An enum without a name is its enumerators: where all of them were there before, in another one or as macros, nothing is new.
    private static bool IsOfKnownNames(EnumPair pair) => pair.After!.Name.Length == 0
        && pair.After.Enumerators.All(enumerator => pair.Context.Derivations.ValueBefore(enumerator.Name) is not null);
}
