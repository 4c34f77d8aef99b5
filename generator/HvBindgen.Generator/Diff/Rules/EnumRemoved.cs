using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

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
        if (pair.IsRemoved)
        {
            findings.Add(Info, pair, pair.Name, $"{pair.Before!.Enumerators.Count} enumerators", "", Judgement.Source());
        }
    }
}
