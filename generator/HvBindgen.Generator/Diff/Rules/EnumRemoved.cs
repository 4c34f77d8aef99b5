using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV2001: enum removed.</summary>
internal sealed class EnumRemoved : IRule<EnumPair>
{
    public RuleInfo Info { get; } = new(
        "HV2001",
        "enum removed",
        Verdict.SourceBreak,
        "Sources that use its names no longer compile; values in compiled programs may no longer be understood.",
        "Keep the enum.")
    {
        Mirrors = ["HV2002"],
    };

    public void Compare(EnumPair pair, Findings findings)
    {
        if (pair.IsRemoved && !GoesOnAsMacros(pair))
        {
            findings.Add(Info, pair, pair.Name, $"{pair.Before!.Enumerators.Count} enumerators", "", Judgement.Source());
        }
    }

    // An enum without a name is its enumerators: where all of them go on as macros nothing is gone.
    private static bool GoesOnAsMacros(EnumPair pair)
    {
        bool isGone = pair.Before!.Name.Length > 0;
        foreach (AbiEnumerator enumerator in pair.Before.Enumerators)
        {
            isGone |= pair.Context.Derivations.ValueAfter(enumerator.Name) is null;
        }

        return !isGone;
    }
}
