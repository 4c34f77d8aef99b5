using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3011: a macro without a value is new.</summary>
internal sealed class MacroAdded : IRule<MacroPair>
{
    public RuleInfo Info { get; } = new(
        "HV3011",
        "macro added",
        Verdict.Additive,
        "A name that was not there before disturbs nobody.",
        "Nothing to do.")
    {
        Mirrors = ["HV3010"],
    };

    public void Compare(MacroPair pair, Findings findings)
    {
        if (pair.IsAdded)
        {
            bool isMarker = pair.After!.Digest.Length == 0;
            findings.Add(
                Info, pair, pair.Name, "", $"{pair.Name}{pair.After.Parameters}", isMarker ? Judgement.Harmless() : Judgement.Addition());
        }
    }
}
